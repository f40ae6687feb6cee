"""What is watched."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bot.domain.posts import Post
from bot.domain.troubles import AccountMissing, DeliveryTrouble, WatchTrouble
from bot.domain.users import User

POSTS_A_SERVER = 200
"""How many posts a server may watch unless the settings say otherwise."""


class WatchKind(StrEnum):
    """What a watch can announce, given what X shows of the post."""

    PENDING = "pending"  # X has not been asked yet
    NAMES = "names"  # likers are visible
    COUNTS = "counts"  # X hides who likes the post: growth is announced
    STALLED = "stalled"  # X lists nobody new though the count rises: growth is announced


@dataclass(frozen=True, slots=True)
class Watch:
    """A watched post in a guild's channel; `trouble` is for its admins to know, or None.

    `shows_names` says whether names are to be expected. Before its likers were read for the first
    time, that begins within `starts_within` minutes. Discord refused `set_aside` announcements for
    good.
    """

    id: int
    guild_id: int
    channel_id: int
    post: Post
    kind: WatchKind
    likes_announced: int
    created_at: datetime
    trouble: WatchTrouble | None = None
    unlikes: bool = False
    expires_at: datetime | None = None
    shows_names: bool = True
    set_aside: int = 0
    starts_within: int | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a watch is expected to cost in US dollars: its first reading, and all of `days`.

    `new_likes` are those that are expected in these days. `unlikes_usd` is the most that it costs,
    of all, to see which likes were taken back.
    """

    first_usd: Decimal
    usd: Decimal
    days: int
    new_likes: int
    unlikes_usd: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class WatchRequest:
    """A post that a member wants watched: `ref` is its address or ID.

    Without a channel it is the one that the guild chose. `unlikes` None leaves it as it is for a
    watch that is there already.
    """

    guild_id: int
    channel_id: int | None
    ref: str
    by: int
    unlikes: bool | None = None


@dataclass(frozen=True, slots=True)
class WatchAdded:
    """A watch that goes on now; `of_repost`: a repost was asked for, and this is the original."""

    watch: Watch
    forecast: Forecast
    already_there: bool = False
    of_repost: bool = False


@dataclass(frozen=True, slots=True)
class WatchQuestion:
    """A watch that costs more than the guild wants without being asked."""

    post: Post
    channel_id: int
    forecast: Forecast
    ask_above_usd: Decimal
    unlikes: bool | None = None


@dataclass(frozen=True, slots=True)
class AccountWatch:
    """An account whose new posts are watched as they appear, each for so many `days`.

    `posts_watched` are those that are watched now.
    """

    id: int
    guild_id: int
    channel_id: int
    user: User
    days: int
    replies: bool
    reposts: bool
    posts_watched: int
    created_at: datetime
    trouble: AccountMissing | DeliveryTrouble | None = None


@dataclass(frozen=True, slots=True)
class AccountWatchRequest:
    """An account whose new posts a member wants watched; `ref` is its name or address."""

    guild_id: int
    channel_id: int | None
    ref: str
    by: int
    days: int
    replies: bool = False
    reposts: bool = False


@dataclass(frozen=True, slots=True)
class AccountForecast:
    """What watching an account's new posts is expected to cost in US dollars, in so many `days`.

    So many `posts` are expected, each with so many `likes`: as far as these are known, as many as
    the account has had so far. Each costs `post_usd`: `count_usd` a day for its count, `liker_usd`
    for each liker, which is nothing where X hides them.
    """

    post_usd: Decimal
    usd: Decimal
    days: int
    posts: int
    likes: int
    count_usd: Decimal
    liker_usd: Decimal
    posts_are_known: bool = True
    likes_are_known: bool = True


@dataclass(frozen=True, slots=True)
class AccountWatchAdded:
    watch: AccountWatch
    forecast: AccountForecast
    by_name: bool
    already_there: bool = False


@dataclass(frozen=True, slots=True)
class AccountWatchQuestion:
    """A watch of an account that costs more than the guild wants without being asked.

    `channel_id` of the `request` is where it is to be announced, `ref` the bare username.
    """

    request: AccountWatchRequest
    user: User
    forecast: AccountForecast
    ask_above_usd: Decimal


@dataclass(frozen=True, slots=True)
class WatchChoice:
    """A line of the autocomplete over a guild's watches, of posts or of accounts."""

    watch_id: int
    label: str
    channel_id: int = 0
    post_id: int = 0
    account: bool = False

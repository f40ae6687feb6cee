"""What is watched."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bot.domain.new_posts import ORIGINALS, PostFilter
from bot.domain.posts import Post
from bot.domain.styles import WatchStyle
from bot.domain.troubles import AccountMissing, DeliveryTrouble, WatchTrouble
from bot.domain.users import User
from bot.domain.when import USUAL, When

POSTS_A_SERVER = 200
"""How many posts a server may watch unless the settings say otherwise."""


class WatchKind(StrEnum):
    """What a watch can announce, given what X shows of the post."""

    PENDING = "pending"  # X has not been asked yet
    NAMES = "names"  # likers are visible
    COUNTS = "counts"  # X hides who likes the post: growth is announced
    STALLED = "stalled"  # X lists nobody new though the count rises: growth is announced


@dataclass(frozen=True, slots=True)
class Mention:
    """A role that is mentioned with what a watch announces, at most every so many seconds."""

    role_id: int
    every_s: int = 0


@dataclass(frozen=True, slots=True)
class LikerFilter:
    """Whom a watch names; the others are counted."""

    only_verified: bool = False
    least_followers: int = 0

    def has(self, user: User) -> bool:
        followers = user.counts.followers if user.counts else 0
        return (user.is_verified or not self.only_verified) and followers >= self.least_followers


EVERYBODY_NAMED = LikerFilter()


@dataclass(frozen=True, slots=True)
class Telling:
    """In which words a watch tells, of which goal, and whom it names."""

    template: str | None = None
    goal: int | None = None
    named: LikerFilter = EVERYBODY_NAMED


@dataclass(frozen=True, slots=True)
class Watch:
    """A watched post in a guild's channel; `trouble` is for its admins to know, or None.

    `shows_names` says whether names are to be expected. Before its likers were read for the first
    time, that begins within `starts_within` minutes. Discord refused `set_aside` announcements for
    good. Managers call it by its `label`, and have paused it at `resting_since`. It tells in its
    own `style`, `when` that wants to be chosen, or else in its server's.
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
    label: str | None = None
    resting_since: datetime | None = None
    style: WatchStyle | None = None
    when: When = USUAL
    mention: Mention | None = None
    named: LikerFilter = EVERYBODY_NAMED
    template: str | None = None
    publishes: bool = False


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
    label: str | None = None
    resting_since: datetime | None = None
    wanted: PostFilter = ORIGINALS
    announces: bool = False
    mention: Mention | None = None


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


@dataclass(frozen=True, slots=True)
class WatchRef:
    """One of a guild's watches, of a post or of an account."""

    id: int
    account: bool = False


@dataclass(frozen=True, slots=True)
class WatchChanges:
    """What a watch of a post is to be from now on."""

    channel_id: int
    style: WatchStyle | None
    when: When
    label: str | None
    unlikes: bool
    publishes: bool = False


@dataclass(frozen=True, slots=True)
class PastAnnouncement:
    """What a watch told once: of so many likes, or of something beside them."""

    at: datetime
    likes: int
    is_told: bool
    taken_back: bool = False
    is_notice: bool = False


@dataclass(frozen=True, slots=True)
class WatchHistory:
    """A watch, who added it, and what it told last."""

    watch: Watch
    created_by: int
    last: tuple[PastAnnouncement, ...]
    waiting: int

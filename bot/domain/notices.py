"""What is told of beside likes. These are facts: the cards make sentences of them."""

from dataclasses import dataclass
from decimal import Decimal

from bot.domain.troubles import AccountMissing, DeliveryTrouble, PostMissing
from bot.domain.watches import WatchKind


@dataclass(frozen=True, slots=True)
class PostShown:
    """X shows a post again."""


@dataclass(frozen=True, slots=True)
class LikersHidden:
    """X no longer shows who likes a post: from here on, counts are announced."""


@dataclass(frozen=True, slots=True)
class ListStalled:
    """X's list of a post's likers shows nobody new: from here on, counts are announced."""


@dataclass(frozen=True, slots=True)
class AccountShown:
    """X shows again what an account posts."""

    username: str


@dataclass(frozen=True, slots=True)
class BudgetWarning:
    """A server's budget for a month is nearly spent."""

    spent_usd: Decimal
    budget_usd: Decimal


@dataclass(frozen=True, slots=True)
class ServerBudgetSpent:
    """What is left of a server's budget for a month does not pay for looking any more."""

    spent_usd: Decimal
    budget_usd: Decimal


@dataclass(frozen=True, slots=True)
class BotBudgetSpent:
    """What is left of the whole bot's budget for a month is not for looking for likes."""


@dataclass(frozen=True, slots=True)
class LikesTooDear:
    """To read who so many likes are from costs more than what is left of a month's budget.

    It is the server's own budget, or the whole bot's.
    """

    likes: int
    of_server: bool


@dataclass(frozen=True, slots=True)
class ChannelClosed:
    """What is watched cannot be announced in its channel."""

    channel_id: int
    why: DeliveryTrouble


@dataclass(frozen=True, slots=True)
class KeysNotAccepted:
    """X does not accept the keys that the bot itself reads with."""


@dataclass(frozen=True, slots=True)
class WatchesFull:
    """A server watches as many `posts` as it may, so new ones of accounts are not watched."""

    posts: int


@dataclass(frozen=True, slots=True)
class AnnouncementRefused:
    """Discord refused an announcement in every form, with this code for why.

    It was of so many `likes`; of none when it was a notice. `channel_id` is where it was to go.
    """

    likes: int
    code: int | None = None
    channel_id: int | None = None


@dataclass(frozen=True, slots=True)
class WatchEnded:
    """A watch has ended by itself after so many `days`.

    It announced `named` likes by name and `counted` as growth, of `likes` that X counts; X hides
    who gave `hidden` of them.
    """

    days: int
    named: int
    likes: int
    kind: WatchKind
    hidden: int = 0
    post_shown: bool = True
    counted: int = 0


Notice = (
    PostMissing
    | PostShown
    | LikersHidden
    | ListStalled
    | AccountMissing
    | AccountShown
    | BudgetWarning
    | ServerBudgetSpent
    | BotBudgetSpent
    | LikesTooDear
    | ChannelClosed
    | KeysNotAccepted
    | WatchesFull
    | AnnouncementRefused
    | WatchEnded
)

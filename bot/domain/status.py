"""How the bot stands."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bot.domain.notices import LikesTooDear
from bot.domain.push_status import PushStatus
from bot.domain.usage import MonthSoFar


@dataclass(frozen=True, slots=True)
class Allowance:
    """What X still allows on an endpoint until `resets_at`."""

    endpoint: str
    limit: int
    remaining: int
    resets_at: datetime


@dataclass(frozen=True, slots=True)
class Ability:
    """An endpoint that X allowed or refused when it was last tried.

    `problem` is the type of problem that X named; a refusal is `confirmed` by a second one.
    """

    allowed: bool
    tried_at: datetime
    problem: str = ""
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Abilities:
    """What X lets the bot's own account do; None where nothing has been tried yet.

    `likers_of_others` says whether X has shown who likes posts of accounts that are not linked.
    """

    likers: Ability | None = None
    likers_of_others: bool | None = None
    liking: Ability | None = None


class VerdictKind(StrEnum):
    """What X does not accept, or does not show, any more; and channels that are shut to the bot."""

    OWN_KEYS = "own_keys"
    APP_KEY = "app_key"
    LINKED_ACCOUNTS = "linked_accounts"
    POSTS = "posts"
    ACCOUNTS = "accounts"
    CHANNELS = "channels"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What X was found not to accept or to show, by more than one look, since the first of them."""

    kind: VerdictKind
    since: datetime
    count: int = 1


@dataclass(frozen=True, slots=True)
class Status:
    """How the bot stands in one guild: watches and, in one of the operator's, all the rest.

    `month` is of the guild; `spent_today_usd`, `spent_month_usd` and `budget_usd` of the whole bot.
    So many `likes_waiting` are counted and not yet read by name; where a window of X's is used up,
    the last of them opens again at `likers_again_at`; what is `too_dear` waits for money. So many
    announcements are `waiting` to be sent, and Discord refused `set_aside` for good. It announces
    in `channels`, of which some may be shut. X `refused` so many endpoints to any account.
    """

    watches: int
    posts_watched: int
    waiting: int
    announced_today: int
    last_probe_at: datetime | None
    month: MonthSoFar
    is_home: bool = False
    account: str | None = None
    app_only: bool = False
    allowances: tuple[Allowance, ...] = ()
    spent_today_usd: Decimal = Decimal(0)
    spent_month_usd: Decimal = Decimal(0)
    budget_usd: Decimal | None = None
    abilities: Abilities = Abilities()
    verdicts: tuple[Verdict, ...] = ()
    channels: int = 0
    set_aside: int = 0
    likes_waiting: int = 0
    likers_again_at: datetime | None = None
    too_dear: LikesTooDear | None = None
    problem: str | None = None
    push: PushStatus | None = None
    refused: int = 0

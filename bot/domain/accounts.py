"""Members' own X accounts, and what was done with accounts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Member:
    """A Discord member who links an account, by the names that a page shows."""

    id: int
    name: str
    guild_name: str
    guild_id: int
    handle: str = ""


@dataclass(frozen=True, slots=True)
class LinkStart:
    """How a member can link: an address for the browser, X's PIN page, or both.

    `key` names the request, to wait for its end.
    """

    key: str
    browser_url: str | None
    pin_url: str | None
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Consent:
    """What the page asks before it sends a person to X."""

    member: Member
    x_url: str


@dataclass(frozen=True, slots=True)
class LinkedAccount:
    x_user_id: int
    username: str


@dataclass(frozen=True, slots=True)
class AccountStatus:
    """A member's linked account: how it is linked, and what X lets it do.

    `liking` is None until it was tried; `accepted` is False when X no longer takes its tokens.
    """

    username: str
    ways: tuple[str, ...]
    scopes: tuple[str, ...]
    linked_at: datetime
    accepted: bool
    liking: bool | None


@dataclass(frozen=True, slots=True)
class ServedGuild:
    """A server that a linked account serves, as its owner agreed."""

    guild_id: int
    agreed_at: datetime


@dataclass(frozen=True, slots=True)
class AccountUse:
    """How often a linked account was asked with for a server: for its watches, or a command."""

    guild_id: int
    purpose: str
    count: int


@dataclass(frozen=True, slots=True)
class Served:
    """Whom a linked account serves, and what it was used for in the last 30 days."""

    guilds: tuple[ServedGuild, ...] = ()
    uses: tuple[AccountUse, ...] = ()

    @property
    def guild_ids(self) -> frozenset[int]:
        served = {guild.guild_id for guild in self.guilds}
        return frozenset(served | {use.guild_id for use in self.uses})


@dataclass(frozen=True, slots=True)
class ConsentToCheck:
    """A linked account that serves a server, in which its owner may be no more."""

    x_user_id: int
    guild_id: int
    member_id: int


@dataclass(frozen=True, slots=True)
class Unlinked:
    """An account whose tokens are deleted here; whether X has confirmed that it revoked them."""

    username: str
    revoked: bool


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was deleted of a member."""

    account: str | None
    actions: int


class ActionOutcome(StrEnum):
    """What came of a like or an unlike: what X said, or why it was not asked."""

    LIKED = "liked"
    NOT_LIKED = "not_liked"
    NOT_IN_PLAN = "not_in_plan"
    READ_ONLY = "read_only"
    REFUSED = "refused"
    ACCOUNT_SUSPENDED = "account_suspended"
    CREDENTIAL_REFUSED = "credential_refused"
    POST_NOT_FOUND = "post_not_found"
    POST_NOT_SHOWN = "post_not_shown"
    RATE_LIMITED = "rate_limited"
    USAGE_CAPPED = "usage_capped"
    INVALID = "invalid"
    UNAVAILABLE = "unavailable"
    UNREADABLE = "unreadable"
    CLOCK_OFF = "clock_off"
    NO_CREDENTIAL = "no_credential"
    BUDGET_SPENT = "budget_spent"
    GUILD_BUDGET_SPENT = "guild_budget_spent"
    NOT_SERVED = "not_served"
    FAILED = "failed"  # for a reason that none of these is


@dataclass(frozen=True, slots=True)
class Action:
    """An entry of the action log: who liked or unliked what, and what came of it."""

    id: int
    at: datetime
    member_id: int
    account: str
    action: str
    post_id: int
    outcome: ActionOutcome


@dataclass(frozen=True, slots=True)
class ActionsPage:
    """A page of the action log, the newest first.

    `before` and `after` are the IDs to ask for older and newer entries with, where there are any.
    """

    actions: tuple[Action, ...]
    before: int | None = None
    after: int | None = None

"""Members' own X accounts, and what was done with accounts."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Member:
    """A Discord member who links an account, by the names that a page shows."""

    id: int
    name: str
    guild_name: str


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

    member_name: str
    guild_name: str
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
class Forgotten:
    """What was deleted of a member."""

    account: str | None
    actions: int


@dataclass(frozen=True, slots=True)
class Action:
    """An entry of the action log: who liked or unliked what, and what X said."""

    id: int
    at: datetime
    member_id: int
    account: str
    action: str
    post_id: int
    outcome: str


@dataclass(frozen=True, slots=True)
class ActionsPage:
    """A page of the action log, the newest first.

    `before` and `after` are the IDs to ask for older and newer entries with, where there are any.
    """

    actions: tuple[Action, ...]
    before: int | None = None
    after: int | None = None

"""What is exported, what it will cost, how far it is, and what came of it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bot.domain import Actor, LikersPage, Post, User
from bot.domain.files import NamedFile
from bot.services.export.table import TableFormat
from bot.services.lookup_rights import lookup_bill
from bot.x.prices import Bill

MOST_OBJECTS = 500
"""Users or posts that X's policy lets a person be given in files on a UTC day; then IDs alone."""

ASK_ABOVE_USD = Decimal(1)
"""What an export may cost without a member saying yes to it."""


class Kind(StrEnum):
    """Named after the commands."""

    LIKERS = "likers"  # the people who like a post
    LIKED = "liked"  # the posts that a user likes


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """`subject` is a post's URL or ID, or a username; the actor alone sees the file."""

    actor: Actor
    kind: Kind
    subject: str
    format: TableFormat

    @property
    def bill(self) -> Bill:
        return lookup_bill(f"/{self.kind} export", self.actor)


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """An export before it begins. What is None is not known, or not limited.

    `expected` counts the rows at most, `most_usd` what they cost at X's prices; `left_usd` is left
    of the budget, `posts_left` of X's monthly cap of posts.
    """

    request: ExportRequest
    subject: Post | User
    expected: int | None
    most_usd: Decimal | None
    left_usd: Decimal | None = None
    posts_left: int | None = None

    @property
    def key(self) -> str:
        """Return what names the subject in buttons and files: a post's ID, or a username.

        The username is the one that was asked for: whatever X calls the user is foreign text.
        """
        return str(self.subject.id) if isinstance(self.subject, Post) else self.request.subject

    @property
    def asks_first(self) -> bool:
        """Whether a member is asked before it begins: it is dear, or may not come to its end."""
        dear = self.most_usd is None or self.most_usd > ASK_ABOVE_USD
        return dear or self.passes_budget or self.passes_cap

    @property
    def passes_budget(self) -> bool:
        if self.left_usd is None or self.most_usd is None:
            return False
        return self.most_usd > self.left_usd

    @property
    def passes_cap(self) -> bool:
        if self.posts_left is None or self.expected is None:
            return False
        return self.expected > self.posts_left


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an export is; `waits_until` is when X allows its next request."""

    rows: int = 0
    waits_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Exported:
    """A finished file. `cut_short` says why it is not whole; `page` tells of likers not shown.

    The last `bare` rows of it are IDs alone.
    """

    plan: ExportPlan
    file: NamedFile
    rows: int
    cut_short: str | None = None
    page: LikersPage | None = None
    bare: int = 0

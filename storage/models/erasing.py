"""What is to go, and what must never come back."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.types import UtcDateTime, word


class ForgottenKind(StrEnum):
    USER = "user"
    POST = "post"


class ForgottenObject(SQLModel, table=True):
    """A user or a post of X that is never to be stored or named again: its ID, and nothing more.

    What a forgotten user likes is kept for a stand-in, whose ID is the negative of this row's: so
    each like is still counted once.
    """

    __tablename__ = "forgotten"
    __table_args__: ClassVar[Any] = (UniqueConstraint("kind", "x_id"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: ForgottenKind = Field(sa_type=word(ForgottenKind))
    x_id: int = Field(sa_type=BigInteger)
    at: datetime = Field(sa_type=UtcDateTime)


class LeftGuild(SQLModel, table=True):
    """A server that the bot is in no more; what is stored of it goes some days later."""

    __tablename__ = "left_guild"

    guild_id: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    left_at: datetime = Field(sa_type=UtcDateTime)


class EditReason(StrEnum):
    """Why a message is changed: X shows what it quotes no more, or somebody asked for it.

    Or its chart is behind what it says.
    """

    GONE = "gone"
    ASKED = "asked"
    BEHIND = "behind"


class MessageEdit(SQLModel, table=True):
    """A message of ours that does not say what it should any more, until Discord has changed it.

    What it says from then on is made anew of the announcements that have its `delivery_key`.
    """

    __tablename__ = "message_edit"

    message_id: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    channel_id: int = Field(sa_type=BigInteger)
    recipient_id: int | None = Field(default=None, sa_type=BigInteger)
    delivery_key: str | None = None
    reason: EditReason = Field(sa_type=word(EditReason))
    attempts: int = 0
    not_before: datetime = Field(sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)

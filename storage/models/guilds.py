"""Discord servers: their settings, and who liked what there."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Index, false
from sqlmodel import Field, SQLModel

from storage.models.announcements import AnnouncementStyle
from storage.types import RowId, UtcDateTime, word


class Guild(SQLModel, table=True):
    """A Discord server's settings: announcements go to `channel_id`, troubles to the other.

    `budget_micro_usd` is for a month, and `budget_warned` the month (its first day) in which the
    server was told that it is nearly spent. A watch that is to cost more than
    `ask_above_micro_usd` asks before it begins. Its owner may be somebody who runs the bot, or
    such a person has adopted it.

    Its watches tell in its `style`, and none of them between the minutes `quiet_from` and
    `quiet_until` of its day, in its `time_zone`. They tell in its `language`, or in that which it
    has on Discord; there, it is English where nothing is noted.
    """

    __tablename__ = "guild"

    id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    channel_id: int | None = Field(default=None, sa_type=BigInteger)
    alerts_channel_id: int | None = Field(default=None, sa_type=BigInteger)
    like_role_id: int | None = Field(default=None, sa_type=BigInteger)
    lookup_role_id: int | None = Field(default=None, sa_type=BigInteger)
    own_accounts_only: bool = False
    page_size: int | None = None
    budget_micro_usd: int | None = Field(default=None, sa_type=BigInteger)
    ask_above_micro_usd: int | None = Field(default=None, sa_type=BigInteger)
    member_budget_micro_usd: int | None = Field(default=None, sa_type=BigInteger)
    budget_warned: date | None = None
    owned_by_operator: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    adopted_by: int | None = Field(default=None, sa_type=BigInteger)
    adopted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    greeted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    style: AnnouncementStyle | None = Field(default=None, sa_type=word(AnnouncementStyle))
    time_zone: str | None = None
    quiet_from: int | None = None
    quiet_until: int | None = None
    language: str | None = None
    discord_language: str | None = None


class ToldTrouble(SQLModel, table=True):
    """A trouble that a server was told of, for as long as it lasts: it is told once.

    `kind` is a word for it, and `subject` which of several it is.
    """

    __tablename__ = "told_trouble"

    guild_id: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    kind: str = Field(primary_key=True)
    subject: int = Field(
        default=0,
        primary_key=True,
        sa_type=BigInteger,
        sa_column_kwargs={"autoincrement": False},
    )
    told_at: datetime = Field(sa_type=UtcDateTime)


class CommandScope(SQLModel, table=True):
    """A server for which commands were registered on their own, and are to be taken back."""

    __tablename__ = "command_scope"

    guild_id: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )


class ActionLog(SQLModel, table=True):
    """Who liked or unliked what, with which account; `outcome` is a word for what came of it."""

    __tablename__ = "action_log"
    __table_args__: ClassVar[Any] = (Index("ix_action_log_guild", "guild_id", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=RowId)
    at: datetime = Field(sa_type=UtcDateTime)
    guild_id: int = Field(sa_type=BigInteger)
    member_id: int = Field(sa_type=BigInteger)
    account: str
    action: str
    post_id: int = Field(sa_type=BigInteger)
    outcome: str

"""What is to be told in a channel, and what was."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Column, Index, text
from sqlmodel import Field, SQLModel

from storage.types import RowId, UtcDateTime, word


class AnnouncementKind(StrEnum):
    """What is announced; of a notice, `notice` says what it is about."""

    LIKES = "likes"
    GROWTH = "growth"
    LEFT = "left"
    NOTICE = "notice"
    POST = "post"  # a watched account's new one; `facts` are what is shown of it beside its text


class AnnouncementState(StrEnum):
    HELD = "held"  # its watch tells at moments of its own, and none has come
    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    SET_ASIDE = "set_aside"  # Discord refuses it in every form


class AnnouncementStyle(StrEnum):
    """How a watch tells: as it comes, in one card kept up to date, at round counts, at times."""

    FEED = "feed"
    CARD = "card"
    MILESTONES = "milestones"
    DIGEST = "digest"


class AnnouncementForm(StrEnum):
    """What of an announcement is sent, from the whole of it in a message with others down."""

    TOGETHER = "together"
    ALONE = "alone"
    WITHOUT_PICTURE = "without_picture"
    WITHOUT_EXCERPT = "without_excerpt"
    COUNT = "count"


class Announcement(SQLModel, table=True):
    """One card for one watch: new likers, or growth from one count to another.

    A notice may be about an account that is watched, or about no post at all. `notice` is its kind,
    and `facts` are the names and amounts that go with it; no sentence is stored.
    `delivery_key` names the Discord message that it was claimed for; those claimed together stay
    together for every further attempt, so that the same nonce always means the same message.
    One for a member alone has them as `recipient_id`, and as the channel too: their messages are in
    order as a channel's are.
    What Discord refuses is sent in a plainer `form`; `refusal` is the code of its error.
    `style` is how it is told, from when it was claimed on. A card's key is that of all that it
    tells: it is sent once, and changed for each that is claimed later.
    Where the watch is gone, `guild_id` is whose it was: what was said in a message stays known for
    as long as the post, so that it can be taken back. `watch_was` is in which words the watch told,
    whom it named and where it was going, where it had wishes of its own.
    """

    __tablename__ = "announcement"
    __table_args__: ClassVar[Any] = (
        Index(
            "ix_announcement_open",
            "channel_id",
            "id",
            sqlite_where=text("state != 'sent'"),
            postgresql_where=text("state != 'sent'"),
        ),
        Index("ix_announcement_watch", "watch_id"),
        Index("ix_announcement_account_watch", "account_watch_id"),
        Index("ix_announcement_delivery", "delivery_key"),
        Index("ix_announcement_post", "post_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=RowId)
    watch_id: int | None = Field(
        default=None, sa_type=RowId, foreign_key="watch.id", ondelete="CASCADE"
    )
    account_watch_id: int | None = Field(
        default=None, sa_type=RowId, foreign_key="account_watch.id", ondelete="CASCADE"
    )
    channel_id: int = Field(sa_type=BigInteger)
    post_id: int | None = Field(default=None, sa_type=BigInteger, foreign_key="post.id")
    kind: AnnouncementKind = Field(sa_type=word(AnnouncementKind))
    liker_ids: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    liker_count: int = 0
    from_count: int = 0
    to_count: int = 0
    state: AnnouncementState = Field(
        default=AnnouncementState.WAITING, sa_type=word(AnnouncementState)
    )
    attempts: int = 0
    created_at: datetime = Field(sa_type=UtcDateTime)
    not_before: datetime = Field(sa_type=UtcDateTime)
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    first_tried_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    delivery_key: str | None = None
    notice: str | None = None
    facts: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True), nullable=True)
    )
    form: AnnouncementForm = Field(
        default=AnnouncementForm.TOGETHER,
        sa_column=Column(
            word(AnnouncementForm), nullable=False, server_default=AnnouncementForm.TOGETHER.value
        ),
    )
    refusal: int | None = None
    guild_id: int | None = Field(default=None, sa_type=BigInteger)
    watch_was: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True), nullable=True)
    )
    style: AnnouncementStyle | None = Field(default=None, sa_type=word(AnnouncementStyle))
    message_id: int | None = Field(default=None, sa_type=BigInteger)
    recipient_id: int | None = Field(default=None, sa_type=BigInteger)
    recipient_guild_id: int | None = Field(default=None, sa_type=BigInteger)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

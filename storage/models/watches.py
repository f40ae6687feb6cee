"""What is watched where."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Column, Index, UniqueConstraint, false, true
from sqlmodel import Field, SQLModel

from storage.models.announcements import AnnouncementStyle
from storage.models.posts import PostState
from storage.types import RowId, UtcDateTime, word


class AccountWatch(SQLModel, table=True):
    """An account whose new posts are watched as they appear, each for so many `days`.

    `since_id` is the newest post that has been seen. `trouble` is why X does not show its posts,
    since `missing_since`; `suspected` is what one look said, as of a post. Managers call it by
    its `label`, and have paused it at `resting_since`.

    It `announces` each new post that it watches, with its likes in a thread of their own where it
    `opens_threads`. Wanted are posts with one of the `words`, a line
    each, and none of the others; those with pictures or videos alone where it is `only_media`.

    A role is mentioned with what is told of its posts, as by a watch of a post; how often, they
    have together.
    """

    __tablename__ = "account_watch"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("channel_id", "x_user_id"),
        Index("ix_account_watch_guild", "guild_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=RowId)
    guild_id: int = Field(sa_type=BigInteger)
    channel_id: int = Field(sa_type=BigInteger)
    x_user_id: int = Field(sa_type=BigInteger)
    username: str
    days: int = 7
    replies: bool = False
    reposts: bool = False
    since_id: int = Field(default=0, sa_type=BigInteger)
    created_by: int = Field(sa_type=BigInteger)
    created_at: datetime = Field(sa_type=UtcDateTime)
    checked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    paused_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    trouble: str | None = None
    missing_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    suspected: PostState | None = Field(default=None, sa_type=word(PostState))
    suspected_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    label: str | None = None
    resting_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    announces: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    quotes: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    only_media: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    words: str | None = None
    without_words: str | None = None
    opens_threads: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    mention_role_id: int | None = Field(default=None, sa_type=BigInteger)
    mention_every_s: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    mentioned_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Watch(SQLModel, table=True):
    """A post watched in a channel.

    It is `paused_at` since the bot was removed from the server. `unlikes` asks for likes that are
    taken back too. One that ended by itself has `ended_at` until its summary is sent.

    Managers call it by its `label`, and have paused it at `resting_since`: until they resume it
    nothing is told, and X is not asked. They last did at `begun_again_at`, or began it anew then
    after its end. Its `style` is the server's where it has none. Told are its own `milestones` or
    the usual ones, and the `goal`; the highest so far is `reached`. A digest comes every hour, or
    at `digest_minute` of the server's day. `card_key` names the card that is kept up to date, which
    was begun at `card_at`.

    A role is mentioned, at most so often, and was at `mentioned_at`. Named are only those who are
    verified, or have so many followers; the others are counted. It tells in the words of its
    `template`, and `publishes` what it tells in an announcement channel.
    """

    __tablename__ = "watch"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("channel_id", "post_id"),
        Index("ix_watch_guild", "guild_id"),
        Index("ix_watch_post", "post_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=RowId)
    guild_id: int = Field(sa_type=BigInteger)
    channel_id: int = Field(sa_type=BigInteger)
    post_id: int = Field(sa_type=BigInteger, foreign_key="post.id")
    created_by: int = Field(sa_type=BigInteger)
    created_at: datetime = Field(sa_type=UtcDateTime)
    paused_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    unlikes: bool = False
    account_watch_id: int | None = Field(default=None, sa_type=RowId)
    label: str | None = None
    resting_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    begun_again_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    style: AnnouncementStyle | None = Field(default=None, sa_type=word(AnnouncementStyle))
    milestones: list[int] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True), nullable=True)
    )
    goal: int | None = None
    reached: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    digest_minute: int | None = None
    card_key: str | None = None
    card_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    mention_role_id: int | None = Field(default=None, sa_type=BigInteger)
    mention_every_s: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    mentioned_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    only_verified: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    least_followers: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    template: str | None = None
    publishes: bool = Field(default=False, sa_column_kwargs={"server_default": false()})

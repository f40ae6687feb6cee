"""The tables. IDs of X and Discord are 64-bit integers, times are UTC, money is micro-USD."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.types import RowId, UtcDateTime, word

# Posts whose likers are to be read; few at any time, however many are watched.
_PENDING = "collected_at IS NULL OR like_count > collected_count"


class PostState(StrEnum):
    """Whether X still shows a post."""

    LIVE = "live"
    DELETED = "deleted"
    PROTECTED = "protected"
    WITHHELD = "withheld"


class PostKind(StrEnum):
    """How much of a post's likers X shows."""

    PENDING = "pending"
    NAMES = "names"
    COUNTS = "counts"
    SATURATED = "saturated"


class AnnouncementKind(StrEnum):
    """What is announced; of a notice and a summary the sentence is in `note`."""

    LIKES = "likes"
    GROWTH = "growth"
    LEFT = "left"
    NOTICE = "notice"
    SUMMARY = "summary"


class AnnouncementState(StrEnum):
    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"


class Guild(SQLModel, table=True):
    """A Discord server's settings.

    `budget_micro_usd` is for a month, and `budget_warned` the month (its first day) in which the
    server was told that it is nearly spent. A watch that is to cost more than
    `ask_above_micro_usd` asks before it begins.
    """

    __tablename__ = "guild"

    id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    channel_id: int | None = Field(default=None, sa_type=BigInteger)
    like_role_id: int | None = Field(default=None, sa_type=BigInteger)
    own_accounts_only: bool = False
    page_size: int | None = None
    budget_micro_usd: int | None = Field(default=None, sa_type=BigInteger)
    ask_above_micro_usd: int | None = Field(default=None, sa_type=BigInteger)
    budget_warned: date | None = None


class XAccount(SQLModel, table=True):
    """An X account: a member's own (`owner_id`), or the one whose token is in the settings.

    `oauth1` and `oauth2` hold encrypted tokens; `refreshing_until` is set while one process
    refreshes them, because a refresh token can be used once. `revoked_at`: X accepts them no more.
    """

    __tablename__ = "x_account"
    __table_args__: ClassVar[Any] = (Index("ix_x_account_owner", "owner_id"),)

    x_user_id: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    username: str
    owner_id: int | None = Field(default=None, sa_type=BigInteger)
    oauth1: bytes | None = None
    oauth2: bytes | None = None
    scopes: str = ""
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    refreshing_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)


class LinkRequest(SQLModel, table=True):
    """A member has begun to link an account; `secret` proves (encrypted) that it was us."""

    __tablename__ = "link_request"

    state: str = Field(primary_key=True)
    member_id: int = Field(sa_type=BigInteger)
    member_name: str
    guild_name: str
    secret: bytes
    created_at: datetime = Field(sa_type=UtcDateTime)


class Ability(SQLModel, table=True):
    """Whether X lets an account use an endpoint; `problem` is what it said when it refused."""

    __tablename__ = "ability"

    account: str = Field(primary_key=True)
    endpoint: str = Field(primary_key=True)
    problem: str | None = None
    learnt_at: datetime = Field(sa_type=UtcDateTime)


class XUser(SQLModel, table=True):
    """An X user, as last seen."""

    __tablename__ = "x_user"

    id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    username: str
    name: str
    profile_image_url: str | None = None
    verified_type: str | None = None
    protected: bool = False


class Post(SQLModel, table=True):
    """A post that is or was watched.

    `collected_count` is the like count up to which the likers have been read; likes above it are
    pending. `surplus` is how many more likers the last reading found than the count then said:
    they are in the next count, and need no explanation there. `hidden_count` are likes that X
    counts but does not show. `heat` are the recent likes a second (as of `probed_at`), `whole_at`
    is when the list was read to its end, unless the count fell since.
    """

    __tablename__ = "post"
    __table_args__: ClassVar[Any] = (
        Index(
            "ix_post_pending",
            "id",
            sqlite_where=text(_PENDING),
            postgresql_where=text(_PENDING),
        ),
        Index("ix_post_probed", "probed_at"),
    )

    id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    author_id: int | None = Field(default=None, sa_type=BigInteger, foreign_key="x_user.id")
    text: str = ""
    created_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    state: PostState = Field(default=PostState.LIVE, sa_type=word(PostState))
    kind: PostKind = Field(default=PostKind.PENDING, sa_type=word(PostKind))
    like_count: int = 0
    collected_count: int = 0
    surplus: int = 0
    hidden_count: int = 0
    probed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    heat: float = 0.0
    moved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    collected_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    whole_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AccountWatch(SQLModel, table=True):
    """An account whose new posts are watched as they appear, each for so many `days`.

    `since_id` is the newest post that has been seen.
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


class Watch(SQLModel, table=True):
    """A post watched in a channel; `trouble` is a sentence for the guild's admins.

    `unlikes` asks for likes that are taken back too. One that ended by itself has `ended_at` until
    its summary is sent.
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
    trouble: str | None = None


class PostLike(SQLModel, table=True):
    """Somebody likes a post; `gone_at` is when the like was found to be taken back."""

    __tablename__ = "post_like"

    post_id: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        foreign_key="post.id",
        ondelete="CASCADE",
        sa_column_kwargs={"autoincrement": False},
    )
    user_id: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        foreign_key="x_user.id",
        sa_column_kwargs={"autoincrement": False},
    )
    first_seen_at: datetime = Field(sa_type=UtcDateTime)
    gone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Announcement(SQLModel, table=True):
    """One card for one watch: new likers, or growth from one count to another.

    A notice may be about an account that is watched, or about no post at all.
    `delivery_key` names the Discord message that it was claimed for; those claimed together stay
    together for every further attempt, so that the same nonce always means the same message.
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
    note: str | None = None
    message_id: int | None = Field(default=None, sa_type=BigInteger)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Allowance(SQLModel, table=True):
    """What X still allows an account (or the app) on an endpoint."""

    __tablename__ = "allowance"

    account: str = Field(primary_key=True)
    endpoint: str = Field(primary_key=True)
    limit: int
    remaining: int
    resets_at: datetime = Field(sa_type=UtcDateTime)


class Charge(SQLModel, table=True):
    """What X charged on a UTC day, by guild (0: no guild's), purpose, post and resource.

    `purpose` is the command that asked, or `watch`; `post_id` is the watched post, else 0.
    """

    __tablename__ = "charge"

    day: date = Field(primary_key=True)
    guild_id: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    purpose: str = Field(default="", primary_key=True)
    post_id: int = Field(
        default=0, primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    resource: str = Field(primary_key=True)
    count: int
    micro_usd: int = Field(sa_type=BigInteger)


class Charged(SQLModel, table=True):
    """A resource that X has charged on this UTC day, and does not charge again."""

    __tablename__ = "charged"

    day: date = Field(primary_key=True)
    resource: str = Field(primary_key=True)
    resource_id: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )


class ActionLog(SQLModel, table=True):
    """Who liked or unliked what, with which account, and what X said."""

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

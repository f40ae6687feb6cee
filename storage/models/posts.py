"""Posts, who wrote them and who likes them."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Index, false, text
from sqlmodel import Field, SQLModel

from storage.types import UtcDateTime, word

# Posts whose likers are to be read; few at any time, however many are watched.
_PENDING = "collected_at IS NULL OR like_count > collected_count OR held_back_count > 0"


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
    STALLED = "stalled"


class ListOrder(StrEnum):
    """Which like a list of likers begins with, as was seen on the post."""

    NEWEST_FIRST = "newest"
    OLDEST_FIRST = "oldest"


class XUser(SQLModel, table=True):
    """An X user, as last seen."""

    __tablename__ = "x_user"

    id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    username: str
    name: str
    profile_image_url: str | None = None
    verified_type: str | None = None
    protected: bool = False
    followers: int | None = None


class Post(SQLModel, table=True):
    """A post that is or was watched.

    What a reading of its likers means, and all that is counted for it, is explained in
    `bot.watching.post_state`. `heat` are the recent likes a second (as of `probed_at`). `whole_at`
    is when the list was last read as deep as it is known, unless the count fell since; `deep_at`
    when that was last tried. A list that begins with the oldest like is read from `tail_token` on,
    behind which there were `tail_count` likers. `places` is the highest place of a liker.

    `missing_since` is when X was found not to show it. `suspected` is what one look said since
    `suspected_at`, and a second one is to confirm: that it is missing or, where it was, that X
    shows it again. `newer_id` is the version that it was edited to since. Nobody has watched it
    from `unwatched_since` on. At `erased_at` its text went, because X showed it no more; who liked
    it goes with it, and all that is known begins anew. A post that `begins_anew` was watched by
    nobody for a while: what its next count shows is old. X last pushed a like at `pushed_at`; so
    many as no count has shown yet (`ahead_count`) have higher places than `pushed_place`.
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
        Index("ix_post_author", "author_id"),
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
    deep_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    first_read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    found_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    held_back_count: int = 0
    doubtful_count: int = 0
    doubted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    older_count: int = 0
    missing_count: int = 0
    looked_for_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    look_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    rises: int = 0
    stalled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    stalled_count: int = 0
    looked_count: int = 0
    dark_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    list_order: ListOrder | None = Field(default=None, sa_type=word(ListOrder))
    tail_token: str | None = None
    tail_count: int = 0
    places: int = 0
    missing_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    suspected: PostState | None = Field(default=None, sa_type=word(PostState))
    suspected_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    unwatched_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    newer_id: int | None = Field(default=None, sa_type=BigInteger)
    ahead_count: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    pushed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    pushed_place: int | None = None
    begins_anew: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class PostLike(SQLModel, table=True):
    """Somebody likes a post; `gone_at` is when the like was found to be taken back.

    `place` grows with how new the like is, as far as X's list shows it. Whether it came after the
    watch began is not known yet where it is `doubtful`. A list did not show it, for the first
    time, at `absent_at`.
    """

    __tablename__ = "post_like"
    __table_args__: ClassVar[Any] = (
        Index("ix_post_like_place", "post_id", "place"),
        Index("ix_post_like_user", "user_id", "first_seen_at"),
    )

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
    place: int = 0
    doubtful: bool = False
    absent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

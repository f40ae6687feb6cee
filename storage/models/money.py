"""What X still allows, and what it charged."""

from datetime import date, datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from storage.types import UtcDateTime


class StoredAllowance(SQLModel, table=True):
    """What X still allows an account (or the app) on an endpoint."""

    __tablename__ = "allowance"

    account: str = Field(primary_key=True)
    endpoint: str = Field(primary_key=True)
    limit: int
    remaining: int
    resets_at: datetime = Field(sa_type=UtcDateTime)


class WindowShare(SQLModel, table=True):
    """How many requests of a window a guild's people have taken; it is over at `resets_at`."""

    __tablename__ = "window_share"

    account: str = Field(primary_key=True)
    endpoint: str = Field(primary_key=True)
    guild_id: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    taken: int
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


class MemberSpend(SQLModel, table=True):
    """What a member of a guild has spent on a UTC day; it is kept until that is over."""

    __tablename__ = "member_spend"

    day: date = Field(primary_key=True)
    guild_id: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    member_id: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    micro_usd: int = Field(sa_type=BigInteger)


class MoneyHold(SQLModel, table=True):
    """What a request under way may cost a guild (0: no guild's), as long as it is not booked.

    `id` is the request; `member_id` who asked and has a budget of their own, else 0. A process that
    was killed leaves these behind: they count until `until`, by the database's clock. SQLite has
    none, for its one process knows them.
    """

    __tablename__ = "money_hold"

    id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    guild_id: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    member_id: int = Field(sa_type=BigInteger)
    micro_usd: int = Field(sa_type=BigInteger)
    until: datetime = Field(sa_type=UtcDateTime)

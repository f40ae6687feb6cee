"""X accounts, requests to link them, and what X lets each do."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from storage.types import UtcDateTime


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


class EndpointAbility(SQLModel, table=True):
    """Whether X lets an account use an endpoint; `problem` is what it said when it refused."""

    __tablename__ = "ability"

    account: str = Field(primary_key=True)
    endpoint: str = Field(primary_key=True)
    problem: str | None = None
    learnt_at: datetime = Field(sa_type=UtcDateTime)

"""X accounts, requests to link them, and what X lets each do."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Index, true
from sqlmodel import Field, SQLModel

from storage.types import UtcDateTime


class XAccount(SQLModel, table=True):
    """An X account: a member's own (`owner_id`), or the one whose token is in the settings.

    `oauth1` and `oauth2` hold encrypted tokens; `refreshing_until` is set while one process
    refreshes them, because a refresh token can be used once. `revoked_at`: X accepts them no more.
    `refresh_refused_at`: X refused to refresh them once, which a second try is to confirm.
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
    refresh_refused_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)


class AccountConsent(SQLModel, table=True):
    """The owner of a linked account agreed that it serves a server.

    That they are a member there was last looked at when they agreed, or at `checked_at`.
    """

    __tablename__ = "account_consent"

    x_user_id: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        foreign_key="x_account.x_user_id",
        ondelete="CASCADE",
        sa_column_kwargs={"autoincrement": False},
    )
    guild_id: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    agreed_at: datetime = Field(sa_type=UtcDateTime)
    checked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AccountUse(SQLModel, table=True):
    """How often a linked account was asked with on a UTC day, by server and purpose."""

    __tablename__ = "account_use"

    x_user_id: int = Field(
        primary_key=True,
        sa_type=BigInteger,
        sa_column_kwargs={"autoincrement": False},
    )
    guild_id: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    purpose: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    count: int = 0


class LinkRequest(SQLModel, table=True):
    """A member has begun to link an account; `secret` proves (encrypted) that it was us."""

    __tablename__ = "link_request"

    state: str = Field(primary_key=True)
    member_id: int = Field(sa_type=BigInteger)
    member_name: str
    member_handle: str = Field(default="", sa_column_kwargs={"server_default": ""})
    guild_name: str
    guild_id: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    secret: bytes
    pin_tries: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    created_at: datetime = Field(sa_type=UtcDateTime)


class PendingRevocation(SQLModel, table=True):
    """Encrypted tokens of an account that was forgotten here, which X is still to revoke."""

    __tablename__ = "pending_revocation"

    id: int | None = Field(default=None, primary_key=True)
    oauth1: bytes | None = None
    oauth2: bytes | None = None
    attempts: int = 0
    not_before: datetime = Field(sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)


class ExportedObjects(SQLModel, table=True):
    """How many users and posts a member was given in files on a UTC day."""

    __tablename__ = "exported_objects"

    member_id: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    day: date = Field(primary_key=True)
    objects: int = 0


class EndpointAbility(SQLModel, table=True):
    """Whether X lets an account use an endpoint; `problem` is what it said when it refused.

    A refusal that is not `confirmed` was the first since X allowed it, and may be X's own trouble.
    """

    __tablename__ = "ability"

    account: str = Field(primary_key=True)
    endpoint: str = Field(primary_key=True)
    problem: str | None = None
    learnt_at: datetime = Field(sa_type=UtcDateTime)
    confirmed: bool = Field(default=True, sa_column_kwargs={"server_default": true()})


class KeyRefusal(SQLModel, table=True):
    """An account whose keys X answered 401 to: at which `endpoint`, and since when.

    It is asked who it is then. `looks` are the times that it answered 401 to that too, the last of
    them at `looked_at`; after some of them the keys count as refused, from `refused_at` on. Where
    nothing is suspected (any more), `looked_at` is when X accepted them.
    """

    __tablename__ = "key_refusal"

    account: str = Field(primary_key=True)
    endpoint: str = ""
    suspected_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    looks: int = 0
    looked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    refused_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

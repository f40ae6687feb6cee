"""What one process at a time may do, and until when; and what one took on for good."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from storage.types import UtcDateTime


class Lease(SQLModel, table=True):
    """Which process holds a lease; `until` is by the database's clock.

    `term` counts how often it has changed hands: who held it before, and again, can tell.
    """

    __tablename__ = "lease"

    name: str = Field(primary_key=True)
    holder: str
    term: int
    until: datetime = Field(sa_type=UtcDateTime)


class InteractionClaim(SQLModel, table=True):
    """An interaction of Discord's that a process took on, of those that hear of it."""

    __tablename__ = "interaction_claim"

    id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    claimed_at: datetime = Field(sa_type=UtcDateTime)

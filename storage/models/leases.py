"""What one process at a time may do, and until when that one may."""

from datetime import datetime

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

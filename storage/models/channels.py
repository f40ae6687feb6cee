"""Channels that cannot be announced in."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from storage.types import UtcDateTime


class ShutChannel(SQLModel, table=True):
    """A channel or thread that is gone or closed to the bot; `trouble` is a word for why.

    For as long, nothing is asked of X for the watches that announce there.
    """

    __tablename__ = "shut_channel"

    channel_id: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    trouble: str
    since: datetime = Field(sa_type=UtcDateTime)

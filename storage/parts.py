"""Guilds by the part of all that they are of, as Discord parts them (its shards)."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import Mapped

Part = tuple[Collection[int], int]
"""Which shards, of how many."""

# The bits of an ID below those of its time.
_BELOW_TIME = 1 << 22


def within(part: Part | None, guild_id: Mapped[int]) -> ColumnElement[bool]:
    """Return the condition that a guild is of a part; there is none where there are no parts."""
    if part is None:
        return true()
    numbers, count = part
    return (guild_id // _BELOW_TIME % count).in_(set(numbers))

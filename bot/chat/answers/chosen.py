"""What was chosen in a select of channels or roles."""

from collections.abc import Sequence

import discord


def chosen_id(values: Sequence[object]) -> int | None:
    """Return the ID of what was chosen, if anything was.

    Where Discord sends no more than the ID, discord.py hands it on as it came.
    """
    if not values:
        return None
    first = values[0]
    if isinstance(first, str):
        return int(first)
    return first.id if isinstance(first, discord.abc.Snowflake) else None

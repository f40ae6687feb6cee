"""Finds in a channel what an earlier try has sent, when Discord may have forgotten its nonce."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import discord

from bot.domain import Delivery

CLOCKS_DIFFER = timedelta(minutes=1)
"""Where it is not known by how much Discord's clock differs, it is not more."""


async def find_sent(
    client: discord.Client,
    channel: discord.PartialMessageable,
    delivery: Delivery,
    since: datetime | None = None,
) -> int | None:
    """Return the ID of the message that carries the delivery's key, or None.

    It was first tried at `since` by Discord's clock, where ours is known to differ.
    """
    since = since or delivery.first_tried_at
    if since is None or client.user is None:
        return None
    after = since - CLOCKS_DIFFER
    async for message in channel.history(limit=None, after=after, oldest_first=True):
        if message.author.id == client.user.id and carries(message, delivery.key):
            return message.id
    return None


def carries(message: discord.Message, key: str) -> bool:
    """Say whether a message is the one with a key."""
    return any(custom_id.endswith(f":{key}") for custom_id in _custom_ids(message.components))


def _custom_ids(components: Sequence[Any]) -> Iterator[str]:
    for component in components:
        custom_id = getattr(component, "custom_id", None)
        if custom_id:
            yield custom_id
        yield from _custom_ids(getattr(component, "children", ()))

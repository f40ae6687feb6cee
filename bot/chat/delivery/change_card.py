"""A card that is there already, kept up to date: the same message, changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import discord

from bot.chat.cards.card import Card
from bot.chat.delivery.find_sent import CLOCKS_DIFFER
from bot.domain import Delivery

NEW_CARD_AFTER = timedelta(hours=1)
"""A card that has scrolled away is begun anew, but not sooner than so long after it was begun."""

OUT_OF_SIGHT_AFTER = 10
"""Messages behind a card, whoever wrote them, with which it is out of sight."""

_UNKNOWN_MESSAGE = 10008


class CardGone(Exception):
    """A card is not to be changed any more: somebody deleted it, or it has scrolled away."""


async def change_card(
    channel: discord.PartialMessageable,
    delivery: Delivery,
    now: datetime,
    card: Card,
    files: list[discord.File],
    *,
    tried_since: datetime | None,
) -> None:
    """Change a card, which says the same however often that is done; raise CardGone.

    The files take the place of those that it had. It was first tried at `tried_since` by Discord's
    clock: what an earlier try may have told there is not told in a new card again.
    """
    card_id = delivery.card_id or 0
    is_old = delivery.card_at is not None and now - delivery.card_at >= NEW_CARD_AFTER
    with _gone_if_unknown():
        if is_old and await _is_out_of_sight(channel, card_id):
            tried = tried_since if delivery.is_tried_again else None
            if tried is None or not await _was_changed(channel, card_id, tried):
                raise CardGone
        await channel.get_partial_message(card_id).edit(
            view=card, attachments=files, allowed_mentions=discord.AllowedMentions.none()
        )


@contextmanager
def _gone_if_unknown() -> Iterator[None]:
    try:
        yield
    except discord.NotFound as error:
        if error.code == _UNKNOWN_MESSAGE:
            raise CardGone from error
        raise


async def _was_changed(channel: discord.PartialMessageable, card_id: int, since: datetime) -> bool:
    edited_at = (await channel.fetch_message(card_id)).edited_at
    return edited_at is not None and edited_at >= since - CLOCKS_DIFFER


async def _is_out_of_sight(channel: discord.PartialMessageable, card_id: int) -> bool:
    later = channel.history(limit=OUT_OF_SIGHT_AFTER, after=discord.Object(card_id))
    return len([message async for message in later]) == OUT_OF_SIGHT_AFTER

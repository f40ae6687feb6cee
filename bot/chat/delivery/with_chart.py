"""A message with its chart; without it where that may not be attached, or where Discord says no."""

import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from io import BytesIO
from typing import TypeVar

import discord

from bot.chat.cards.card import Card
from bot.chat.delivery.message_charts import MessageChart, MessageCharts
from bot.chat.permissions import bot_in
from bot.domain import Delivery

logger = logging.getLogger(__name__)

Made = TypeVar("Made")


async def chart_of(
    client: discord.Client, charts: MessageCharts | None, delivery: Delivery
) -> MessageChart | None:
    """Return a message's chart, if it has one that may be attached in its channel."""
    if charts is None or not _may_attach(client, delivery.channel_id):
        return None
    return await charts.of(delivery)


async def with_chart(
    chart: MessageChart | None,
    card: Callable[[MessageChart | None], Card],
    send: Callable[[Card, list[discord.File]], Awaitable[Made]],
    *,
    refused_too: bool = False,
) -> Made:
    """Send a card with its chart; without it where it must not be attached.

    Where `refused_too`, also where Discord refuses the message with it for another reason.
    """
    if chart is None:
        return await send(card(None), [])
    file = discord.File(BytesIO(chart.file.contents), chart.file.name, description=chart.alt_text)
    try:
        return await send(card(chart), [file])
    except discord.HTTPException as error:
        if not _is_because_of_it(error, refused_too=refused_too):
            raise
        logger.info("a message goes without its chart: %s", error)
    return await send(card(None), [])


def _is_because_of_it(error: discord.HTTPException, *, refused_too: bool) -> bool:
    if error.status in (HTTPStatus.FORBIDDEN, HTTPStatus.REQUEST_ENTITY_TOO_LARGE):
        return True
    return refused_too and error.status == HTTPStatus.BAD_REQUEST


def _may_attach(client: discord.Client, channel_id: int) -> bool:
    channel = client.get_channel(channel_id)
    if not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        return True  # it is tried
    me = bot_in(channel.guild)
    return me is None or channel.permissions_for(me).attach_files

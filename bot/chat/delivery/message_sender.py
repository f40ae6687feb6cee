"""One delivery on its way to Discord: where it goes, what it becomes, and whether it is there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import discord

from bot.chat.answers.channels import find_trouble
from bot.chat.cards.card import Card
from bot.chat.delivery.card import announcement_card
from bot.chat.delivery.change_card import change_card
from bot.chat.delivery.find_sent import find_sent
from bot.chat.delivery.forum_posts import (
    NotTogether,
    find_in_forum,
    forum_of,
    is_for_one_post,
    post_in_forum,
)
from bot.chat.delivery.mention_and_publish import mentioned, publish
from bot.chat.delivery.message_charts import MessageChart, MessageCharts
from bot.chat.delivery.retry_delays import ChannelShut
from bot.chat.delivery.send_rate import SendRate
from bot.chat.delivery.with_chart import chart_of, with_chart
from bot.domain import Delivery

NONCE_MEMORY = timedelta(minutes=2)
"""For how long Discord is sure to know a nonce again; it says "a few minutes"."""

_FAR_BACK = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that Discord has; its chart is behind where it is to be drawn at `redraw_at`."""

    message_id: int
    redraw_at: datetime | None = None


class MessageSender:
    """Sends one delivery, or changes the card that it is, or finds what an earlier try has sent."""

    def __init__(
        self,
        client: discord.Client,
        charts: MessageCharts | None,
        command_ids: Callable[[], Mapping[str, int]],
        now: Callable[[], datetime],
        ahead: Callable[[], timedelta],
    ) -> None:
        self._client = client
        self._charts = charts
        self._command_ids = command_ids
        self._now = now
        self._ahead = ahead
        self._rate = SendRate()

    async def chart_of(self, delivery: Delivery) -> MessageChart | None:
        return await chart_of(self._client, self._charts, delivery)

    async def send(self, delivery: Delivery, chart: MessageChart | None) -> Sent:
        """Let Discord have a delivery, with its chart if there is one."""
        channel = await self._place(delivery)
        redraw_at = None if chart is None else chart.redraw_at
        card = partial(self._card, delivery)
        if delivery.card_id is not None:
            await self._rate.turn()
            since = self._tried_since(delivery)
            change = partial(change_card, channel, delivery, self._now(), tried_since=since)
            await with_chart(chart, card, change)
            return Sent(delivery.card_id, redraw_at)
        forum = forum_of(self._client, delivery)
        if forum is not None:
            if not is_for_one_post(delivery):
                raise NotTogether
            await self._rate.turn()
            since = self._tried_since(delivery)
            found = await find_in_forum(self._client, forum, delivery, since)
            if found is not None:
                return Sent(found)
            made = await with_chart(chart, card, partial(post_in_forum, forum, delivery))
            return Sent(made, redraw_at)
        if self._may_be_forgotten(delivery):
            found = await self.find(delivery)
            if found is not None:
                await publish(channel, delivery, found)
                return Sent(found)
        await self._rate.turn()
        message = await with_chart(chart, card, partial(_send, channel, delivery))
        await publish(channel, delivery, message.id)
        return Sent(message.id, redraw_at)

    async def find(self, delivery: Delivery) -> int | None:
        """Return what an earlier try has sent, if it did; raise ChannelShut where none may look."""
        channel = await self._place(delivery)
        if delivery.recipient is None and self._client.get_channel(channel.id) is None:
            trouble = await find_trouble(self._client, delivery.channel_id)
            if trouble is not None:
                raise ChannelShut(trouble)
        await self._rate.turn()
        forum = forum_of(self._client, delivery)
        if forum is not None:
            since = self._tried_since(delivery)
            return await find_in_forum(self._client, forum, delivery, since)
        return await find_sent(self._client, channel, delivery, self._tried_since(delivery))

    def _card(self, delivery: Delivery, chart: MessageChart | None) -> Card:
        return announcement_card(delivery, chart).name_commands(self._command_ids())

    async def _place(self, delivery: Delivery) -> discord.PartialMessageable:
        """Return where a delivery goes: its channel, or the direct messages with its recipient."""
        channel_id, recipient = delivery.channel_id, delivery.recipient
        if recipient is not None:
            # Whoever has left the server is told nothing of it; Discord tells that to who asks.
            await self._client.http.get_member(recipient.guild_id, recipient.member_id)
            channel_id = (await self._client.create_dm(discord.Object(recipient.member_id))).id
        return self._client.get_partial_messageable(channel_id)

    def _may_be_forgotten(self, delivery: Delivery) -> bool:
        first, now = delivery.first_tried_at, self._now()
        return first is not None and not now - NONCE_MEMORY <= first <= now

    def _tried_since(self, delivery: Delivery) -> datetime | None:
        """Return a moment of Discord's clock before which a delivery was not tried.

        When the first try lies ahead, the clock was set back since, and nobody knows by how much.
        """
        first, now = delivery.first_tried_at, self._now()
        if first is None:
            return None
        return (first if first <= now else now - _FAR_BACK) - self._ahead()


async def _send(
    channel: discord.PartialMessageable, delivery: Delivery, card: Card, files: list[discord.File]
) -> discord.Message:
    return await channel.send(
        view=card, files=files, nonce=delivery.key, allowed_mentions=mentioned(delivery)
    )

"""Changes messages that were sent, where what they say is gone or is not to be said any more."""

import logging
from functools import partial

import aiohttp
import discord

from bot.chat.cards.card import Card
from bot.chat.delivery.card import retold_card
from bot.chat.delivery.message_charts import MessageChart, MessageCharts
from bot.chat.delivery.rate_limits import RateLimits
from bot.chat.delivery.send_rate import SendRate
from bot.chat.delivery.with_chart import chart_of, with_chart
from bot.domain.announcements import Retold, WhyRetold
from bot.watching.message_edits import MessageEditQueue

logger = logging.getLogger(__name__)


class MessageEditor:
    """Changes one message after the other; one that fails is tried again later.

    A process that ends in between leaves the rest to the next one: a message that is changed twice
    says the same.
    """

    def __init__(
        self,
        client: discord.Client,
        queue: MessageEditQueue,
        limits: RateLimits,
        charts: MessageCharts | None = None,
    ) -> None:
        self._client = client
        self._charts = charts
        self._queue = queue
        self._limits = limits
        self._rate = SendRate()

    async def run_once(self) -> int:
        """Change what is due; return how many messages are as they should be now."""
        changed = 0
        for retold in await self._queue.due():
            if self._limits.left(retold.channel_id):
                continue  # it stays due
            chart = await self._chart(retold)
            if await self._change(retold, chart):
                await self._queue.done(retold, chart.redraw_at if chart else None)
                changed += 1
            else:
                await self._queue.put_off(retold.message_id)
        return changed

    async def _chart(self, retold: Retold) -> MessageChart | None:
        if retold.delivery is None:
            return None
        return await chart_of(self._client, self._charts, retold.delivery)

    async def _change(self, retold: Retold, chart: MessageChart | None) -> bool:
        """Say whether a message says no more than it should: it is changed, or gone."""
        if retold.delivery is None and retold.why is WhyRetold.BEHIND:
            return True  # nothing of it is stored any more
        try:
            await self._rate.turn()
            channel_id = retold.channel_id
            if retold.recipient_id is not None:
                recipient = discord.Object(retold.recipient_id)
                channel_id = (await self._client.create_dm(recipient)).id
            channel = self._client.get_partial_messageable(channel_id)
            message = channel.get_partial_message(retold.message_id)
            card, change = partial(retold_card, retold), partial(_change, message)
            await with_chart(chart, card, change, refused_too=True)
        except discord.NotFound:
            return True
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            logger.warning("message %d is not changed yet: %r", retold.message_id, error)
            return False
        return True


async def _change(message: discord.PartialMessage, card: Card, files: list[discord.File]) -> None:
    none = discord.AllowedMentions.none()
    await message.edit(view=card, attachments=files, allowed_mentions=none)

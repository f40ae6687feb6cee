"""Delivers what waits in the outbox: each delivery becomes one message, exactly once."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import discord

from bot.chat.answers.channels import known_trouble
from bot.chat.delivery.change_card import CardGone
from bot.chat.delivery.forum_posts import NotTogether, forum_of
from bot.chat.delivery.message_charts import MessageCharts
from bot.chat.delivery.message_sender import MessageSender, Sent
from bot.chat.delivery.open_thread import open_thread
from bot.chat.delivery.rate_limits import RateLimits
from bot.chat.delivery.retry_delays import ChannelShut, Postponement, Refusal, later, meaning
from bot.chat.delivery.wait_for import wait_for
from bot.domain import Delivery
from bot.watching.outbox import CHANNELS_AT_ONCE, Outbox

logger = logging.getLogger(__name__)

AT_ONCE = 10
"""Channels written to at the same time."""

TIMEOUT_S = 3.0
"""How long one run waits for slow channels; they go on beside the next runs."""

_LEFT_TO_THE_NEXT = CHANNELS_AT_ONCE // 2
"""Where more waits, it is claimed while so many are still being sent: Discord's limit is used."""

KEEP_EVERY_S = 30.0
"""How often a claim is renewed while its delivery is under way."""

REFUSED_AGAIN_IN = timedelta(minutes=1)

# Of direct messages: the member takes none from the bot, or is gone.
_NOT_TAKEN = (discord.Forbidden, discord.NotFound)


class Announcer:
    """Sends deliveries, each channel for itself: one that fails or stalls holds up no other.

    A delivery is claimed, sent with its key as the nonce, then marked sent. Whatever ends the
    process between the steps, the next start claims it again and finds out what Discord has.

    No time limit of ours ends a request: discord.py may be waiting for Discord's own limits in it,
    and would never again let anything through. A limit that is long is remembered instead.
    """

    def __init__(
        self,
        client: discord.Client,
        outbox: Outbox,
        limits: RateLimits,
        command_ids: Callable[[], Mapping[str, int]] = dict,
        *,
        charts: MessageCharts | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        ahead: Callable[[], timedelta] = lambda: timedelta(0),
        timeout_s: float = TIMEOUT_S,
        keep_every_s: float = KEEP_EVERY_S,
    ) -> None:
        self._client = client
        self._outbox = outbox
        self._limits = limits
        self._now = now
        self._timeout_s = timeout_s
        self._keep_every_s = keep_every_s
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._sender = MessageSender(client, charts, command_ids, now, ahead)
        self._running: dict[str, asyncio.Task[bool]] = {}
        self._left: set[asyncio.Task[bool]] = set()

    async def run_once(self) -> int:
        """Deliver what is due; return how many were sent by the end of this run.

        Where more may wait, the last of them are left to the next run.
        """
        claimed = await self._outbox.claim()
        # A claim may run out while its delivery is still under way here.
        tasks = {self._start(one) for one in claimed if one.key not in self._running} | self._left
        may_be_left = _LEFT_TO_THE_NEXT if len(claimed) == CHANNELS_AT_ONCE else 0
        done, left = await wait_for(tasks, self._timeout_s, may_be_left)
        self._left = left if len(left) <= may_be_left else set()
        return sum(not task.cancelled() and task.result() for task in done)

    async def close(self, grace_s: float = 2.0) -> None:
        """Let what is being sent end, for a moment; then cancel, and leave it to the next start."""
        if not self._running:
            return
        _, slow = await asyncio.wait(tuple(self._running.values()), timeout=grace_s)
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)

    def _start(self, delivery: Delivery) -> asyncio.Task[bool]:
        task = asyncio.create_task(self._deliver(delivery), name=f"deliver-{delivery.key}")
        self._running[delivery.key] = task
        task.add_done_callback(lambda _: self._running.pop(delivery.key, None))
        return task

    async def _deliver(self, delivery: Delivery) -> bool:
        held = self._held(delivery)
        if held is not None:
            await self._put_off(delivery, held)
            return False
        try:
            sent = await self._keeping(delivery, self._send(delivery))
        except CardGone:
            return await self._begin_anew(delivery, self._outbox.renew_card)
        except NotTogether:
            return await self._begin_anew(delivery, self._outbox.part)
        except asyncio.CancelledError:
            # The next process need not wait until the claim runs out; the key stays the same.
            await self._outbox.give_back(delivery)
            raise
        except (ChannelShut, discord.DiscordException, aiohttp.ClientError, OSError) as error:
            return await self._failed(delivery, error)
        except Exception:
            logger.exception("delivery %s failed in a way that is not foreseen", delivery.key)
            return await self._refused(delivery, None)
        return await self._mark_sent(delivery, sent)

    def _held(self, delivery: Delivery) -> Postponement | None:
        """Return why Discord need not be asked at all, if it is known to refuse."""
        limited = self._limits.left(delivery.channel_id)
        if limited:
            return Postponement(limited)
        trouble = known_trouble(self._client, delivery.channel_id)
        return None if trouble is None else Postponement(later(delivery, self._now()), trouble)

    async def _keeping(self, delivery: Delivery, work: Coroutine[Any, Any, Sent]) -> Sent:
        """Do it however long it takes, and keep the claim meanwhile: nobody else begins it."""
        task = asyncio.create_task(work)
        try:
            while not (await asyncio.wait({task}, timeout=self._keep_every_s))[0]:
                await self._keep(delivery)
            return task.result()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _keep(self, delivery: Delivery) -> None:
        try:
            await self._outbox.keep(delivery)
        except Exception:
            # The claim may run out: whoever takes it up sends with the same nonce.
            logger.exception("could not keep delivery %s", delivery.key)

    async def _send(self, delivery: Delivery) -> Sent:
        # Nobody waits for a picture of another channel's.
        chart = await self._sender.chart_of(delivery)
        async with self._slots:
            return await self._sender.send(delivery, chart)

    async def _mark_sent(self, delivery: Delivery, sent: Sent) -> bool:
        message_id = sent.message_id
        try:
            thread_id = await open_thread(self._client, delivery, message_id)
            if forum_of(self._client, delivery) is not None:
                thread_id = message_id
            if thread_id is not None:
                await self._outbox.tell_in_thread(delivery, thread_id)
            await self._outbox.sent(delivery, message_id, redraw_at=sent.redraw_at)
        except Exception:
            # The claim runs out, and the next try gets this same message back by its nonce.
            logger.exception("could not mark delivery %s sent", delivery.key)
            return False
        return True

    async def _failed(self, delivery: Delivery, error: Exception) -> bool:
        if delivery.recipient is not None and isinstance(error, _NOT_TAKEN):
            await self._outbox.refused(delivery, error.code)
            return False
        wait = meaning(error, delivery, self._client, self._now())
        if isinstance(wait, Refusal):
            return await self._refused(delivery, wait.code)
        limited = self._limits.left(delivery.channel_id)
        await self._put_off(delivery, replace(wait, delay=max(wait.delay, limited)))
        return False

    async def _refused(self, delivery: Delivery, code: int | None) -> bool:
        """Have it sent plainer, unless an earlier try sent it after all and lost the answer."""
        try:
            found = await self._sender.find(delivery)
            if found is None:
                await self._outbox.refused(delivery, code)
        except ChannelShut as shut:
            wait = later(delivery, self._now())
            await self._put_off(delivery, Postponement(wait, shut.trouble))
            return False
        except Exception as error:  # noqa: BLE001 - whatever it is, the claim is given back
            logger.warning("delivery %s waits: %r", delivery.key, error)
            await self._put_off(delivery, Postponement(REFUSED_AGAIN_IN))
            return False
        return found is not None and await self._mark_sent(delivery, Sent(found))

    async def _begin_anew(
        self, delivery: Delivery, give_back: Callable[[Delivery], Awaitable[None]]
    ) -> bool:
        """Have what a delivery was to tell told by others, which are due at once."""
        try:
            await give_back(delivery)
        except Exception:
            logger.exception("could not give delivery %s back", delivery.key)
            return False
        return True

    async def _put_off(self, delivery: Delivery, wait: Postponement) -> None:
        try:
            await self._outbox.postpone(delivery, self._now() + wait.delay, wait.trouble)
        except Exception:
            logger.exception("could not postpone delivery %s", delivery.key)

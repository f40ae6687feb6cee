"""The jobs, and which wakes which: probe, then collect, then announce; the others beside them.

Of several processes on one database all announce, and one asks X: its allowance is the same for
all, and what two ask at the same time is paid for twice. When that one ends, another goes on.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import structlog

from bot.accounts.key_check import KeyCheck
from bot.domain.errors import KeysRefused
from bot.run.liveness import Liveness
from bot.run.logs import tell_what_is_over
from bot.run.metrics import Metrics
from bot.run.push import READ_EVERY, STORE_EVERY, SUBSCRIBE_EVERY, Push
from bot.run.scheduler import Scheduler, Work
from bot.watching.counts.round import Counted, CountsRound
from bot.watching.end_watch import Endings
from bot.watching.health import Health
from bot.watching.likers.round import LikersRound
from bot.watching.new_posts.begin_watches import Appeared
from bot.watching.new_posts.round import NewPostsRound
from bot.watching.push.round import COPY_COMES_WITHIN
from bot.watching.troubles import TroublesRound
from storage.fence import LeadLost
from storage.lead import RENEW_EVERY, Lead
from storage.outages import why_away

_log = structlog.stdlib.get_logger(__name__)
# Collecting and announcing are woken when there is something to do; these are for what was put
# off, or left behind by a process that is gone.
_COLLECT_EVERY = timedelta(seconds=5)
_ANNOUNCE_EVERY = timedelta(seconds=2)
_FIGURES_EVERY = timedelta(seconds=30)
# What X counted of a day is looked at once.
_COMPARE_EVERY = timedelta(hours=1)
_ENDINGS_EVERY = timedelta(seconds=10)
_TROUBLES_EVERY = timedelta(seconds=10)
_HOUSEKEEPING_EVERY = timedelta(hours=1)
# Keys that X refused once are looked at anew: thrice in a minute, and as a job of its own, so that
# no command waits for it.
_KEYS_EVERY = timedelta(seconds=10)
_KEYS = "keys"
_REVOKING_EVERY = timedelta(seconds=10)
_EDITS_EVERY = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Jobs:
    scheduler: Scheduler
    lead: Lead
    health: Health
    accounts: Sequence[NewPostsRound]
    endings: Endings
    troubles: TroublesRound
    probe: Sequence[CountsRound]
    collector: LikersRound
    announce: Callable[[], Awaitable[int]]
    housekeep: Callable[[], Awaitable[None]]
    keys: KeyCheck
    revoke: Callable[[], Awaitable[None]]
    edit_sent: Callable[[], Awaitable[int]]
    metrics: Metrics
    liveness: Liveness
    figures: Callable[[], Awaitable[None]]
    probe_every: timedelta
    compare: Callable[[], Awaitable[None]]
    push: Push | None = None

    def begin(self) -> None:
        self.scheduler.add("lead", self._renew, RENEW_EVERY)
        self.scheduler.add("figures", self.figures, _FIGURES_EVERY)
        self.scheduler.add("usage", self.compare, _COMPARE_EVERY)
        self.scheduler.add("log", tell_what_is_over, _FIGURES_EVERY)
        self.scheduler.add("announce", self._announce, _ANNOUNCE_EVERY)
        for name, work, every in (
            ("probe", self._probe, self.probe_every),
            ("collect", self._collect, _COLLECT_EVERY),
            ("accounts", self._accounts, self.probe_every),
            ("endings", self._endings, _ENDINGS_EVERY),
            ("troubles", self._troubles, _TROUBLES_EVERY),
            (_KEYS, self._look_at_keys, _KEYS_EVERY),
            ("revoking", self.revoke, _REVOKING_EVERY),
            ("edits", self._edit_sent, _EDITS_EVERY),
            ("housekeeping", self.housekeep, _HOUSEKEEPING_EVERY),
        ):
            self.scheduler.add(name, partial(self._if_leading, work), every)
        if self.push is not None:
            self._begin_push(self.push)
        self.scheduler.start()

    def _begin_push(self, push: Push) -> None:
        push.inbox.came = partial(self.scheduler.soon, "push")
        self.scheduler.add("push", partial(self._push_anywhere, push), STORE_EVERY)
        push.round.told = partial(self.scheduler.soon, "announce")
        push.ended = partial(self.scheduler.soon, "probe")
        for name, work, every in (
            ("push reads", partial(self._push_reads, push), READ_EVERY),
            ("subscriptions", push.subscribe, SUBSCRIBE_EVERY),
        ):
            self.scheduler.add(name, partial(self._if_leading, work), every)

    async def _push_anywhere(self, push: Push) -> None:
        """Store what came; X's webhook may reach a process that does not lead."""
        if len(push.inbox) and not await self.lead.is_ours():
            await self._push(push)
        else:
            await self._if_leading(partial(self._push, push))

    async def _push(self, push: Push) -> None:
        told = await push.round.run_once()
        for name, wanted in (
            ("probe", told.to_count),
            ("accounts", told.appeared),
        ):
            if wanted:
                self.scheduler.soon(name)
        if told.to_read:
            self.scheduler.soon("push reads", COPY_COMES_WITHIN)
        self.metrics.pushed(push.inbox.counts)

    async def _push_reads(self, push: Push) -> None:
        if await push.round.read_next():
            self.scheduler.soon("announce")

    async def _if_leading(self, work: Work) -> None:
        if await self.lead.is_ours():
            try:
                with self.lead.leading():
                    await work()
            except LeadLost:
                _log.warning("another process leads by now; what was under way is left to it")
            else:
                return
        self.health.forget()
        if self.push is not None:
            await self.push.rest()

    async def _renew(self) -> None:
        await self.lead.renew()

    async def _probe(self) -> None:
        # What was over long ago, while no bot ran, is told nothing of what came since.
        await self._endings()
        probed = Counted()
        for each in self.probe:
            probed += await each.run_once()
        self.metrics.probed(probed.posts)
        if probed.moved:
            self.collector.moved(probed.moved)
            self.scheduler.soon("collect")
        if probed.announcements:
            self.scheduler.soon("announce")
        if self.push is not None and self.push.look():
            self.scheduler.soon("subscriptions")

    async def _collect(self) -> None:
        collected = await self.collector.run_once()
        self.metrics.collected(collected.posts)
        if collected.announcements:
            self.scheduler.soon("announce")
        if collected.again_in is not None:
            self.scheduler.soon("collect", collected.again_in)

    async def _accounts(self) -> None:
        appeared = Appeared()
        for each in self.accounts:
            appeared += await each.run_once()
        if appeared.watches:
            # Some have likes already.
            self.scheduler.soon("collect")
        if appeared.announcements:
            self.scheduler.soon("announce")

    async def _endings(self) -> None:
        if await self.endings.run_once():
            self.scheduler.soon("announce")

    async def _troubles(self) -> None:
        if await self.troubles.run_once():
            self.scheduler.soon("announce")

    async def _edit_sent(self) -> None:
        await self.edit_sent()

    async def _look_at_keys(self) -> None:
        if await self.keys.look():
            self.health.fails(_KEYS, KeysRefused())
        else:
            self.health.works(_KEYS)

    async def _announce(self) -> None:
        # A channel gets one message at a time: go on while there was something to send.
        try:
            while sent := await self.announce():
                self.metrics.announced(sent)
        except Exception as error:
            away = why_away(error)
            told = (
                f"The database cannot be used: {away}."
                if away
                else "Announcing fails; see the log."
            )
            self.liveness.fails(told)
            raise
        self.liveness.works()

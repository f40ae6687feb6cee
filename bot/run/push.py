"""What push is made of: the stream, what comes by it, and the jobs that take it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.accounts.revoked_at_x import RevokedAtX
from bot.domain.errors import CredentialRefused, LikecordError, Refused, XError, XNotFound
from bot.domain.push_status import PushState, PushStatus
from bot.run.core import Core
from bot.run.outage import Outage
from bot.run.settings import Settings
from bot.run.stream_outage import StreamOutage
from bot.watching.likers.round import LikersRound
from bot.watching.polling_budget import PollingBudget
from bot.watching.push.coverage import Coverage
from bot.watching.push.inbox import Inbox
from bot.watching.push.round import PushRound
from bot.watching.push.store_events import PushedLikes
from bot.watching.push.subscribing import Subscribing
from bot.watching.push.webhook import WebhookKeeper
from bot.x.credentials import Credentials
from bot.x.stream import ActivityStream
from bot.x.stream_delays import Ending
from bot.x.webhook import WebhookReceiver

STORE_EVERY = timedelta(seconds=2)
READ_EVERY = timedelta(seconds=5)
SUBSCRIBE_EVERY = timedelta(seconds=5)
_STREAM = "stream"
# What X answers where it does not let this app have anything pushed at all.
_REFUSALS = (Refused, CredentialRefused, XNotFound)


@dataclass(slots=True)
class Push:
    """One process at a time holds the stream: the one that leads."""

    coverage: Coverage
    inbox: Inbox
    round: PushRound
    subscribing: Subscribing
    stream: ActivityStream
    own_id: int | None
    links_in_browser: bool
    is_on: bool
    webhook: WebhookKeeper
    receiver: WebhookReceiver | None
    ended: Callable[[], None] = lambda: None
    leads: Callable[[], bool] = lambda: True
    _reading: asyncio.Task[None] | None = field(default=None, init=False)
    _trouble: LikecordError | None = field(default=None, init=False)
    _stream_told: StreamOutage = field(default_factory=StreamOutage, init=False)
    _told: Outage = field(
        default_factory=lambda: Outage(
            "X",
            begins="X does not take what it is to push; likes are counted and read meanwhile",
            ends="X takes what it is to push again",
        ),
        init=False,
    )

    def __post_init__(self) -> None:
        self.stream.opened, self.stream.closed = self.opened, self.closed

    async def subscribe(self) -> None:
        """Make what X pushes what is watched, and read its stream where it pushes anything."""
        if not (self.is_on or await self.subscribing.has_made_any()):
            return
        self._stream_told.look()
        try:
            if self.is_on and await self.webhook.look():
                self.subscribing.look_anew()
            await self.subscribing.run_once()
        except XError:
            self._tell(self.subscribing.trouble)
            return
        self._tell(self.subscribing.trouble)
        if not self.coverage.accounts:
            await self.rest(forget=False)
        elif self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self.stream.run(), name="stream")

    def _tell(self, trouble: LikecordError | None) -> None:
        """Tell of each try once."""
        if trouble is None:
            self._told.over()
        elif trouble is not self._trouble:
            self._told.met(trouble.plain)
        self._trouble = trouble

    def look(self) -> bool:
        """Judge whether X really pushes; say whether what it is to push is to be listed anew."""
        fallen = self.coverage.look()
        if fallen:
            self.subscribing.look_anew()
        return fallen

    async def rest(self, *, forget: bool = True) -> None:
        """Read nothing, and rely on nothing that was pushed: another process leads, or none."""
        task, self._reading = self._reading, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            self.coverage.closed(_STREAM)
        if forget and task is not None:
            self.coverage.forget()
            self.subscribing.look_anew()

    def opened(self) -> None:
        self._stream_told.opened()
        self.coverage.opened(_STREAM)

    def closed(self, ending: Ending, wait_s: float) -> None:
        self.coverage.closed(_STREAM)
        self._stream_told.closed(ending, wait_s)
        self.ended()

    def status(self) -> PushStatus | None:
        """Return how push stands; None where another process knows."""
        if not self.is_on:
            return PushStatus(PushState.OFF)
        if not self.leads():
            return None
        coverage = self.coverage
        own = self.own_id is not None and self.subscribing.refuses(self.own_id)
        return PushStatus(
            self._state(),
            accounts=len(coverage.accounts),
            silent=len(coverage.silent),
            silent_since=min(coverage.silent.values(), default=None),
            own_refused=own and self.own_id not in coverage.accounts,
            links_in_browser=self.links_in_browser,
        )

    def _state(self) -> PushState:
        if self.coverage.is_open and self.coverage.accounts:
            return PushState.ON
        if self.coverage.accounts:
            return PushState.REFUSED if self._stream_told.is_refused else PushState.CLOSED
        trouble = self.subscribing.trouble
        if trouble is not None:
            return PushState.REFUSED if isinstance(trouble, _REFUSALS) else PushState.AWAY
        return PushState.ACCOUNTS_REFUSED if self.subscribing.refuses_any else PushState.NOBODY


def status_of(push: Push | None) -> PushStatus | None:
    """Return how push stands; without a key for it there is no `push`."""
    return PushStatus(PushState.NO_KEY) if push is None else push.status()


def push_of(
    core: Core,
    settings: Settings,
    likers: LikersRound,
    budget: PollingBudget,
) -> Push | None:
    """Build push; None where the app has no bearer token, which alone is let into the stream."""
    bearer = settings.credentials().bearer
    if bearer is None:
        return None
    coverage, inbox = Coverage(core.now), Inbox()
    app = core.make_client(Credentials(bearer=bearer))
    revoked = RevokedAtX(core.database, core.access, core.abilities, core.now)
    is_on = settings.push == "auto"

    async def unlink(account_id: int, _at: datetime | None) -> None:
        if await revoked.unlink(account_id):
            subscribing.look_anew()

    webhook = WebhookKeeper(app, settings.push_webhook_url, coverage, core.now)
    subscribing = Subscribing(
        core.database,
        core.access,
        app,
        coverage,
        budget=budget,
        now=core.now,
        is_on=is_on,
        webhook=lambda: webhook.id,
    )
    return Push(
        coverage=coverage,
        inbox=inbox,
        round=PushRound(
            core.database,
            inbox,
            coverage,
            PushedLikes(core.database, core.access, core.x_time, coverage),
            likers=likers,
            ledger=core.ledger,
            budget=budget,
            now=core.now,
            revoked=unlink,
        ),
        subscribing=subscribing,
        stream=ActivityStream(
            core.http,
            settings.x_api_url,
            bearer,
            hear=inbox.put,
            now=core.now,
        ),
        own_id=core.x.user_id,
        links_in_browser=settings.x_redirect_url is not None,
        is_on=is_on,
        webhook=webhook,
        receiver=_receiver(settings, inbox),
    )


def _receiver(settings: Settings, inbox: Inbox) -> WebhookReceiver | None:
    """Return who takes what X pushes to an address of ours, if there is one."""
    keys = settings.webhook_keys()
    if keys is None or settings.push_webhook_url is None or settings.push == "off":
        return None
    return WebhookReceiver(keys.api_secret, inbox.offer)

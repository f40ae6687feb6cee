"""Lets X know the address that it is to push to, and sees that it still believes in it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.domain.errors import XError
from bot.domain.push import Webhook
from bot.watching.push.coverage import Coverage
from bot.x.client import XClient

_log = structlog.stdlib.get_logger(__name__)
_LOOK_EVERY, _TRY_EVERY = timedelta(hours=1), timedelta(minutes=5)
_WAY = "webhook"


class WebhookKeeper:
    """Without an address (`url` None) there is nothing to keep."""

    def __init__(
        self, app: XClient, url: str | None, coverage: Coverage, now: Callable[[], datetime]
    ) -> None:
        self._app = app
        self._url = url
        self._coverage = coverage
        self._now = now
        self._look_at: datetime | None = None
        self.id: int | None = None
        """Under which X knows the address, while it sends there."""

    async def look(self) -> bool:
        """Look whether X sends to the address, if it is time to; say whether that has changed."""
        now = self._now()
        if self._url is None or (self._look_at is not None and now < self._look_at):
            return False
        before = self.id
        try:
            self.id = await self._known(self._url)
        except XError as error:
            self.id = None
            _log.warning("X does not take the webhook", problem=error.plain)
        self._look_at = now + (_TRY_EVERY if self.id is None else _LOOK_EVERY)
        if self.id is None:
            self._coverage.closed(_WAY)
        else:
            self._coverage.opened(_WAY)
        return self.id != before

    async def _known(self, url: str) -> int | None:
        """Return the address's ID at X; X asks it to prove itself where it has not, or fails."""
        webhook = await self._find(url)
        if webhook is None:
            await self._app.activity.add_webhook(url)
            webhook = await self._find(url)
        elif not webhook.valid:
            await self._app.activity.prove_webhook(webhook.id)
        return None if webhook is None else webhook.id

    async def _find(self, url: str) -> Webhook | None:
        found = await self._app.activity.webhooks()
        return next((each for each in found if each.url == url), None)

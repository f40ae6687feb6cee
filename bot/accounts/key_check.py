"""Asking X who an account is, in the background, before its keys count as refused."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from bot.accounts import key_verdicts
from bot.accounts.own_account import Identity
from bot.accounts.which_account import Access
from bot.domain.errors import CredentialRefused, KeysRefused, LinkUnreadable, XError
from bot.x.client import XClient
from bot.x.credentials import APP, user_id_of
from storage.database import Database
from storage.key_refusals import KeyRefusals
from storage.models import KeyRefusal

# So often X is asked whether it accepts the bot's own keys again.
_ASK_AGAIN = timedelta(minutes=5)

_log = structlog.stdlib.get_logger(__name__)


class KeyCheck:
    def __init__(
        self,
        database: Database,
        access: Access,
        identity: Identity,
        now: Callable[[], datetime],
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._database = database
        self._access = access
        self._own = access.own
        self._identity = identity
        self._now = now
        self._pause = pause
        self._asked_at: dict[str, datetime] = {}

    async def prove(self) -> None:
        """Make sure that X accepts the bot's own keys; raise KeysRefused when it says no thrice.

        That takes a minute. Raise another XError when X cannot be asked.
        """
        if await self._accepts(self._identity.verify()):
            return
        _log.warning("X did not accept the keys; it is asked again before that counts")
        accepted = False
        while not accepted:
            await self._pause(key_verdicts.LOOKS_APART.total_seconds())
            accepted = await self._accepts(self._ask(self._own, self._own.account))

    async def _accepts(self, asking: Awaitable[object]) -> bool:
        """Say whether X has answered; raise KeysRefused when it has refused often enough."""
        try:
            await asking
        except KeysRefused:
            raise
        except CredentialRefused:
            return False
        return True

    async def look(self) -> bool:
        """Ask X about the accounts whose turn it is; return whether it refuses the bot's own."""
        async with self._database.reading() as session:
            rows = await KeyRefusals(session).open()
        if not rows:
            return False
        for row in rows:
            if row.account in self._own.accounts:
                await self._look_at_own(row)
            else:
                await self._look_at_linked(row)
        async with self._database.reading() as session:
            refused = {row.account for row in await KeyRefusals(session).open() if row.refused_at}
        return not refused.isdisjoint(self._own.accounts)

    async def _look_at_own(self, row: KeyRefusal) -> None:
        if row.refused_at is None and self._is_forgotten(row):
            await self._forget(row.account)
        elif self._is_due(row):
            await self._look_at(self._own, row.account)

    async def _look_at_linked(self, row: KeyRefusal) -> None:
        x_user_id = user_id_of(row.account)
        try:
            x = None if x_user_id is None else await self._access.linked.client(x_user_id)
        except LinkUnreadable:
            x = None
        except XError:
            return  # its token is to be refreshed first, which decides as much
        if x is None or (row.refused_at is None and self._is_forgotten(row)):
            await self._forget(row.account)
            return
        if row.refused_at is None and self._is_due(row):
            await self._look_at(x, row.account)
        await self._settle(x, row.account)

    async def _settle(self, x: XClient, account: str) -> None:
        """Give a linked account up when X has refused it thrice."""
        async with self._database.reading() as session:
            row = await KeyRefusals(session).get(account)
        if row is not None and row.refused_at is not None:
            await self._access.linked.refused(x)
            await self._forget(account)

    async def _look_at(self, x: XClient, account: str) -> None:
        """Ask X once; the books write down what it answers."""
        self._asked_at[account] = self._now()
        try:
            await self._ask(x, account)
        except XError as error:
            if not isinstance(error, CredentialRefused):
                _log.info("X does not say whether it accepts an account", account=account)

    async def _ask(self, x: XClient, account: str) -> None:
        if account == APP:
            await x.posts_left()
        else:
            await x.me()

    def _is_due(self, row: KeyRefusal) -> bool:
        asked = [at for at in (self._asked_at.get(row.account), row.looked_at) if at is not None]
        if not asked:
            return True
        if row.refused_at is not None:
            return self._now() - max(asked) >= _ASK_AGAIN
        return key_verdicts.is_apart(max(asked), self._now())

    def _is_forgotten(self, row: KeyRefusal) -> bool:
        since = row.looked_at or row.suspected_at
        return since is None or self._now() - since >= key_verdicts.FORGOTTEN_AFTER

    async def _forget(self, account: str) -> None:
        async with self._database.transaction() as session:
            await KeyRefusals(session).forget(account)

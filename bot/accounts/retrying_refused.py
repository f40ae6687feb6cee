"""Linked accounts that X refused, tried once more: a 401 of X's may have been its own trouble."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.accounts.tokens import TokenStore
from bot.accounts.which_account import MakeClient
from bot.domain.errors import CredentialRefused, LikecordError
from bot.x.credentials import Credentials
from storage.accounts import Accounts
from storage.database import Database
from storage.posts import Posts

# So often a refused account is tried without being asked for.
_TRY_AGAIN = timedelta(days=1)

_log = structlog.stdlib.get_logger(__name__)


class RefusedAccounts:
    def __init__(
        self,
        database: Database,
        tokens: TokenStore,
        make_client: MakeClient,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._tokens = tokens
        self._make_client = make_client
        self._now = now

    async def all_due(self) -> None:
        """Try every account that X refused a day ago or more."""
        async with self._database.reading() as session:
            refused = await Accounts(session).refused_before(self._now() - _TRY_AGAIN)
        for account in refused:
            await self.one(account.x_user_id)

    async def one(self, x_user_id: int) -> bool:
        """Say whether X accepts an account again; that it still does not is no news."""
        since = await self._mark(x_user_id, None)
        if since is None:
            return True
        with self._tokens.retrying(x_user_id):
            try:
                accepted = await self._is_accepted(x_user_id)
            except LikecordError:
                # It could not be tried: it stays as it was.
                await self._mark(x_user_id, since)
                return False
        if accepted:
            _log.info("X accepts a linked account again", x_user_id=x_user_id)
            async with self._database.transaction() as session:
                await Posts(session).show_likers(x_user_id)
        return accepted

    async def _is_accepted(self, x_user_id: int) -> bool:
        token = await self._tokens.token(x_user_id)
        if token is None:
            await self._mark(x_user_id, self._now())
            return False
        try:
            await self._make_client(Credentials(user=token, owns_app=False)).me()
        except CredentialRefused:
            return not await self._tokens.refused(token)
        return True

    async def _mark(self, x_user_id: int, refused_at: datetime | None) -> datetime | None:
        """Write down since when X refuses an account; return what stood there."""
        async with self._database.transaction() as session:
            account = await Accounts(session).get(x_user_id, lock=True)
            if account is None:
                return None
            before, account.revoked_at = account.revoked_at, refused_at
            return before

"""Which X account the bot is."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain import User
from bot.domain.errors import NoCredential
from bot.x.client import XClient
from storage.accounts import Accounts
from storage.database import Database

# The first post there is. An app alone has no endpoint that tells who it is for nothing.
_FIRST_POST = 20


class Identity:
    """Knows the bot's own X account; asks X for its name once, and remembers it."""

    def __init__(self, database: Database, x: XClient, now: Callable[[], datetime]) -> None:
        self._database = database
        self._x = x
        self._now = now

    async def username(self) -> str:
        """Return the username; raise NoCredential when only the app is known to X."""
        if self._x.user_id is None:
            raise NoCredential
        async with self._database.reading() as session:
            known = await self.known(session)
        return known or (await self.refresh()).username

    async def known(self, session: AsyncSession) -> str | None:
        """Return the username if X was asked for it before."""
        if self._x.user_id is None:
            return None
        account = await Accounts(session).get(self._x.user_id)
        return account.username if account is not None else None

    async def refresh(self) -> User:
        """Ask X who the account is: the proof that its token is accepted."""
        me = await self._x.me()
        async with self._database.transaction() as session:
            await Accounts(session).save_own(me.id, me.username, self._now())
        return me

    async def verify(self) -> None:
        """Ask X for something cheap; raise CredentialRefused when it does not accept us."""
        if self._x.user_id is not None:
            await self.refresh()
        else:
            await self._x.counts([_FIRST_POST])

    def refusal(self) -> str:
        """Return the line about the settings that X does not accept."""
        if self._x.user_id is None:
            return "X_BEARER_TOKEN: X does not accept it; make a new one in X's developer console"
        return (
            "X_API_KEY, X_API_SECRET, X_ACCESS_TOKEN, X_ACCESS_TOKEN_SECRET: X does not accept "
            "them; make new ones in X's developer console"
        )

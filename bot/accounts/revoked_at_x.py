"""An owner took back, at X, what they had given this app: their account is unlinked here too."""

from collections.abc import Callable
from datetime import datetime

import structlog

from bot.accounts.abilities import LearntAbilities
from bot.accounts.which_account import Access
from bot.domain.errors import CredentialRefused, KeysRefused, LinkUnreadable, XError
from bot.x.credentials import account_name
from storage.accounts import Accounts
from storage.database import Database
from storage.posts import Posts

_log = structlog.stdlib.get_logger(__name__)


class RevokedAtX:
    def __init__(
        self,
        database: Database,
        access: Access,
        abilities: LearntAbilities,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._access = access
        self._abilities = abilities
        self._now = now

    async def unlink(self, x_user_id: int) -> bool:
        """Unlink an account that X says was taken back, unless X still accepts it; say so.

        It may have been linked anew since.
        """
        if await self._is_accepted(x_user_id):
            return False
        async with self._database.transaction() as session:
            accounts = Accounts(session)
            row = await accounts.get(x_user_id, lock=True)
            if row is None or row.owner_id is None:
                return False
            username = row.username
            await accounts.remove(row)
            await Posts(session).hide_likers(x_user_id)
        await self._abilities.forget(account_name(x_user_id))
        _log.info("an account was taken back at X, and is unlinked", account=username)
        return True

    async def _is_accepted(self, x_user_id: int) -> bool:
        try:
            client = await self._access.linked.client(x_user_id)
            if client is None:
                return False
            await client.me()
        except (CredentialRefused, KeysRefused, LinkUnreadable):
            return False
        except XError:
            return True  # X cannot say; the next look at its keys will
        return True

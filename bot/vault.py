"""Members' tokens for X: encrypted at rest, and refreshed once, whoever asks for them."""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from bot.errors import LinkRefused, XError, XUnavailable
from bot.x.credentials import AppKeys, OAuth2Token, UserToken
from bot.x.oauth import OAuth1Grant, OAuth2Flow, OAuth2Grant
from storage.accounts import Accounts
from storage.crypto import Cipher, Undecipherable
from storage.database import Database
from storage.models import XAccount

# A token that ends within this time is refreshed before it is used.
_MARGIN = timedelta(minutes=1)
# So long another process is given for its refresh before this one takes over.
_LEASE = timedelta(seconds=30)
_LOOK_AGAIN_S = 0.2


class Vault:
    def __init__(
        self,
        database: Database,
        cipher: Cipher,
        now: Callable[[], datetime],
        *,
        oauth2: OAuth2Flow | None,
        keys: AppKeys | None,
    ) -> None:
        self._database = database
        self._cipher = cipher
        self._now = now
        self._oauth2 = oauth2
        self._keys = keys
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    def seal(self, plain: str) -> bytes:
        """Encrypt something that goes into the database beside the tokens."""
        return self._cipher.close(plain)

    def unseal(self, sealed: bytes) -> str:
        return self._cipher.open(sealed)

    def keep_oauth1(self, account: XAccount, grant: OAuth1Grant) -> None:
        """Write a grant into an account's row."""
        tokens = {"token": grant.access_token, "secret": grant.access_token_secret}
        account.oauth1 = self._cipher.close(json.dumps(tokens))
        account.revoked_at = None

    def keep_oauth2(self, account: XAccount, grant: OAuth2Grant) -> None:
        """Write a grant into an account's row."""
        tokens = {"access": grant.access_token, "refresh": grant.refresh_token}
        account.oauth2 = self._cipher.close(json.dumps(tokens))
        account.scopes = " ".join(sorted(grant.scopes))
        account.expires_at = grant.expires_at
        account.refreshing_until = None
        account.revoked_at = None

    async def token(self, x_user_id: int) -> UserToken | OAuth2Token | None:
        """Return what X accepts for an account now, or None when there is nothing any more.

        Raise XUnavailable when a token must be refreshed and X does not answer.
        """
        account = await self._load(x_user_id)
        if account is None or account.revoked_at is not None:
            return None
        signed = self._oauth1(account)
        return signed if signed is not None else await self._fresh(account)

    async def refused(self, x_user_id: int) -> None:
        """Note that X accepts an account's tokens no more."""
        async with self._database.transaction() as session:
            account = await Accounts(session).get(x_user_id, lock=True)
            if account is not None and account.revoked_at is None:
                account.revoked_at = self._now()

    def grants(self, account: XAccount) -> tuple[OAuth1Grant | None, str | None]:
        """Return what is to be revoked on X: the OAuth 1.0a token, the OAuth 2.0 refresh token."""
        signed = self._oauth1(account)
        grant = OAuth1Grant(signed.access_token, signed.access_token_secret) if signed else None
        tokens = self._opened(account.oauth2)
        return grant, tokens.get("refresh") or tokens.get("access")

    def _oauth1(self, account: XAccount) -> UserToken | None:
        tokens = self._opened(account.oauth1)
        if not tokens or self._keys is None:
            return None
        return self._keys.with_token(tokens["token"], tokens["secret"])

    async def _fresh(self, account: XAccount) -> OAuth2Token | None:
        if self._is_fresh(account):
            return self._oauth2_token(account)
        lock = self._locks.setdefault(account.x_user_id, asyncio.Lock())
        async with lock:
            return await self._refreshed(account.x_user_id)

    async def _refreshed(self, x_user_id: int) -> OAuth2Token | None:
        """Refresh, or wait for the one who does: a refresh token is good for one use."""
        deadline = self._now() + _LEASE
        while self._now() <= deadline:
            account = await self._load(x_user_id)
            if account is None or account.revoked_at is not None or account.oauth2 is None:
                return None
            if self._is_fresh(account):
                return self._oauth2_token(account)
            if await self._claim(x_user_id):
                return await self._refresh(account)
            await asyncio.sleep(_LOOK_AGAIN_S)
        raise XUnavailable

    async def _claim(self, x_user_id: int) -> bool:
        now = self._now()
        async with self._database.transaction() as session:
            return await Accounts(session).claim_refresh(x_user_id, now, now + _LEASE)

    async def _refresh(self, account: XAccount) -> OAuth2Token | None:
        refresh_token = self._opened(account.oauth2).get("refresh")
        if self._oauth2 is None or not refresh_token:
            await self.refused(account.x_user_id)
            return None
        try:
            grant = await self._oauth2.refresh(refresh_token)
        except LinkRefused:
            await self.refused(account.x_user_id)
            return None
        except XError:
            await self._release(account.x_user_id)
            raise
        return await self._store(account.x_user_id, grant)

    async def _store(self, x_user_id: int, grant: OAuth2Grant) -> OAuth2Token | None:
        """Store the new tokens before anybody uses them: the old ones are worthless already."""
        async with self._database.transaction() as session:
            account = await Accounts(session).get(x_user_id, lock=True)
            if account is None:
                return None
            self.keep_oauth2(account, grant)
        return self._oauth2_token(account)

    async def _release(self, x_user_id: int) -> None:
        async with self._database.transaction() as session:
            account = await Accounts(session).get(x_user_id, lock=True)
            if account is not None:
                account.refreshing_until = None

    async def _load(self, x_user_id: int) -> XAccount | None:
        async with self._database.reading() as session:
            return await Accounts(session).get(x_user_id)

    def _is_fresh(self, account: XAccount) -> bool:
        return account.expires_at is not None and account.expires_at > self._now() + _MARGIN

    def _oauth2_token(self, account: XAccount) -> OAuth2Token | None:
        access = self._opened(account.oauth2).get("access")
        return OAuth2Token(account.x_user_id, access) if access else None

    def _opened(self, sealed: bytes | None) -> dict[str, str]:
        """Return stored tokens; none when the key that closed them is gone."""
        if sealed is None:
            return {}
        try:
            opened: dict[str, str] = json.loads(self._cipher.open(sealed))
        except Undecipherable:
            return {}
        return opened

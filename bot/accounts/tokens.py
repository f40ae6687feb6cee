"""Members' tokens for X: encrypted at rest, and refreshed once, whoever asks for them."""

import asyncio
import contextlib
import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import structlog

from bot.domain.errors import LikecordError, LinkRefused, LinkUnreadable, XError, XUnavailable
from bot.x.credentials import AppKeys, OAuth2Token, UserToken
from bot.x.oauth import OAuth1Grant, OAuth2Flow, OAuth2Grant
from storage.accounts import Accounts
from storage.crypto import Cipher, Undecipherable
from storage.database import Database
from storage.models import XAccount
from storage.posts import Posts
from storage.revocations import Revocations

_log = structlog.stdlib.get_logger(__name__)
# A token that ends within this time is refreshed before it is used.
_MARGIN = timedelta(minutes=1)
# So long another process is given for its refresh before this one takes over.
REFRESH_LEASE = timedelta(seconds=30)
# A refresh that X refuses once is tried again after this, before the account is given up.
_SECOND_TRY = timedelta(minutes=1)
_LOOK_AGAIN_S = 0.2


class TokenStore:
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
        self._refreshing: dict[int, asyncio.Task[OAuth2Token | None]] = {}
        self._on_trial: set[int] = set()

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
        account.refreshing_until = account.refresh_refused_at = None
        account.revoked_at = None

    async def renew(self) -> None:
        """Encrypt with the current key what an older one opens, so that that one can go."""
        async with self._database.transaction() as session:
            for pending in await Revocations(session).all_for_changing():
                with contextlib.suppress(Undecipherable):
                    pending.oauth1 = self._renewed(pending.oauth1)
                    pending.oauth2 = self._renewed(pending.oauth2)
            for account in await Accounts(session).linked():
                try:
                    account.oauth1 = self._renewed(account.oauth1)
                    account.oauth2 = self._renewed(account.oauth2)
                except Undecipherable:
                    _log.warning("no key opens a linked account's tokens", account=account.username)

    async def finish(self, within: timedelta) -> None:
        """Wait for refreshes under way: what X gives must be stored, the old token is used up."""
        if self._refreshing:
            await asyncio.wait(list(self._refreshing.values()), timeout=within.total_seconds())

    async def token(self, x_user_id: int) -> UserToken | OAuth2Token | None:
        """Return what X accepts for an account now, or None when there is nothing any more.

        Raise LinkUnreadable when no key opens it, and XUnavailable when it must be refreshed and
        X does not answer.
        """
        account = await self._load(x_user_id)
        return None if account is None else await self.usable(account)

    async def usable(self, account: XAccount) -> UserToken | OAuth2Token | None:
        """Return what X accepts for an account that is loaded already, as `token` does."""
        if account.revoked_at is not None:
            return None
        return self._oauth1(account) or await self._fresh(account)

    async def all_ways(self, x_user_id: int) -> list[UserToken | OAuth2Token]:
        """Return what X accepts for an account in each way it is linked, the browser's first.

        Raise what `token` does.
        """
        account = await self._load(x_user_id)
        if account is None or account.revoked_at is not None:
            return []
        found = (await self._fresh(account), self._oauth1(account))
        return [token for token in found if token is not None]

    async def refused(self, token: UserToken | OAuth2Token) -> bool:
        """Stop using an account's tokens because X refuses this one; tell of it once.

        Return False when the account has another token by now, which X was not asked with.
        """
        async with self._database.transaction() as session:
            account = await Accounts(session).get(token.user_id, lock=True)
            if account is None or account.owner_id is None or account.revoked_at is not None:
                return True
            if not self._is_current(account, token):
                return False
            await Posts(session).hide_likers(account.x_user_id)
            account.revoked_at, account.refreshing_until = self._now(), None
        if account.x_user_id not in self._on_trial:
            _log.warning("X no longer accepts a linked account", account=account.username)
        return True

    @contextlib.contextmanager
    def retrying(self, x_user_id: int) -> Iterator[None]:
        """Tell nothing inside when X refuses an account: that was told before."""
        self._on_trial.add(x_user_id)
        try:
            yield
        finally:
            self._on_trial.discard(x_user_id)

    def grants(self, account: XAccount) -> tuple[OAuth1Grant | None, str | None]:
        """Return what is to be revoked on X: the OAuth 1.0a token, the OAuth 2.0 refresh token.

        Raise LinkUnreadable for what no key opens: it cannot be revoked.
        """
        signed = self._oauth1(account)
        grant = OAuth1Grant(signed.access_token, signed.access_token_secret) if signed else None
        tokens = self._opened(account, account.oauth2)
        return grant, tokens.get("refresh") or tokens.get("access")

    def _oauth1(self, account: XAccount) -> UserToken | None:
        tokens = self._opened(account, account.oauth1)
        if not tokens or self._keys is None:
            return None
        return self._keys.with_token(tokens["token"], tokens["secret"])

    async def _fresh(self, account: XAccount) -> OAuth2Token | None:
        """Return a token that has not ended; all who ask at once wait for one refresh.

        The refresh goes on when those who wait for it are cancelled: its answer must be stored.
        """
        token = self._oauth2_token(account)
        if token is None or self._is_fresh(account):
            return token
        x_user_id = account.x_user_id
        task = self._refreshing.get(x_user_id)
        if task is None:
            task = asyncio.create_task(self._refreshed(x_user_id), name=f"refresh-{x_user_id}")
            self._refreshing[x_user_id] = task
            task.add_done_callback(lambda done: self._refresh_ended(x_user_id, done))
        return await asyncio.shield(task)

    def _refresh_ended(self, x_user_id: int, task: asyncio.Task[OAuth2Token | None]) -> None:
        del self._refreshing[x_user_id]
        if not task.cancelled():
            # Whoever waits is told; when nobody does, asyncio need not complain.
            task.exception()

    async def _refreshed(self, x_user_id: int) -> OAuth2Token | None:
        """Refresh, or wait for another process that does: a refresh token is good for one use."""
        deadline = self._now() + REFRESH_LEASE
        while self._now() <= deadline:
            account = await self._load(x_user_id)
            if account is None or account.revoked_at is not None or account.oauth2 is None:
                return None
            if self._is_fresh(account):
                return self._oauth2_token(account)
            if self._was_refused_just_now(account):
                raise XUnavailable
            if (claimed := await self._claim(x_user_id)) is not None:
                return await self._refresh(claimed)
            await asyncio.sleep(_LOOK_AGAIN_S)
        raise XUnavailable

    async def _claim(self, x_user_id: int) -> XAccount | None:
        """Take on the refreshing; the account is as whoever refreshed it last has left it."""
        now = self._now()
        async with self._database.always() as session:
            accounts = Accounts(session)
            if not await accounts.claim_refresh(x_user_id, now, now + REFRESH_LEASE, now + _MARGIN):
                return None
            return await accounts.get(x_user_id)

    async def _refresh(self, account: XAccount) -> OAuth2Token | None:
        token = self._oauth2_token(account)
        refresh_token = self._opened(account, account.oauth2).get("refresh")
        if token is None or self._oauth2 is None or not refresh_token:
            await self._give_up(account, token)
            return None
        try:
            scopes = frozenset(account.scopes.split())
            grant = await self._oauth2.refresh(refresh_token, scopes)
        except LinkRefused as error:
            if await self._is_second_refusal(account.x_user_id):
                await self._give_up(account, token)
                return None
            raise XUnavailable from error
        except XError:
            await self._release(account.x_user_id)
            raise
        return await self._store(account, grant)

    async def _is_second_refusal(self, x_user_id: int) -> bool:
        """Note that X refused to refresh; say whether it had before, and not just now."""
        async with self._database.always() as session:
            account = await Accounts(session).get(x_user_id, lock=True)
            if account is None or account.refresh_refused_at is not None:
                return True
            account.refresh_refused_at, account.refreshing_until = self._now(), None
        return False

    async def _give_up(self, account: XAccount, token: OAuth2Token | None) -> None:
        """Use an account no more that was linked in the browser alone; its PIN's token goes on."""
        if self._oauth1(account) is not None:
            await self._release(account.x_user_id)
        elif token is not None:
            await self.refused(token)

    async def _store(self, before: XAccount, grant: OAuth2Grant) -> OAuth2Token | None:
        """Store the new tokens before anybody uses them: the old ones are worthless already."""
        async with self._database.always() as session:
            account = await Accounts(session).get(before.x_user_id, lock=True)
            if account is not None and account.oauth2 == before.oauth2:
                self.keep_oauth2(account, grant)
                return OAuth2Token(account.x_user_id, grant.access_token)
        # It was unlinked, or linked anew, meanwhile: nobody knows these tokens but X.
        if self._oauth2 is not None:
            with contextlib.suppress(LikecordError):
                await self._oauth2.revoke(grant.refresh_token or grant.access_token)
        return self._oauth2_token(account) if account is not None else None

    async def _release(self, x_user_id: int) -> None:
        async with self._database.always() as session:
            account = await Accounts(session).get(x_user_id, lock=True)
            if account is not None:
                account.refreshing_until = None

    async def _load(self, x_user_id: int) -> XAccount | None:
        async with self._database.reading() as session:
            return await Accounts(session).get(x_user_id)

    def _is_fresh(self, account: XAccount) -> bool:
        return account.expires_at is not None and account.expires_at > self._now() + _MARGIN

    def _was_refused_just_now(self, account: XAccount) -> bool:
        refused_at = account.refresh_refused_at
        return refused_at is not None and self._now() - refused_at < _SECOND_TRY

    def _is_current(self, account: XAccount, token: UserToken | OAuth2Token) -> bool:
        if isinstance(token, OAuth2Token):
            return self._oauth2_token(account) == token
        return self._oauth1(account) == token

    def _oauth2_token(self, account: XAccount) -> OAuth2Token | None:
        access = self._opened(account, account.oauth2).get("access")
        return OAuth2Token(account.x_user_id, access) if access else None

    def _opened(self, account: XAccount, sealed: bytes | None) -> dict[str, str]:
        """Return stored tokens, none where there are none; raise LinkUnreadable."""
        if sealed is None:
            return {}
        try:
            opened: dict[str, str] = json.loads(self._cipher.open(sealed))
        except Undecipherable as error:
            raise LinkUnreadable(account.username) from error
        return opened

    def _renewed(self, sealed: bytes | None) -> bytes | None:
        return None if sealed is None else self._cipher.renew(sealed)

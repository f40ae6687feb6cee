"""Members' own X accounts: link, look at, unlink, forget."""

import asyncio
import contextlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.abilities import Abilities
from bot.access import MakeClient
from bot.domain import AccountStatus, Consent, Forgotten, LinkedAccount, LinkStart, Member
from bot.errors import LinkedBySomebodyElse, LinkingNotSetUp, LinkRefused, NotLinked
from bot.vault import Vault
from bot.x.credentials import AppKeys, Credentials, OAuth2Token, account_name
from bot.x.limits import Endpoint
from bot.x.oauth import OAuth1Flow, OAuth2Flow
from storage.accounts import Accounts, LinkRequests
from storage.actions import Actions
from storage.crypto import Undecipherable
from storage.database import Database
from storage.models import LinkRequest, XAccount
from storage.posts import Posts
from storage.watches import Watches

# A link, and a PIN, are good for this long.
PATIENCE = timedelta(minutes=10)
# The user ID of a token before X has said whose it is.
_NOBODY_YET = 0

Keep = Callable[[XAccount], None]


@dataclass(frozen=True, slots=True)
class Linking:
    """What linking needs, as far as the settings have it; `missing` names what they lack."""

    vault: Vault | None
    oauth2: OAuth2Flow | None
    oauth1: OAuth1Flow | None
    keys: AppKeys | None
    redirect_url: str | None
    missing: str


class AccountService:
    def __init__(
        self,
        database: Database,
        linking: Linking,
        make_client: MakeClient,
        abilities: Abilities,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._linking = linking
        self._make_client = make_client
        self._abilities = abilities
        self._now = now
        self._waiting: dict[str, asyncio.Future[LinkedAccount]] = {}

    @property
    def links_in_browser(self) -> bool:
        """Say whether the page on X_REDIRECT_URL has anything to do."""
        return self._linking.vault is not None and self._linking.oauth2 is not None

    async def begin(self, member: Member) -> LinkStart:
        """Begin to link in every way that is set up; raise LinkingNotSetUp when none is."""
        vault = self._vault()
        key = secrets.token_urlsafe(24)
        secret: dict[str, str] = {}
        browser_url = pin_url = None
        if self._linking.oauth2 is not None:
            request = self._linking.oauth2.begin(key)
            secret |= {"verifier": request.verifier, "x_url": request.url}
            browser_url = f"{self._linking.redirect_url}?link={key}"
        if self._linking.oauth1 is not None:
            pin = await self._linking.oauth1.begin()
            secret |= {"token": pin.token, "token_secret": pin.secret}
            pin_url = pin.url
        row = LinkRequest(
            state=key,
            member_id=member.id,
            member_name=member.name,
            guild_name=member.guild_name,
            secret=vault.seal(json.dumps(secret)),
            created_at=self._now(),
        )
        async with self._database.transaction() as session:
            await LinkRequests(session).add(row)
        return LinkStart(key, browser_url, pin_url, self._now() + PATIENCE)

    async def linked(self, key: str) -> LinkedAccount:
        """Wait until this request is fulfilled by this process; ends in TimeoutError if not."""
        future = self._waiting.setdefault(key, asyncio.get_running_loop().create_future())
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                return await asyncio.shield(future)
        finally:
            self._waiting.pop(key, None)

    async def consent(self, key: str) -> Consent:
        """Return what to ask a person before they go to X; raise LinkRefused if it is too late."""
        async with self._database.reading() as session:
            request = await LinkRequests(session).get(key, self._now() - PATIENCE)
        if request is None:
            raise LinkRefused
        return Consent(request.member_name, request.guild_name, self._secret(request)["x_url"])

    async def finish_in_browser(self, key: str, code: str) -> LinkedAccount:
        """Link what X sent the person back with; each request is good for one use."""
        if self._linking.oauth2 is None:
            raise LinkingNotSetUp(self._linking.missing)
        async with self._database.transaction() as session:
            request = await LinkRequests(session).take(key, self._now() - PATIENCE)
        if request is None:
            raise LinkRefused
        grant = await self._linking.oauth2.finish(code, self._secret(request)["verifier"])
        x = self._make_client(Credentials(user=OAuth2Token(_NOBODY_YET, grant.access_token)))
        me = await x.me()
        vault = self._vault()
        return await self._keep(
            request, LinkedAccount(me.id, me.username), lambda row: vault.keep_oauth2(row, grant)
        )

    async def finish_by_pin(self, member_id: int, pin: str) -> LinkedAccount:
        """Link the account that showed this PIN; a wrong one can be tried again."""
        flow, keys = self._linking.oauth1, self._linking.keys
        if flow is None or keys is None:
            raise LinkingNotSetUp(self._linking.missing)
        async with self._database.reading() as session:
            request = await LinkRequests(session).newest_of(member_id, self._now() - PATIENCE)
        if request is None:
            raise LinkRefused
        secret = self._secret(request)
        grant = await flow.finish(secret["token"], secret["token_secret"], pin.strip())
        x = self._make_client(
            Credentials(user=keys.with_token(grant.access_token, grant.access_token_secret))
        )
        me = await x.me()
        vault = self._vault()
        return await self._keep(
            request, LinkedAccount(me.id, me.username), lambda row: vault.keep_oauth1(row, grant)
        )

    async def _keep(self, request: LinkRequest, linked: LinkedAccount, keep: Keep) -> LinkedAccount:
        """Store a grant as the member's account, in place of another one they had linked."""
        before = await self._of_member(request.member_id)
        if before is not None and before.x_user_id != linked.x_user_id:
            await self.unlink(request.member_id)
        async with self._database.transaction() as session:
            accounts = Accounts(session)
            row = await accounts.get(linked.x_user_id, lock=True)
            if row is not None and row.owner_id not in (None, request.member_id):
                raise LinkedBySomebodyElse
            row = row or XAccount(
                x_user_id=linked.x_user_id, username=linked.username, created_at=self._now()
            )
            row.owner_id, row.username = request.member_id, linked.username
            keep(row)
            await accounts.save(row)
            await LinkRequests(session).forget(request.member_id)
            await Posts(session).show_likers(linked.x_user_id)
        await self._abilities.forget(account_name(linked.x_user_id))
        waiting = self._waiting.get(request.state)
        if waiting is not None and not waiting.done():
            waiting.set_result(linked)
        return linked

    async def status(self, member_id: int) -> AccountStatus:
        """Return how a member's account is linked; raise NotLinked when none is."""
        row = await self._of_member(member_id)
        if row is None:
            raise NotLinked
        liking = self._abilities.known(account_name(row.x_user_id), Endpoint.LIKE)
        ways = (("OAuth 1.0a", row.oauth1), ("OAuth 2.0", row.oauth2))
        return AccountStatus(
            username=row.username,
            ways=tuple(name for name, tokens in ways if tokens is not None),
            scopes=tuple(row.scopes.split()),
            linked_at=row.created_at,
            accepted=row.revoked_at is None,
            liking=None if liking is None else liking.problem is None,
        )

    async def unlink(self, member_id: int) -> str:
        """Revoke a member's tokens on X, then delete them; return the account's username.

        When X does not answer, nothing is deleted: the tokens would go on to work there.
        """
        row = await self._of_member(member_id)
        if row is None:
            raise NotLinked
        await self._revoke(row)
        async with self._database.transaction() as session:
            accounts = Accounts(session)
            stored = await accounts.get(row.x_user_id, lock=True)
            if stored is not None:
                await accounts.remove(stored)
            await Posts(session).hide_likers(row.x_user_id)
        await self._abilities.forget(account_name(row.x_user_id))
        return row.username

    async def forget(self, member_id: int) -> Forgotten:
        """Delete all that is stored about a member, their linked account first."""
        try:
            username = await self.unlink(member_id)
        except NotLinked:
            username = None
        async with self._database.transaction() as session:
            await LinkRequests(session).forget(member_id)
            actions = await Actions(session).forget(member_id)
            await Watches(session).forget_creator(member_id)
        return Forgotten(username, actions)

    async def _revoke(self, row: XAccount) -> None:
        oauth1, oauth2 = self._vault().grants(row)
        # What X no longer accepts needs no revoking.
        with contextlib.suppress(LinkRefused):
            if oauth1 is not None and self._linking.oauth1 is not None:
                await self._linking.oauth1.revoke(oauth1)
        with contextlib.suppress(LinkRefused):
            if oauth2 is not None and self._linking.oauth2 is not None:
                await self._linking.oauth2.revoke(oauth2)

    async def _of_member(self, member_id: int) -> XAccount | None:
        async with self._database.reading() as session:
            return await Accounts(session).of_member(member_id)

    def _vault(self) -> Vault:
        linking = self._linking
        if linking.vault is None or (linking.oauth1 is None and linking.oauth2 is None):
            raise LinkingNotSetUp(linking.missing)
        return linking.vault

    def _secret(self, request: LinkRequest) -> dict[str, str]:
        try:
            secret: dict[str, str] = json.loads(self._vault().unseal(request.secret))
        except Undecipherable as error:
            raise LinkRefused from error
        return secret

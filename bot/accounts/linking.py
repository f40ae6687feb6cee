"""Members' own X accounts: link, look at, unlink, forget."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from yarl import URL

from bot.accounts.abilities import LearntAbilities
from bot.accounts.retrying_refused import RefusedAccounts
from bot.accounts.tokens import TokenStore
from bot.accounts.waiting_for_link import WaitingForLink
from bot.accounts.which_account import MakeClient
from bot.domain import AccountStatus, Consent, Forgotten, LinkedAccount, LinkStart, Member
from bot.domain.errors import (
    LikecordError,
    LinkedBySomebodyElse,
    LinkingNotSetUp,
    LinkRefused,
    NotLinked,
    PinRefused,
    XError,
)
from bot.x.credentials import AppKeys, Credentials, OAuth2Token, UserToken, account_name
from bot.x.limits import Endpoint
from bot.x.oauth import OAuth1Flow, OAuth2Flow
from bot.x.revoking import give_back, revoke_oauth1, revoke_oauth2
from storage.accounts import Accounts, LinkRequests
from storage.actions import Actions
from storage.allowances import Allowances
from storage.consents import Consents
from storage.crypto import Undecipherable
from storage.database import Database
from storage.models import LinkRequest, XAccount
from storage.posts import Posts
from storage.watches import Watches

# A link, and a PIN, are good for this long.
LINK_LIFETIME = timedelta(minutes=10)
# The user ID of a token before X has said whose it is.
_NOBODY_YET = 0

_log = structlog.stdlib.get_logger(__name__)
Keep = Callable[[XAccount], None]


@dataclass(frozen=True, slots=True)
class Linking:
    """What linking needs, as far as the settings have it; `missing` names what they lack."""

    tokens: TokenStore | None
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
        abilities: LearntAbilities,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._linking = linking
        self._make_client = make_client
        self._abilities = abilities
        self._now = now
        self._waiting = WaitingForLink(LINK_LIFETIME)
        tokens = linking.tokens
        self._refused_accounts = (
            RefusedAccounts(database, tokens, make_client, now) if tokens is not None else None
        )

    @property
    def links_in_browser(self) -> bool:
        """Say whether the page on X_REDIRECT_URL has anything to do."""
        return self._linking.tokens is not None and self._linking.oauth2 is not None

    @property
    def links_by_pin(self) -> bool:
        return self._linking.tokens is not None and self._linking.oauth1 is not None

    async def begin(self, member: Member) -> LinkStart:
        """Begin to link in every way that is set up; raise LinkingNotSetUp when none is."""
        tokens = self._tokens()
        key = secrets.token_urlsafe(24)
        secret: dict[str, str] = {}
        browser_url = pin_url = None
        if self._linking.oauth2 is not None and self._linking.redirect_url is not None:
            request = self._linking.oauth2.begin(key)
            secret |= {"verifier": request.verifier, "x_url": request.url}
            browser_url = str(URL(self._linking.redirect_url).update_query(link=key))
        if self._linking.oauth1 is not None:
            try:
                pin = await self._linking.oauth1.begin()
            except XError as error:
                if browser_url is None:
                    raise
                _log.warning("X gives no PIN page", problem=type(error).__name__)
            else:
                secret |= {"token": pin.token, "token_secret": pin.secret}
                pin_url = pin.url
        row = LinkRequest(
            state=key,
            member_id=member.id,
            member_name=member.name,
            guild_name=member.guild_name,
            guild_id=member.guild_id,
            secret=tokens.seal(json.dumps(secret)),
            created_at=self._now(),
        )
        async with self._database.transaction() as session:
            await LinkRequests(session).add(row)
        return LinkStart(key, browser_url, pin_url, self._now() + LINK_LIFETIME)

    async def linked(self, key: str) -> LinkedAccount:
        """Wait until this request is fulfilled by this process; ends in TimeoutError if not."""
        return await self._waiting.wait(key)

    async def consent(self, key: str) -> Consent:
        """Return what to ask a person before they go to X; raise LinkRefused if it is too late."""
        request = await self._request(key)
        x_url = self._secret(request, "x_url")
        return Consent(request.member_name, request.guild_name, x_url)

    async def finish_in_browser(self, key: str, code: str) -> LinkedAccount:
        """Link what X sent the person back with; each request is good for one use."""
        flow = self._linking.oauth2
        if flow is None:
            raise LinkingNotSetUp(self._linking.missing)
        tokens = self._tokens()
        async with self._database.transaction() as session:
            request = await LinkRequests(session).take(key, self._now() - LINK_LIFETIME)
        if request is None:
            raise LinkRefused
        grant = await flow.finish(code, self._secret(request, "verifier"))
        try:
            linked = await self._who(OAuth2Token(_NOBODY_YET, grant.access_token))
            return await self._keep(request, linked, lambda row: tokens.keep_oauth2(row, grant))
        except LikecordError:
            await give_back(flow, grant)
            raise

    async def finish_by_pin(self, member_id: int, key: str, pin: str) -> LinkedAccount:
        """Link the account that showed this PIN; raise PinRefused for one to be entered again."""
        flow, keys = self._linking.oauth1, self._linking.keys
        if flow is None or keys is None:
            raise LinkingNotSetUp(self._linking.missing)
        tokens = self._tokens()
        request = await self._request(key)
        if request.member_id != member_id:
            raise LinkRefused
        token, secret = self._secret(request, "token"), self._secret(request, "token_secret")
        try:
            grant = await flow.finish(token, secret, pin.strip())
        except LinkRefused as error:
            raise PinRefused from error
        linked = await self._who(keys.with_token(grant.access_token, grant.access_token_secret))
        return await self._keep(request, linked, lambda row: tokens.keep_oauth1(row, grant))

    async def _who(self, token: UserToken | OAuth2Token) -> LinkedAccount:
        me = await self._make_client(Credentials(user=token)).me()
        return LinkedAccount(me.id, me.username)

    async def _keep(self, request: LinkRequest, linked: LinkedAccount, keep: Keep) -> LinkedAccount:
        """Store a grant as the member's account, in place of another one they had linked."""
        member_id = request.member_id
        async with self._database.reading() as session:
            _require_free(await Accounts(session).get(linked.x_user_id), member_id)
        before = await self._of_member(member_id)
        if before is not None and before.x_user_id != linked.x_user_id:
            await self.unlink(member_id)
        async with self._database.transaction() as session:
            accounts = Accounts(session)
            row = await accounts.get(linked.x_user_id, lock=True)
            _require_free(row, member_id)
            row = row or XAccount(
                x_user_id=linked.x_user_id, username=linked.username, created_at=self._now()
            )
            if row.owner_id is None:
                row.created_at = self._now()
            row.owner_id, row.username = member_id, linked.username
            keep(row)
            await accounts.save(row)
            if request.guild_id:  # one of before servers were asked about names none
                await Consents(session).agree(linked.x_user_id, request.guild_id, self._now())
            await LinkRequests(session).forget(member_id)
            await Posts(session).show_likers(linked.x_user_id)
        await self._abilities.forget(account_name(linked.x_user_id))
        self._waiting.arrived(request.state, linked)
        return linked

    async def status(self, member_id: int) -> AccountStatus:
        """Return how a member's account is linked; raise NotLinked when none is."""
        row = await self._of_member(member_id)
        if row is None:
            raise NotLinked
        async with self._database.reading() as session:
            account = account_name(row.x_user_id)
            liking = await self._abilities.known(session, account, Endpoint.LIKE)
        ways = (("OAuth 1.0a", row.oauth1), ("OAuth 2.0", row.oauth2))
        return AccountStatus(
            username=row.username,
            ways=tuple(name for name, tokens in ways if tokens is not None),
            scopes=tuple(row.scopes.split()),
            linked_at=row.created_at,
            accepted=row.revoked_at is None,
            liking=None if liking is None else liking.problem is None,
        )

    async def retry_refused_account(self, member_id: int) -> None:
        """Ask X whether it accepts a member's account again, if it refused it."""
        row = await self._of_member(member_id)
        if row is None or row.revoked_at is None or self._refused_accounts is None:
            return
        await self._refused_accounts.one(row.x_user_id)

    async def forget_refusals(self, member_id: int) -> None:
        """Let the next occasion show whether X still refuses what it refused a member's account."""
        row = await self._of_member(member_id)
        if row is not None:
            await self._abilities.try_again(account_name(row.x_user_id))

    async def try_refused(self) -> None:
        """Try once more the accounts that X has refused for a day."""
        if self._refused_accounts is not None:
            await self._refused_accounts.all_due()

    async def unlink(self, member_id: int) -> str:
        """Revoke a member's tokens on X, then delete them; return the account's username.

        When X does not answer, nothing is deleted: the tokens would go on to work there.
        """
        row = await self._of_member(member_id)
        if row is None:
            raise NotLinked
        if self._linking.tokens is not None:
            oauth1, oauth2 = self._linking.tokens.grants(row)
            await revoke_oauth1(self._linking.oauth1, oauth1)
            await revoke_oauth2(self._linking.oauth2, oauth2)
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
        account = await self._of_member(member_id)
        if account is not None:
            await self.unlink(member_id)
        async with self._database.transaction() as session:
            if account is not None:
                await Allowances(session).forget(account_name(account.x_user_id))
            await LinkRequests(session).forget(member_id)
            actions = await Actions(session).forget(member_id)
            await Watches(session).forget_creator(member_id)
        return Forgotten(account.username if account is not None else None, actions)

    async def _of_member(self, member_id: int) -> XAccount | None:
        async with self._database.reading() as session:
            return await Accounts(session).of_member(member_id)

    async def _request(self, key: str) -> LinkRequest:
        async with self._database.reading() as session:
            request = await LinkRequests(session).get(key, self._now() - LINK_LIFETIME)
        if request is None:
            raise LinkRefused
        return request

    def _tokens(self) -> TokenStore:
        linking = self._linking
        if linking.tokens is None or (linking.oauth1 is None and linking.oauth2 is None):
            raise LinkingNotSetUp(linking.missing)
        return linking.tokens

    def _secret(self, request: LinkRequest, name: str) -> str:
        """Return what proves that a request is ours; raise LinkRefused for another way's."""
        try:
            secret: dict[str, str] = json.loads(self._tokens().unseal(request.secret))
            return secret[name]
        except (Undecipherable, KeyError) as error:
            raise LinkRefused from error


def _require_free(account: XAccount | None, member_id: int) -> None:
    if account is not None and account.owner_id not in (None, member_id):
        raise LinkedBySomebodyElse

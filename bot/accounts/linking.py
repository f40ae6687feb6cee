"""Members' own X accounts: link, look at, unlink, forget."""

import contextlib
import secrets
import unicodedata
from collections.abc import Callable
from datetime import datetime

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession
from yarl import URL

from bot.accounts.abilities import LearntAbilities
from bot.accounts.open_requests import LINK_LIFETIME, OpenRequests, member_of
from bot.accounts.retrying_refused import RefusedAccounts
from bot.accounts.unlinking import Unlinking
from bot.accounts.waiting_for_link import WaitingForLink
from bot.accounts.ways_to_link import Linking
from bot.accounts.which_account import MakeClient
from bot.domain import (
    AccountStatus,
    Consent,
    Forgotten,
    LinkedAccount,
    LinkStart,
    Member,
    Unlinked,
)
from bot.domain.errors import (
    AskedToBeForgotten,
    LinkedBySomebodyElse,
    LinkingNotSetUp,
    LinkRefused,
    NotLinked,
    PinRefused,
    PinsUsedUp,
    XError,
    XUnavailable,
)
from bot.x.credentials import Credentials, OAuth2Token, UserToken, account_name
from bot.x.limits import Endpoint
from bot.x.revoking import give_back, give_back_oauth1
from storage.accounts import Accounts, LinkRequests
from storage.consents import Consents
from storage.database import Database
from storage.forgotten import ForgottenList
from storage.models import ForgottenKind, LinkRequest, XAccount
from storage.posts import Posts

# So many PINs may be tried for each request.
MOST_PINS = 5
# User IDs below zero stand for owners of tokens before X has said who they are.
_MOST_NOBODIES = 2**62

_log = structlog.stdlib.get_logger(__name__)
Keep = Callable[[XAccount], None]


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
        self._requests = OpenRequests(database, linking, now)
        self._waiting = WaitingForLink(LINK_LIFETIME)
        self._unlinking = Unlinking(database, linking, abilities, now)
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
        await self._requests.require_room(member.id)
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
        await self._requests.add(key, member, secret)
        return LinkStart(key, browser_url, pin_url, self._now() + LINK_LIFETIME)

    async def linked(self, key: str) -> LinkedAccount:
        """Wait until this request is fulfilled by this process; ends in TimeoutError if not."""
        return await self._waiting.wait(key)

    async def consent(self, key: str) -> Consent:
        """Return what to ask a person before they go to X; raise LinkRefused if it is too late."""
        request = await self._requests.get(key)
        return Consent(member_of(request), self._requests.secret(request, "x_url"))

    async def finish_in_browser(self, key: str, code: str) -> LinkedAccount:
        """Link what X sent the person back with; each request is good for one use."""
        flow = self._linking.oauth2
        if flow is None:
            raise LinkingNotSetUp(self._linking.missing)
        tokens = self._requests.tokens()
        request = await self._requests.take(key)
        grant = await flow.finish(code, self._requests.secret(request, "verifier"))
        try:
            linked = await self._whose(grant.access_token)
            return await self._keep(request, linked, lambda row: tokens.keep_oauth2(row, grant))
        except Exception:
            await give_back(flow, grant)
            raise

    async def finish_by_pin(self, member_id: int, key: str, pin: str) -> LinkedAccount:
        """Link the account that showed this PIN; raise PinRefused for one to be entered again."""
        flow, keys = self._linking.oauth1, self._linking.keys
        if flow is None or keys is None:
            raise LinkingNotSetUp(self._linking.missing)
        tokens = self._requests.tokens()
        request = await self._requests.get(key)
        if request.member_id != member_id:
            raise LinkRefused
        token, secret = (
            self._requests.secret(request, "token"),
            self._requests.secret(request, "token_secret"),
        )
        async with self._database.transaction() as session:
            if not await LinkRequests(session).count_try(key, MOST_PINS):
                raise PinsUsedUp
        try:
            grant = await flow.finish(token, secret, _typed(pin))
        except LinkRefused as error:
            raise PinRefused from error
        except XUnavailable:
            async with self._database.transaction() as session:
                await LinkRequests(session).take_try_back(key)
            raise
        try:
            signed = keys.with_token(grant.access_token, grant.access_token_secret)
            linked = await self._who(signed)
            return await self._keep(request, linked, lambda row: tokens.keep_oauth1(row, grant))
        except Exception:
            await give_back_oauth1(flow, grant)
            raise

    async def _whose(self, access_token: str) -> LinkedAccount:
        """Ask whose a token is that nobody knows yet: what X allows of it is no other's."""
        nobody_yet = -secrets.randbelow(_MOST_NOBODIES) - 1
        try:
            return await self._who(OAuth2Token(nobody_yet, access_token))
        finally:
            await self._abilities.forget(account_name(nobody_yet))

    async def _who(self, token: UserToken | OAuth2Token) -> LinkedAccount:
        me = await self._make_client(Credentials(user=token)).me()
        return LinkedAccount(me.id, me.username)

    async def _keep(self, request: LinkRequest, linked: LinkedAccount, keep: Keep) -> LinkedAccount:
        """Store a grant as the member's account, in place of another one they had linked."""
        member_id = request.member_id
        async with self._database.reading() as session:
            _require_free(await Accounts(session).get(linked.x_user_id), member_id)
            await _require_wanted(session, linked)
        await self._abilities.forget(account_name(linked.x_user_id))
        while not await self._store(request, linked, keep):
            with contextlib.suppress(NotLinked):  # somebody else just did
                await self.unlink(member_id)
        self._waiting.arrived(request.state, linked)
        return linked

    async def _store(self, request: LinkRequest, linked: LinkedAccount, keep: Keep) -> bool:
        """Store a grant; return False, and store nothing, where another account is to go first."""
        member_id, now = request.member_id, self._now()
        async with self._database.transaction() as session:
            accounts = Accounts(session)
            # Of two that are linked at once, the second one finds the first.
            await accounts.lock_of(member_id)
            before = await accounts.of_member(member_id)
            if before is not None and before.x_user_id != linked.x_user_id:
                return False
            await ForgottenList(session).lock(ForgottenKind.USER, linked.x_user_id)
            await _require_wanted(session, linked)
            row = await accounts.lock(linked.x_user_id, linked.username, now)
            _require_free(row, member_id)
            if row.owner_id is None:
                row.created_at = now
            row.owner_id, row.username = member_id, linked.username
            keep(row)
            if request.guild_id:  # one of before servers were asked about names none
                await Consents(session).agree(linked.x_user_id, request.guild_id, now)
            await LinkRequests(session).forget(member_id)
            await Posts(session).show_likers(linked.x_user_id)
        return True

    async def status(self, member_id: int) -> AccountStatus:
        """Return how a member's account is linked; raise NotLinked when none is."""
        async with self._database.reading() as session:
            row = await Accounts(session).of_member(member_id)
            if row is None:
                raise NotLinked
            account = account_name(row.x_user_id)
            liking = await self._abilities.known(session, account, Endpoint.LIKE)
        ways = (("with a PIN", row.oauth1), ("in the browser", row.oauth2))
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

    async def unlink(self, member_id: int) -> Unlinked:
        """Revoke a member's tokens on X, and delete them here whatever it says."""
        return await self._unlinking.unlink(member_id)

    async def forget(self, member_id: int) -> Forgotten:
        """Delete all that is stored about a member, at once; X is told to revoke it afterwards."""
        return await self._unlinking.forget(member_id)

    async def revoke_pending(self) -> None:
        """Tell X to revoke what was forgotten here."""
        await self._unlinking.revoke_pending()

    async def _of_member(self, member_id: int) -> XAccount | None:
        async with self._database.reading() as session:
            return await Accounts(session).of_member(member_id)


def _typed(pin: str) -> str:
    """Return a PIN as X shows it, however it was typed: with spaces, or in wide digits."""
    plain = unicodedata.normalize("NFKC", pin)
    return "".join(sign for sign in plain if sign.isalnum())


async def _require_wanted(session: AsyncSession, linked: LinkedAccount) -> None:
    """Raise AskedToBeForgotten for who is on that list: nothing of theirs is stored."""
    if await ForgottenList(session).stand_ins([linked.x_user_id]):
        raise AskedToBeForgotten


def _require_free(account: XAccount | None, member_id: int) -> None:
    if account is not None and account.owner_id not in (None, member_id):
        raise LinkedBySomebodyElse

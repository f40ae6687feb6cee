"""Keeps what X is to push equal to what is watched: listed, made and deleted, never changed."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from enum import Enum, auto

import structlog

from bot.accounts.which_account import Access
from bot.domain.errors import (
    CredentialRefused,
    InvalidForX,
    KeysRefused,
    LikecordError,
    LinkUnreadable,
    NoCredential,
    Refused,
    XError,
    XNotFound,
)
from bot.domain.push import PushKind, Subscription
from bot.watching.polling_budget import PollingBudget
from bot.watching.push.asking_again import AskingAgain
from bot.watching.push.coverage import Coverage
from bot.x.activity import is_ours
from bot.x.client import XClient
from bot.x.limits import Endpoint
from storage.abilities import EndpointAbilities
from storage.accounts import Accounts
from storage.database import Database
from storage.posts import Posts

_log = structlog.stdlib.get_logger(__name__)
LIST_EVERY = timedelta(hours=1)
_REFUSED_FOR = timedelta(days=1)
# Beside the likes, for nothing: who takes an account back, and which posts are gone.
_BESIDE = (PushKind.REVOKED, PushKind.POST_DELETED)


class _Way(Enum):
    """As whom X is asked first: what it refused of one way says nothing of a better one."""

    BROWSER = auto()
    LINKED = auto()
    OWN = auto()


class Subscribing:
    """Lists and deletes as the `app`; each account subscribes for itself, with its own token."""

    def __init__(
        self,
        database: Database,
        access: Access,
        app: XClient,
        coverage: Coverage,
        *,
        budget: PollingBudget,
        now: Callable[[], datetime],
        is_on: bool = True,
        webhook: Callable[[], int | None] = lambda: None,
    ) -> None:
        self._database = database
        self._access = access
        self._app = app
        self._coverage = coverage
        self._budget = budget
        self._now = now
        self._is_on = is_on
        self._webhook = webhook
        self._wanted: frozenset[int] = frozenset()
        self._listed_at: datetime | None = None
        self._linked: frozenset[int] = frozenset()
        self._in_browser: frozenset[int] = frozenset()
        self._refused: dict[tuple[int, PushKind, _Way], datetime] = {}
        self._unlisted: set[int] = set()
        self._again = AskingAgain(now)
        self._tried: frozenset[int] = frozenset()
        self._failures: list[LikecordError] = []

    @property
    def trouble(self) -> LikecordError | None:
        """What keeps X from pushing what it is to push, as the last try showed."""
        return self._again.trouble

    @property
    def refuses_any(self) -> bool:
        """Say whether X has refused a linked account that is to be pushed."""
        return any(self.refuses(each) for each in self._wanted & self._linked)

    def refuses(self, account_id: int) -> bool:
        """Say whether X has refused that an account subscribes, less than a day ago."""
        return self._is_refused(account_id, PushKind.LIKE)

    async def has_made_any(self) -> bool:
        """Say whether X has ever taken a subscription of ours."""
        async with self._database.reading() as session:
            return await EndpointAbilities(session).any_allowed(Endpoint.SUBSCRIBE)

    def look_anew(self) -> None:
        """List what there is at the next occasion."""
        self._listed_at = None

    async def run_once(self) -> None:
        """Make X's list what it should be; raise XError where X does not let itself be asked."""
        wanted = await self._accounts() if self._is_on else frozenset()
        if wanted == self._wanted and not self._is_due(wanted):
            return
        if wanted == self._tried and self._again.is_too_soon:
            return
        self._tried = wanted
        self._failures.clear()
        try:
            await self._make_equal(wanted)
        except XError as error:
            self._again.failed(error)
            raise
        if self._failures:
            self._again.failed(self._failures[-1])
        else:
            self._again.worked()

    async def _make_equal(self, wanted: frozenset[int]) -> None:
        listed = await self._app.activity.subscriptions()
        await self._delete(listed, wanted)
        made = await self._make(listed, wanted)
        if made:
            listed = await self._app.activity.subscriptions()
        self._wanted, self._listed_at = wanted, self._now()
        kept = {each.user_id for each in listed if each.tells_of_likes and each.user_id}
        self._coverage.subscribed(kept & wanted)
        for account_id in made & kept:
            self._coverage.renewed(account_id)
        # X's list may be late.
        for account_id in (made - kept) & self._unlisted:
            self._refuse(account_id, PushKind.LIKE)
            _log.info("X does not list a subscription that it took", account=account_id)
        self._unlisted = made - kept - self._unlisted

    def _is_due(self, wanted: Collection[int]) -> bool:
        if self._listed_at is None or self._now() - self._listed_at >= LIST_EVERY:
            return True
        if self._again.trouble is not None:
            return True
        lacking = set(wanted) - self._coverage.accounts.keys()
        return any(not self.refuses(account_id) for account_id in lacking)

    async def _accounts(self) -> frozenset[int]:
        """Return whose posts are watched where they may be named, and somebody pays for them."""
        found = set()
        async with self._database.reading() as session:
            authors, budgets = await Posts(session).watched_authors()
            await self._budget.look_also(session, budgets)
            readers = await self._access.readers(session)
            self._in_browser = await Accounts(session).in_browser()
        self._linked = frozenset(readers.agreed) - readers.refused
        if self._budget.is_over:
            return frozenset()
        for author_id, guild_ids in authors.items():
            open_ones = [guild for guild in guild_ids if not self._budget.is_shut([guild])]
            is_own = author_id == readers.own_id and readers.is_home(open_ones)
            if is_own or readers.reads_linked(author_id, open_ones):
                found.add(author_id)
        return frozenset(found)

    async def _delete(self, listed: Iterable[Subscription], wanted: Collection[int]) -> None:
        """Delete ours that nobody needs, or that would not tell what is needed."""
        webhook_id = self._webhook()
        gone = [
            each.id
            for each in listed
            if is_ours(each) and (each.user_id not in wanted or _misses(each, webhook_id))
        ]
        try:
            await self._app.activity.unsubscribe(gone)
        except XNotFound:
            pass  # they have gone meanwhile, as the next list will show
        except XError as error:
            self._failures.append(error)

    async def _make(self, listed: Collection[Subscription], wanted: Collection[int]) -> set[int]:
        """Make what is missing; return the accounts whose likes are pushed from now on."""
        webhook_id, made = self._webhook(), set()
        there = {
            (each.user_id, each.event_type) for each in listed if not _misses(each, webhook_id)
        }
        for account_id in sorted(wanted):
            for kind in (PushKind.LIKE, *_BESIDE):
                if (account_id, kind) in there or self._is_refused(account_id, kind):
                    continue
                if await self._subscribe(account_id, kind) and kind is PushKind.LIKE:
                    made.add(account_id)
                if kind is PushKind.LIKE and self._is_refused(account_id, kind):
                    break
        return made

    async def _subscribe(self, account_id: int, kind: PushKind) -> bool:
        """Subscribe as the account itself; say whether X took it, or has it already.

        What X refuses of one way in which it is linked is tried in the next.
        """
        refusal: XError = NoCredential()
        try:
            for client in await self._clients(account_id):
                try:
                    return await self._subscribe_as(client, account_id, kind)
                except (Refused, CredentialRefused) as error:
                    refusal = error
        except (XError, LinkUnreadable) as error:
            self._failures.append(error)
            return False
        if isinstance(refusal, Refused | KeysRefused):
            self._refuse(account_id, kind)
            problem = type(refusal).__name__
            _log.info("X refuses a subscription", account=account_id, kind=kind, problem=problem)
        else:
            self._failures.append(refusal)
        return False

    async def _subscribe_as(self, client: XClient, account_id: int, kind: PushKind) -> bool:
        try:
            await client.activity.subscribe(kind, account_id, self._webhook())
        except InvalidForX:
            # There is one already, as the list will show, or X knows no such events.
            if kind is not PushKind.LIKE:
                self._refuse(account_id, kind)
        return True

    async def _clients(self, account_id: int) -> list[XClient]:
        """Return an account as which X is asked: the linked one, else the bot's own."""
        linked = await self._access.linked.subscribers(account_id)
        is_own = account_id == self._access.own.user_id
        return [*linked, self._access.own] if is_own else linked

    def _way(self, account_id: int) -> _Way:
        if account_id in self._in_browser:
            return _Way.BROWSER
        return _Way.LINKED if account_id in self._linked else _Way.OWN

    def _refuse(self, account_id: int, kind: PushKind) -> None:
        self._refused[account_id, kind, self._way(account_id)] = self._now()

    def _is_refused(self, account_id: int, kind: PushKind) -> bool:
        """Say whether X refused it in the way that there is now; one linked since is another."""
        at = self._refused.get((account_id, kind, self._way(account_id)))
        return at is not None and self._now() - at < _REFUSED_FOR


def _misses(each: Subscription, webhook_id: int | None) -> bool:
    """Say whether a subscription does not tell of what it should, or not where it should."""
    return each.direction == "outbound" or (is_ours(each) and each.webhook_id != webhook_id)

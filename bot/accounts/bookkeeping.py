"""The books of a request to X: one transaction before it is sent, and one after.

What X refused, the allowance and the money are looked at together, so that a request that one of
them forbids uses up nothing of the others.
"""

from collections import Counter
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.accounts.abilities import LearntAbilities
from bot.accounts.allowances import SharedAllowances
from bot.accounts.key_verdicts import KeyVerdicts
from bot.accounts.window_shares import is_shared
from bot.domain import Allowance
from bot.domain.errors import CredentialRefused, RateLimited, Refused, XError, XNotReached
from bot.money.holds import Held
from bot.money.ledger import Ledger
from bot.x.asking.books import OpenRequest, RequestTerms
from bot.x.asking.refusals import refusal, teaches
from bot.x.credentials import APP, user_id_of
from bot.x.limits import Endpoint
from bot.x.prices import Billed, Prices
from storage.consents import Consents
from storage.database import Database
from storage.fence import check_lead
from storage.until_stored import if_back_soon


@dataclass(frozen=True, slots=True)
class _Taken:
    """What was taken for a request, and whether X is known to allow its endpoint."""

    allowance: Allowance
    is_known: bool


class Bookkeeping:
    """Implements `bot.x.asking.books.Books` for all processes on one database."""

    def __init__(
        self,
        database: Database,
        allowances: SharedAllowances,
        abilities: LearntAbilities,
        ledger: Ledger,
        keys: KeyVerdicts,
        *,
        own_account: str = APP,
    ) -> None:
        self._database = database
        self._keys = keys
        self._allowances = allowances
        self._abilities = abilities
        self._ledger = ledger
        self._own_accounts = {own_account, APP}
        self._lessons: Counter[tuple[str, Endpoint]] = Counter()

    @property
    def prices(self) -> Prices:
        return self._ledger.prices

    async def allowance(self, account: str, endpoint: Endpoint) -> Allowance:
        return await self._allowances.allowance(account, endpoint)

    def expected_allowance(self, account: str, endpoint: Endpoint) -> Allowance:
        return self._allowances.last_seen(account, endpoint)

    @asynccontextmanager
    async def open(self, terms: RequestTerms) -> AsyncIterator[OpenRequest]:
        """Take one request, and hold its money until the end; see `Books.open`."""
        async with self._ledger.deciding:
            async with self._database.transaction() as session:
                held = await self._ledger.afford(session, terms.worst, terms.bill)
                taken = await self._take(session, terms)
            self._ledger.hold(held)
        request = _Request(self, terms, taken, held)
        try:
            yield request
        finally:
            await self._ledger.release(held, booked=request.is_booked)

    async def _take(self, session: AsyncSession, terms: RequestTerms) -> _Taken:
        account, endpoint, keep = terms.account, terms.endpoint, terms.keep
        of_people = is_shared(endpoint, terms.bill)
        if not of_people:
            allowed = await self._allowances.take_allowed(session, account, endpoint, keep=keep)
            if allowed is not None:
                return _Taken(allowed, is_known=True)
        known = await self._abilities.known(session, account, endpoint)
        if (problem := self._abilities.problem(known)) is not None:
            raise refusal(problem)
        if of_people:
            guild_id = terms.bill.guild_id
            taken = await self._allowances.take_for_people(session, account, endpoint, guild_id)
        else:
            taken = await self._allowances.take(session, account, endpoint, keep=keep)
        return _Taken(taken, is_known=known is not None and known.problem is None)

    def lessons(self, terms: RequestTerms) -> int:
        """Return how often X has told another allowance than was counted here."""
        return self._lessons[terms.account, terms.endpoint]

    @if_back_soon
    async def not_received(self, terms: RequestTerms, taken: _Taken, lessons: int) -> None:
        """Give back what was taken for a request that X did not receive.

        Where X has told its own count meanwhile, that is without this request already.
        """
        if lessons != self.lessons(terms):
            return
        async with self._database.always() as session:
            account, endpoint = terms.account, terms.endpoint
            guild_id = terms.bill.guild_id if is_shared(endpoint, terms.bill) else None
            await self._allowances.give_back(session, account, endpoint, taken.allowance, guild_id)

    @if_back_soon
    async def answered(
        self,
        terms: RequestTerms,
        taken: _Taken,
        held: Held,
        headers: Mapping[str, str],
        billed: Collection[Billed],
    ) -> None:
        async with self._database.always() as session:
            await self._learn(session, terms, taken, headers)
            # In the order in which a refusal is noted, so that no two deadlock.
            await self._keys.accepted(session, terms.account, terms.endpoint)
            if not taken.is_known:
                await self._abilities.allowed(session, terms.account, terms.endpoint)
            await self._ledger.settle(session, held, billed)
            await self._note_use(session, terms)

    async def _note_use(self, session: AsyncSession, terms: RequestTerms) -> None:
        """Note for whom a member's account was asked with: they can look at that."""
        x_user_id, bill = user_id_of(terms.account), terms.bill
        if x_user_id is None or terms.account in self._own_accounts or not bill.guild_ids:
            return
        guild_ids = bill.guild_ids
        if bill.is_polling:
            # Others may watch the same post, and see no names.
            agreed, _ = await Consents(session).agreed([x_user_id])
            guild_ids &= agreed.get(x_user_id, frozenset())
        today = self._ledger.today()
        await Consents(session).used(x_user_id, guild_ids, bill.purpose, today)

    @if_back_soon
    async def failed(
        self, terms: RequestTerms, taken: _Taken, headers: Mapping[str, str], error: XError
    ) -> XError:
        async with self._database.always() as session:
            await self._learn(session, terms, taken, headers)
            if isinstance(error, RateLimited):
                # Last, because X may want more patience than its window does.
                account, endpoint = terms.account, terms.endpoint
                until = error.resets_at
                error = RateLimited(
                    await self._allowances.refuse(session, account, endpoint, until)
                )
            await self._learn(session, terms, taken, headers)
            if isinstance(error, CredentialRefused):
                error = await self._keys.refused(session, terms.account, terms.endpoint)
            if isinstance(error, Refused):
                await self._refused(session, terms, error)
        return error

    async def _refused(self, session: AsyncSession, terms: RequestTerms, error: Refused) -> None:
        """Note a 403: X knows who asks, and that it allows this no more, if it says so."""
        await self._keys.accepted(session, terms.account, terms.endpoint)
        if teaches(error):
            await self._abilities.refused(session, terms.account, terms.endpoint, error.problem)

    async def _learn(
        self,
        session: AsyncSession,
        terms: RequestTerms,
        taken: _Taken,
        headers: Mapping[str, str],
    ) -> None:
        """Write down what the headers say, unless it is what was counted here."""
        heard = self._allowances.told(terms.endpoint, headers)
        if heard is not None and heard != taken.allowance:
            self._lessons[terms.account, terms.endpoint] += 1
            await self._allowances.learn(session, terms.account, terms.endpoint, headers)


class _Request:
    """A request that is under way; what was taken for it is handed on."""

    def __init__(self, books: Bookkeeping, terms: RequestTerms, taken: _Taken, held: Held) -> None:
        self._books = books
        self._terms = terms
        self._taken = taken
        self._held = held
        self._lessons = books.lessons(terms)
        self.is_booked = False

    def may_be_sent(self) -> None:
        check_lead()
        if not self._held.may_be_sent:
            raise XNotReached  # this process stood still: others may have spent the money by now

    async def answered(self, headers: Mapping[str, str], billed: Collection[Billed]) -> None:
        await self._books.answered(self._terms, self._taken, self._held, headers, billed)
        self.is_booked = True

    async def failed(self, headers: Mapping[str, str] | None, error: XError) -> XError:
        if isinstance(error, XNotReached):
            await self._books.not_received(self._terms, self._taken, self._lessons)
        if headers is None:
            return error
        return await self._books.failed(self._terms, self._taken, headers, error)

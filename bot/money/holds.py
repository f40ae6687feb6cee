"""What requests under way may cost is as good as spent, in whichever process they are."""

import asyncio
import logging
import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import inf
from typing import Protocol

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.money.member_budget import Member, member_of
from bot.money.spent_this_month import Spending
from bot.x.prices import Bill
from storage.database import Database
from storage.money_holds import MoneyHolds
from storage.outages import why_away
from storage.steady import steady_s

logger = logging.getLogger(__name__)
# For so long money is kept for a request of which nothing more is heard: its process was killed.
# It is sent within the first half or not at all; the other is for X's answer and for a database
# that restarts before it is booked.
LASTS = timedelta(seconds=60)
SENT_WITHIN_S = 30.0
# A failure is told, and a process ends, without a database that does not answer.
_LETS_GO_WITHIN_S = 2.0
_ID_BITS = 63


@dataclass(frozen=True, slots=True)
class Held:
    """The micro-USD that a request may cost each guild, and the budgets that these guilds have.

    The `bill` names those alone who can pay; `of_members` is what it may cost whose own budget.
    `id` is what other processes see; 0 is nothing. It is kept for a request that is sent before
    `until_s`, by the steady clock.
    """

    budgets: Mapping[int, int]
    bill: Bill
    parts: Mapping[int, int] = field(default_factory=Counter)
    of_members: Mapping[Member, int] = field(default_factory=dict)
    id: int = 0
    until_s: float = inf

    @property
    def may_be_sent(self) -> bool:
        """Say whether the money is still kept for what is sent now."""
        return steady_s() < self.until_s


@dataclass(frozen=True, slots=True)
class Commitments:
    """The micro-USD that guilds have spent this month, and what other requests may cost them.

    `today` and `member_spent` are where other processes may have spent since that was looked at.
    """

    spent: Counter[int]
    held: Counter[int]
    member_held: int
    today: Mapping[int, int] | None = None
    member_spent: int = 0

    @property
    def by_guild(self) -> Counter[int]:
        return self.spent + self.held


class Holds(Protocol):
    def known(self) -> Mapping[int, int]:
        """Return what is held for each guild, as far as nobody has to be asked."""
        ...

    def known_of(self, member: Member) -> int:
        """Return the same for a member."""
        ...

    def new(self, held: Held) -> Held:
        """Return a hold as it is to be kept."""
        ...

    async def keep(self, session: AsyncSession, held: Held) -> Commitments:
        """Keep money, or its other parts, in this transaction; return what there is beside it."""
        ...

    async def look(self, session: AsyncSession, bill: Bill) -> Commitments: ...

    def hold(self, held: Held) -> None:
        """Keep what was decided, once that is committed."""
        ...

    async def book(self, session: AsyncSession, held: Held) -> None:
        """Let go with the transaction in which is written what the request has cost."""
        ...

    async def release(self, held: Held, *, booked: bool) -> None:
        """Let go of what is over."""
        ...


class HoldsOfOneProcess:
    """SQLite's one process keeps them in its memory."""

    def __init__(self, spending: Spending) -> None:
        self._spending = spending
        self._held: Counter[int] = Counter()
        self._of_members: Counter[Member] = Counter()
        self._releases = 0

    def known(self) -> Mapping[int, int]:
        return self._held

    def known_of(self, member: Member) -> int:
        return self._of_members[member]

    def new(self, held: Held) -> Held:
        return held

    async def keep(self, session: AsyncSession, held: Held) -> Commitments:
        """Only look: nobody else decides before `hold` keeps it."""
        return await self.look(session, held.bill)

    async def look(self, session: AsyncSession, bill: Bill) -> Commitments:
        """Return what is spent and held; what moves from one to the other meanwhile is in it."""
        while True:
            releases = self._releases
            spent = await self._spending.by_guild(session)
            if releases == self._releases:
                return Commitments(spent, Counter(self._held), self.known_of(member_of(bill)))

    def hold(self, held: Held) -> None:
        self._held.update(held.parts)
        self._of_members.update(held.of_members)

    async def book(self, session: AsyncSession, held: Held) -> None:
        """Do nothing: it counts twice until that is committed, and not less than once."""

    async def release(self, held: Held, *, booked: bool) -> None:
        del booked
        self._held.subtract(held.parts)
        self._of_members -= Counter(held.of_members)  # without those who hold nothing more
        self._releases += 1


class SharedHolds:
    """Processes on one PostgreSQL see in a table what the others hold.

    Who keeps money for a request has a lock until that is committed, and looks afterwards at what
    there is: no two find the same last cents. What a process leaves behind that is killed runs out.
    """

    def __init__(self, database: Database, spending: Spending, now: Callable[[], datetime]) -> None:
        self._database = database
        self._spending = spending
        self._now = now

    def known(self) -> Mapping[int, int]:
        return {}

    def known_of(self, member: Member) -> int:
        del member
        return 0

    def new(self, held: Held) -> Held:
        until_s = steady_s() + SENT_WITHIN_S
        return replace(held, id=secrets.randbits(_ID_BITS) or 1, until_s=until_s)

    async def keep(self, session: AsyncSession, held: Held) -> Commitments:
        member_id = held.bill.member_id if held.of_members else 0
        await MoneyHolds(session).put(held.id, held.parts, member_id, LASTS)
        return await self._committed(session, held.bill, held.id)

    async def look(self, session: AsyncSession, bill: Bill) -> Commitments:
        return await self._committed(session, bill, 0)

    async def _committed(self, session: AsyncSession, bill: Bill, hold_id: int) -> Commitments:
        now = self._now()
        settled, since = await self._spending.settled(session, now)
        guild_id, member_id = member_of(bill)
        money = await MoneyHolds(session).money(since, now.date(), hold_id, guild_id, member_id)
        spent = settled + money.before + money.today
        return Commitments(spent, money.held, money.member_held, money.today, money.member_spent)

    def hold(self, held: Held) -> None:
        """Do nothing: it is in the table."""

    async def book(self, session: AsyncSession, held: Held) -> None:
        if held.id:
            await MoneyHolds(session).let_go(held.id)

    async def release(self, held: Held, *, booked: bool) -> None:
        """Let go of what came to nothing; while the database is away, it runs out by itself."""
        if booked or not held.id:
            return
        try:
            async with asyncio.timeout(_LETS_GO_WITHIN_S), self._database.always() as session:
                await MoneyHolds(session).let_go(held.id)
        except Exception as error:
            if not isinstance(error, TimeoutError) and why_away(error) is None:
                raise
            logger.warning("money is kept for a request that is over", exc_info=error)

"""Who leads: of the processes on one database, one at a time does what must not be done twice."""

import asyncio
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam as given
from sqlalchemy import case, func, or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.database import Database
from storage.fence import LeadLost, fenced
from storage.models import Lease
from storage.steady import steady_s

_NAME = "lead"
# For so long a process leads that does not renew its lease: it was killed, or stands still.
LASTS = timedelta(seconds=15)
# Renewed, and tried for by the others, so often: who does nothing wrong misses it three times.
RENEW_EVERY = timedelta(seconds=4)
# Clocks do not run equally fast, and what is sent takes a moment to leave.
_MARGIN_S = 2.0


@dataclass(frozen=True, slots=True)
class _Held:
    """A lease that is ours: for how long by our clock, and which time of leading it is."""

    until_s: float
    term: int


class Lead:
    """A lease in the database that must be renewed, by the database's own clock.

    A process that stands still (SIGSTOP, a disk that hangs) loses it, and notices by its own steady
    clock before it does anything more; what it would still write is refused by the database.
    SQLite is for one process, which leads.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], float] = steady_s,
        gained: Callable[[], None] = lambda: None,
    ) -> None:
        """`gained` hears when this process leads that did not before."""
        self._gained = gained
        self._database = database
        self._clock = clock
        self._holder = secrets.token_hex(8)
        self._held: _Held | None = None
        self._unheard_at: float | None = None
        self._one_at_a_time = asyncio.Lock()

    @property
    def held(self) -> bool:
        """Say whether this process is sure to lead, without asking the database."""
        return self._database.is_sqlite or self._lasting() is not None

    @property
    def answers(self) -> bool:
        """Say whether this process is to answer what all processes hear.

        While the database cannot be asked, nobody else can have taken the lead from who had it.
        """
        if self.held:
            return True
        unheard_at = self._unheard_at
        lately = unheard_at is not None and self._clock() - unheard_at < LASTS.total_seconds()
        return self._held is not None and lately

    async def is_ours(self) -> bool:
        """Say whether this process leads now; if nobody does, it does from now on.

        Raise what a session would when the database cannot be reached.
        """
        return self.held or await self.renew()

    async def renew(self) -> bool:
        """Lead for longer, or from now on if nobody does; return whether this process leads."""
        if self._database.is_sqlite:
            return True
        async with self._one_at_a_time:
            asked_at = self._clock()
            try:
                async with self._database.always() as session:
                    term = await self._take(session)
            except Exception:
                self._unheard_at = self._clock()
                raise
            self._unheard_at = None
            until_s = asked_at + LASTS.total_seconds() - _MARGIN_S
            before, self._held = self._held, None if term is None else _Held(until_s, term)
            if self._held is not None and (before is None or before.term != term):
                self._gained()
            return term is not None

    @contextmanager
    def leading(self) -> Iterator[None]:
        """Do what is inside as the process that leads; raise LeadLost there when it does no more.

        What its transactions write is written only if it leads until they end.
        """
        if self._database.is_sqlite:
            yield
            return
        held = self._lasting()
        if held is None:
            raise LeadLost
        with fenced(_Term(self, held.term)):
            yield

    async def give_up(self) -> None:
        """Let another process lead from now on."""
        async with self._one_at_a_time:
            if self._held is None:
                return
            self._held = None
            async with self._database.always() as session:
                await session.exec(
                    update(Lease)
                    .where(col(Lease.name) == _NAME, col(Lease.holder) == self._holder)
                    .values(until=func.clock_timestamp())
                )

    def check(self, term: int) -> None:
        """Raise LeadLost when this time of leading is over, or may be."""
        held = self._lasting()
        if held is None or held.term != term:
            raise LeadLost

    async def hold(self, session: AsyncSession, term: int) -> None:
        """Keep others from taking over before a transaction ends; raise LeadLost if one has."""
        self.check(term)
        ours = await session.exec(_HOLD, params={"holder": self._holder, "term": term})
        if ours.first() is None:
            self._held = None
            raise LeadLost

    def _lasting(self) -> _Held | None:
        held = self._held
        return held if held is not None and self._clock() < held.until_s else None

    async def _take(self, session: AsyncSession) -> int | None:
        """Return the term of the lease when it is ours now, else None."""
        until = func.clock_timestamp() + LASTS
        ours = col(Lease.holder) == self._holder
        taking = insert(Lease).values(name=_NAME, holder=self._holder, term=1, until=until)
        taken = taking.on_conflict_do_update(
            index_elements=[col(Lease.name)],
            set_={
                "holder": self._holder,
                "term": case((ours, col(Lease.term)), else_=col(Lease.term) + 1),
                "until": until,
            },
            where=or_(ours, col(Lease.until) <= func.clock_timestamp()),
        ).returning(col(Lease.term))
        return (await session.exec(taken)).scalar_one_or_none()


@dataclass(frozen=True, slots=True)
class _Term:
    """Implements `storage.fence.Fence` for one time of leading."""

    lead: Lead
    term: int

    def check(self) -> None:
        self.lead.check(self.term)

    async def hold(self, session: AsyncSession) -> None:
        await self.lead.hold(session, self.term)


# Built once, for whatever is written as the process that leads ends with it.
_HOLD = (
    select(Lease.name)
    .where(
        col(Lease.name) == _NAME,
        col(Lease.holder) == given("holder"),
        col(Lease.term) == given("term"),
        col(Lease.until) > func.clock_timestamp(),
    )
    .with_for_update(read=True)
)

"""Times that lie farther ahead than they can be meant: the clock was set back since."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import ColumnElement, Update, bindparam, case, func, or_
from sqlmodel import SQLModel, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import (
    AccountWatch,
    Announcement,
    AnnouncementState,
    EndpointAbility,
    KeyRefusal,
    LeftGuild,
    MessageEdit,
    Post,
    PostKind,
    StoredAllowance,
    XAccount,
)
from storage.tables import table_of
from storage.types import UtcDateTime

# When X made a post is X's to say; when to look next is to come.
_NOT_PAST = frozenset({"created_at", "look_at"})
# Two processes, and X, never have quite the same time.
_CLOCKS_DIFFER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Where:
    """How far ahead a time may lie: `then` in rows with one of these values, else `otherwise`."""

    column: str
    values: tuple[str, ...]
    then: timedelta
    otherwise: timedelta


class FutureTimes:
    """Brings each time back to the latest that it can be; `now` is the time of all processes."""

    def __init__(self, session: AsyncSession, now: datetime) -> None:
        self._session = session
        self._now = now

    @classmethod
    async def open(cls, session: AsyncSession, now: datetime) -> "FutureTimes":
        """Take the server's time where ours is far behind: others' claims must not suffer from it.

        SQLite is for one process, and has no clock of its own.
        """
        if session.get_bind().dialect.name == "postgresql":
            servers: datetime = (await session.exec(select(func.now()))).one()
            now = servers if servers - now > _CLOCKS_DIFFER else now
        return cls(session, now)

    async def of_announcements(self, delay: timedelta, lease: timedelta) -> int:
        """Bound how long announcements are put off, and how long they are claimed."""
        # Growth is told a while after the growth before it, which was sent or is being sent.
        put_off = Where("state", (AnnouncementState.WAITING,), delay, timedelta(0))
        return await self._bound(
            Announcement, not_before=put_off, claimed_until=lease
        ) + await self._bound(MessageEdit, not_before=delay)

    async def of_accounts(self, lease: timedelta) -> int:
        """Bound how long an account is being refreshed, and since when X refuses what."""
        past = timedelta(0)
        return await self._bound(
            XAccount, refreshing_until=lease, revoked_at=past, refresh_refused_at=past
        ) + await self._bound(EndpointAbility, learnt_at=past)

    async def of_allowances(self, window: timedelta, day: timedelta, daily: str) -> int:
        """Bound when X's windows end: those of one name last a day."""
        resets_at = Where("endpoint", (daily,), day, window)
        return await self._bound(StoredAllowance, resets_at=resets_at)

    async def of_looks(self, named: timedelta, counted: timedelta) -> int:
        """Bound when posts, accounts and keys were looked at, so that they are looked at again.

        Lists that show names are looked at again after `named` at the latest, others `counted`.
        """
        look_at = Where("kind", (PostKind.COUNTS, PostKind.STALLED), counted, named)
        return await self._bound(Post, **_past(Post), look_at=look_at) + sum(
            [
                await self._bound(table, **_past(table))
                for table in (AccountWatch, KeyRefusal, LeftGuild)
            ]
        )

    async def _bound(self, table: type[SQLModel], **longest: timedelta | Where) -> int:
        """Bound columns, each to so long from now, in one statement; say how many rows it took."""
        bounding, aheads = _bounding(table, *longest.items())
        latest = {name: self._now + ahead for name, ahead in aheads.items()}
        return (await self._session.exec(bounding, params=latest)).rowcount


@cache
def _bounding(
    table: type[SQLModel], *longest: tuple[str, timedelta | Where]
) -> tuple[Update, dict[str, timedelta]]:
    """Make the statement once; it is told each of the times that lie so far ahead."""
    latest = _Latest()
    too_far = {
        name: _column(table, name) > latest.of(table, each, _CLOCKS_DIFFER)
        for name, each in longest
    }
    values = {
        name: case((too_far[name], latest.of(table, each)), else_=_column(table, name))
        for name, each in longest
    }
    bounding = update(table_of(table)).where(or_(*too_far.values())).values(values)
    return bounding, latest.aheads


class _Latest:
    """The times that a statement is told, by the names it has for them."""

    def __init__(self) -> None:
        self.aheads: dict[str, timedelta] = {}

    def of(
        self, table: type[SQLModel], longest: timedelta | Where, more: timedelta = timedelta(0)
    ) -> ColumnElement[datetime]:
        if isinstance(longest, Where):
            then, otherwise = (
                self.of(table, each, more) for each in (longest.then, longest.otherwise)
            )
            return case((_column(table, longest.column).in_(longest.values), then), else_=otherwise)
        ahead = longest + more
        name = f"ahead_{ahead // timedelta(microseconds=1)}"
        self.aheads[name] = ahead
        return bindparam(name, type_=UtcDateTime())


def _past(table: type[SQLModel]) -> dict[str, timedelta]:
    return dict.fromkeys(_times(table), timedelta(0))


def _times(table: type[SQLModel]) -> list[str]:
    return [
        column.name
        for column in table_of(table).c
        if isinstance(column.type, UtcDateTime) and column.name not in _NOT_PAST
    ]


def _column(table: type[SQLModel], name: str) -> ColumnElement[object]:
    return table_of(table).c[name]

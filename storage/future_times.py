"""Times that lie farther ahead than they can be meant: the clock was set back since."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, literal, or_
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
from storage.types import UtcDateTime

# When X made a post is X's to say; when to look next is to come.
_NOT_PAST = frozenset({"created_at", "look_at"})
# Two processes, and X, never have quite the same time.
_CLOCKS_DIFFER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Where:
    """How far ahead a time may lie: `then` in rows where the condition holds, else `otherwise`."""

    condition: ColumnElement[bool]
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
        waits = _column(Announcement, "state") == AnnouncementState.WAITING
        put_off = Where(waits, delay, timedelta(0))
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
        is_daily = _column(StoredAllowance, "endpoint") == daily
        return await self._bound(StoredAllowance, resets_at=Where(is_daily, day, window))

    async def of_looks(self, named: timedelta, counted: timedelta) -> int:
        """Bound when posts, accounts and keys were looked at, so that they are looked at again.

        Lists that show names are looked at again after `named` at the latest, others `counted`.
        """
        is_counted = _column(Post, "kind").in_((PostKind.COUNTS, PostKind.STALLED))
        look_at = Where(is_counted, counted, named)
        return await self._bound(Post, **_past(Post), look_at=look_at) + sum(
            [
                await self._bound(table, **_past(table))
                for table in (AccountWatch, KeyRefusal, LeftGuild)
            ]
        )

    async def _bound(self, table: type[SQLModel], **longest: timedelta | Where) -> int:
        """Bound columns, each to so long from now, in one statement; say how many rows it took."""
        too_far = {
            name: _column(table, name) > self._from_now(each, _CLOCKS_DIFFER)
            for name, each in longest.items()
        }
        values = {
            name: case((too_far[name], self._from_now(each)), else_=_column(table, name))
            for name, each in longest.items()
        }
        result = await self._session.exec(
            update(table)
            .where(or_(*too_far.values()))
            .values(values)
            .execution_options(synchronize_session=False)
        )
        return result.rowcount

    def _from_now(
        self, longest: timedelta | Where, more: timedelta = timedelta(0)
    ) -> ColumnElement[datetime]:
        if isinstance(longest, Where):
            then, otherwise = (
                self._from_now(each, more) for each in (longest.then, longest.otherwise)
            )
            return case((longest.condition, then), else_=otherwise)
        return literal(self._now + longest + more, UtcDateTime())


def _past(table: type[SQLModel]) -> dict[str, timedelta]:
    return dict.fromkeys(_times(table), timedelta(0))


def _times(table: type[SQLModel]) -> list[str]:
    columns = SQLModel.metadata.tables[str(table.__tablename__)].columns
    return [
        column.name
        for column in columns
        if isinstance(column.type, UtcDateTime) and column.name not in _NOT_PAST
    ]


def _column(table: type[SQLModel], name: str) -> ColumnElement[object]:
    column: ColumnElement[object] = getattr(table, name)
    return column

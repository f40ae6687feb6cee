"""What X still allows, shared by every process and kept across restarts."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam as given
from sqlalchemy import exists
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import EndpointAbility, StoredAllowance
from storage.named_locks import has_named_locks, lock_by_name, once_locked
from storage.tables import table_of
from storage.upsert import Row, upsert


class OpenWindow(NamedTuple):
    """A window of which a request was taken just now."""

    endpoint: str
    limit: int
    remaining: int
    resets_at: datetime


class Allowances:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self, account: str) -> None:
        """Let nobody else change this account's allowances before the transaction ends.

        The first request of a window has no row that could be locked.
        """
        await lock_by_name(self._session, _name(account))

    async def of(
        self, account: str, endpoints: Sequence[str], *, lock: bool = False
    ) -> list[StoredAllowance]:
        """Return the known windows, past ones too: their limit is still the best guess."""
        asked = {"account": account, "endpoints": [*endpoints]}
        return list(await self._session.exec(_OF_LOCKED if lock else _OF, params=asked))

    async def some(
        self, accounts: Collection[str], endpoints: Collection[str]
    ) -> list[StoredAllowance]:
        """Return the known windows of several accounts."""
        asked = {"accounts": [*accounts], "endpoints": [*endpoints]}
        return list(await self._session.exec(_SOME, params=asked))

    async def take_allowed(
        self, account: str, endpoint: str, *, keep: int, now: datetime
    ) -> OpenWindow | None:
        """Take one request of an open window, where X allowed the endpoint when it last answered.

        None: more has to be looked at. The account is locked before its row, as by all others: a
        row stays locked that is passed over after a wait, and who then waits for `lock` deadlocks.
        """
        asked = {"of": account, "at": endpoint, "keep": keep, "now": now}
        take = _TAKE
        if has_named_locks(self._session):
            take, asked["name"] = _TAKE_ONCE_LOCKED, _name(account)
        row = (await self._session.exec(take, params=asked)).one_or_none()
        return None if row is None else OpenWindow._make(row)

    async def save(self, rows: Sequence[Row]) -> None:
        if rows:
            await upsert(self._session, StoredAllowance, rows)

    async def forget(self, account: str) -> None:
        await self._session.exec(
            delete(StoredAllowance).where(col(StoredAllowance.account) == account)
        )

    async def forget_before(self, now: datetime) -> None:
        await self._session.exec(
            delete(StoredAllowance).where(col(StoredAllowance.resets_at) <= now)
        )


def _name(account: str) -> str:
    return f"allowance:{account}"


# Built once, for these are asked with every request to X.
_SOME = select(StoredAllowance).where(
    col(StoredAllowance.account).in_(given("accounts", expanding=True)),
    col(StoredAllowance.endpoint).in_(given("endpoints", expanding=True)),
)
_OF = select(StoredAllowance).where(
    col(StoredAllowance.account) == given("account"),
    col(StoredAllowance.endpoint).in_(given("endpoints", expanding=True)),
)
_OF_LOCKED = _OF.with_for_update()
_windows, _abilities = table_of(StoredAllowance), table_of(EndpointAbility)
_TAKE = (
    update(_windows)
    .where(
        _windows.c.account == given("of"),
        _windows.c.endpoint == given("at"),
        _windows.c.remaining > given("keep"),
        _windows.c.resets_at > given("now"),
        exists().where(
            _abilities.c.account == given("of"),
            _abilities.c.endpoint == given("at"),
            _abilities.c.problem.is_(None),
        ),
    )
    .values(remaining=_windows.c.remaining - 1)
    .returning(*(_windows.c[name] for name in OpenWindow._fields))
)
_TAKE_ONCE_LOCKED = _TAKE.where(once_locked())

"""What X still allows, shared by every process and kept across restarts."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam as given
from sqlalchemy import exists
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import EndpointAbility, StoredAllowance
from storage.named_locks import lock_by_name
from storage.upsert import Row, upsert


class Allowances:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self, account: str) -> None:
        """Let nobody else change this account's allowances before the transaction ends.

        The first request of a window has no row that could be locked.
        """
        await lock_by_name(self._session, f"allowance:{account}")

    async def of(
        self, account: str, endpoints: Sequence[str], *, lock: bool = False
    ) -> list[StoredAllowance]:
        """Return the known windows, past ones too: their limit is still the best guess."""
        asked = {"accounts": [account], "endpoints": [*endpoints]}
        query = _SOME_LOCKED if lock else _SOME
        return list(await self._session.exec(query, params=asked))

    async def some(
        self, accounts: Collection[str], endpoints: Collection[str]
    ) -> list[StoredAllowance]:
        """Return the known windows of several accounts."""
        asked = {"accounts": [*accounts], "endpoints": [*endpoints]}
        return list(await self._session.exec(_SOME, params=asked))

    async def take_allowed(
        self, account: str, endpoint: str, *, keep: int, now: datetime
    ) -> StoredAllowance | None:
        """Take one request of an open window, where X allowed the endpoint when it last answered.

        One statement, which no two processes get between. None: more has to be looked at.
        """
        asked = {"of": account, "at": endpoint, "keep": keep, "now": now}
        return (await self._session.exec(_TAKE, params=asked)).scalars().one_or_none()

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


# Built once, for these are asked with every request to X.
_SOME = select(StoredAllowance).where(
    col(StoredAllowance.account).in_(given("accounts", expanding=True)),
    col(StoredAllowance.endpoint).in_(given("endpoints", expanding=True)),
)
_SOME_LOCKED = _SOME.with_for_update()
_TAKE = (
    update(StoredAllowance)
    .where(
        col(StoredAllowance.account) == given("of"),
        col(StoredAllowance.endpoint) == given("at"),
        col(StoredAllowance.remaining) > given("keep"),
        col(StoredAllowance.resets_at) > given("now"),
        exists().where(
            col(EndpointAbility.account) == given("of"),
            col(EndpointAbility.endpoint) == given("at"),
            col(EndpointAbility.problem).is_(None),
        ),
    )
    .values(remaining=col(StoredAllowance.remaining) - 1)
    .returning(StoredAllowance)
    .execution_options(synchronize_session=False)
)

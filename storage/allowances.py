"""What X still allows, shared by every process and kept across restarts."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam as given
from sqlalchemy import exists
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

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
        query = _windows([account], endpoints)
        return list(await self._session.exec(query.with_for_update() if lock else query))

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
        allowed = exists().where(
            col(EndpointAbility.account) == account,
            col(EndpointAbility.endpoint) == endpoint,
            col(EndpointAbility.problem).is_(None),
        )
        statement = (
            update(StoredAllowance)
            .where(
                col(StoredAllowance.account) == account,
                col(StoredAllowance.endpoint) == endpoint,
                col(StoredAllowance.remaining) > keep,
                col(StoredAllowance.resets_at) > now,
                allowed,
            )
            .values(remaining=col(StoredAllowance.remaining) - 1)
            .returning(StoredAllowance)
            .execution_options(synchronize_session=False)
        )
        return (await self._session.exec(statement)).scalars().one_or_none()

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


_SOME = select(StoredAllowance).where(
    col(StoredAllowance.account).in_(given("accounts", expanding=True)),
    col(StoredAllowance.endpoint).in_(given("endpoints", expanding=True)),
)


def _windows(
    accounts: Collection[str], endpoints: Collection[str]
) -> SelectOfScalar[StoredAllowance]:
    return select(StoredAllowance).where(
        col(StoredAllowance.account).in_(accounts), col(StoredAllowance.endpoint).in_(endpoints)
    )

"""What X lets each account do, as far as it was tried."""

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import Ability
from storage.upsert import Row, upsert


class Abilities:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def all(self) -> list[Ability]:
        return list(await self._session.exec(select(Ability)))

    async def save(self, row: Row) -> None:
        await upsert(self._session, Ability, [row])

    async def forget_refusals(self, account: str) -> None:
        await self._session.exec(
            delete(Ability).where(
                col(Ability.account) == account, col(Ability.problem).is_not(None)
            )
        )

    async def forget(self, account: str) -> None:
        await self._session.exec(delete(Ability).where(col(Ability.account) == account))

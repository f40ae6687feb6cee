"""What X lets each account do, as far as it was tried."""

from collections.abc import Collection

from sqlmodel import col, delete
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import Ability
from storage.upsert import Row, upsert


class Abilities:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, account: str, endpoint: str) -> Ability | None:
        return await self._session.get(Ability, (account, endpoint))

    async def save(self, row: Row) -> None:
        await upsert(self._session, Ability, [row])

    async def forget_refusals(self, accounts: Collection[str]) -> None:
        """Forget what X refused these accounts; without any, what it refused all."""
        refusals = delete(Ability).where(col(Ability.problem).is_not(None))
        if accounts:
            refusals = refusals.where(col(Ability.account).in_(accounts))
        await self._session.exec(refusals)

    async def forget(self, account: str) -> None:
        await self._session.exec(delete(Ability).where(col(Ability.account) == account))

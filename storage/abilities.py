"""What X lets each account do, as far as it was tried."""

from collections.abc import Collection

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import EndpointAbility
from storage.upsert import Row, upsert


class EndpointAbilities:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def any_allowed(self, endpoint: str) -> bool:
        """Say whether X lets any account use an endpoint, as far as that was tried."""
        query = select(EndpointAbility.account).where(
            col(EndpointAbility.endpoint) == endpoint, col(EndpointAbility.problem).is_(None)
        )
        return (await self._session.exec(query.limit(1))).first() is not None

    async def get(
        self, account: str, endpoint: str, *, lock: bool = False
    ) -> EndpointAbility | None:
        key, locked = (account, endpoint), True if lock else None
        return await self._session.get(EndpointAbility, key, with_for_update=locked)

    async def save(self, row: Row) -> None:
        await upsert(self._session, EndpointAbility, [row])

    async def forget_refusals(self, accounts: Collection[str], but: Collection[str] = ()) -> None:
        """Forget what X refused these accounts; without any, what it refused all.

        What it refused of the endpoints in `but` stays known.
        """
        refusals = delete(EndpointAbility).where(
            col(EndpointAbility.problem).is_not(None), col(EndpointAbility.endpoint).not_in(but)
        )
        if accounts:
            refusals = refusals.where(col(EndpointAbility.account).in_(accounts))
        await self._session.exec(refusals)

    async def forget(self, account: str) -> None:
        await self._session.exec(
            delete(EndpointAbility).where(col(EndpointAbility.account) == account)
        )

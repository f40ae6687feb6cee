"""What X lets each account do, as far as it was tried."""

from collections.abc import Collection

from sqlalchemy import bindparam as given
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
        query = _ONE_LOCKED if lock else _ONE
        found = await self._session.exec(query, params={"account": account, "endpoint": endpoint})
        return found.one_or_none()

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


# Built once, for it is asked with every request to X that was not made before.
_ONE = select(EndpointAbility).where(
    col(EndpointAbility.account) == given("account"),
    col(EndpointAbility.endpoint) == given("endpoint"),
)
_ONE_LOCKED = _ONE.with_for_update().execution_options(populate_existing=True)

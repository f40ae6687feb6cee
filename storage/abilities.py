"""What X lets each account do, as far as it was tried."""

from collections.abc import Collection

from sqlalchemy import bindparam as given
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import EndpointAbility
from storage.tables import table_of
from storage.upsert import Row, upsert


class EndpointAbilities:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def any_allowed(self, endpoint: str) -> bool:
        """Say whether X lets any account use an endpoint, as far as that was tried."""
        found = await self._session.exec(_ANY_ALLOWED, params={"endpoint": endpoint})
        return found.first() is not None

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
        await self._session.exec(_FORGET, params={"of": account})


# Built once, for these are asked all the time.
_ONE = select(EndpointAbility).where(
    col(EndpointAbility.account) == given("account"),
    col(EndpointAbility.endpoint) == given("endpoint"),
)
_ONE_LOCKED = _ONE.with_for_update().execution_options(populate_existing=True)
_ANY_ALLOWED = (
    select(EndpointAbility.account)
    .where(
        col(EndpointAbility.endpoint) == given("endpoint"), col(EndpointAbility.problem).is_(None)
    )
    .limit(1)
)
_abilities = table_of(EndpointAbility)
_FORGET = delete(_abilities).where(_abilities.c.account == given("of"))

"""How much of X's windows the people of each guild have taken."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam as given
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import WindowShare
from storage.upsert import upsert


class WindowShares:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def taken(
        self, account: str, endpoint: str, resets_at: datetime, give_or_take: timedelta
    ) -> dict[int, int]:
        """Return what each guild has taken of the window that ends about then."""
        asked = {
            "account": account,
            "endpoint": endpoint,
            "after": resets_at - give_or_take,
            "before": resets_at + give_or_take,
        }
        return dict((await self._session.exec(_TAKEN, params=asked)).all())

    async def set(
        self, account: str, endpoint: str, guild_id: int, taken: int, resets_at: datetime
    ) -> None:
        row = {
            "account": account,
            "endpoint": endpoint,
            "guild_id": guild_id,
            "taken": taken,
            "resets_at": resets_at,
        }
        await upsert(self._session, WindowShare, [row])

    async def give_back(self, account: str, endpoint: str, guild_id: int) -> None:
        await self._session.exec(
            update(WindowShare)
            .where(
                col(WindowShare.account) == account,
                col(WindowShare.endpoint) == endpoint,
                col(WindowShare.guild_id) == guild_id,
                col(WindowShare.taken) > 0,
            )
            .values(taken=col(WindowShare.taken) - 1)
        )

    async def forget_before(self, now: datetime) -> None:
        await self._session.exec(delete(WindowShare).where(col(WindowShare.resets_at) <= now))


# Built once, for it is asked with everything that people look up.
_TAKEN = select(WindowShare.guild_id, WindowShare.taken).where(
    col(WindowShare.account) == given("account"),
    col(WindowShare.endpoint) == given("endpoint"),
    col(WindowShare.resets_at) > given("after"),
    col(WindowShare.resets_at) < given("before"),
)

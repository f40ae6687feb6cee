"""Who liked what, with which account, and what X said."""

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import ActionLog


class Actions:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def log(self, action: ActionLog) -> None:
        self._session.add(action)
        await self._session.flush()

    async def page(self, guild_id: int, before: int | None, limit: int) -> list[ActionLog]:
        """Return a guild's actions, the newest first, older than the one with ID `before`."""
        query = select(ActionLog).where(col(ActionLog.guild_id) == guild_id)
        if before is not None:
            query = query.where(col(ActionLog.id) < before)
        return list(await self._session.exec(query.order_by(col(ActionLog.id).desc()).limit(limit)))

    async def newer(self, guild_id: int, after: int, limit: int) -> list[ActionLog]:
        """Return a guild's actions that follow the one with ID `after`, the newest first."""
        query = (
            select(ActionLog)
            .where(col(ActionLog.guild_id) == guild_id, col(ActionLog.id) > after)
            .order_by(col(ActionLog.id))
            .limit(limit)
        )
        return list(await self._session.exec(query))[::-1]

    async def forget(self, member_id: int) -> int:
        """Delete all that a member did; return how many entries that was."""
        result = await self._session.exec(
            delete(ActionLog).where(col(ActionLog.member_id) == member_id)
        )
        return result.rowcount

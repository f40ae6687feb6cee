"""Looking through the likes and unlikes that members asked for."""

from bot.domain import Action, ActionsPage
from storage.actions import Actions
from storage.database import Database
from storage.models import ActionLog

_ACTIONS_A_PAGE = 10


class AuditService:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, guild_id: int, before: int | None = None) -> ActionsPage:
        """Return a page of a guild's action log, the newest first."""
        async with self._database.reading() as session:
            rows = await Actions(session).page(guild_id, before, _ACTIONS_A_PAGE + 1)
        actions = tuple(_value(row) for row in rows[:_ACTIONS_A_PAGE])
        return ActionsPage(actions, actions[-1].id if len(rows) > _ACTIONS_A_PAGE else None)


def _value(row: ActionLog) -> Action:
    return Action(
        id=row.id or 0,
        at=row.at,
        member_id=row.member_id,
        account=row.account,
        action=row.action,
        post_id=row.post_id,
        outcome=row.outcome,
    )

"""Looking through the likes and unlikes that members asked for."""

from collections.abc import Sequence

from bot.domain import Action, ActionOutcome, ActionsPage
from storage.actions import Actions
from storage.database import Database
from storage.models import ActionLog

_ACTIONS_A_PAGE = 10


class AuditService:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self, guild_id: int, *, before: int | None = None, after: int | None = None
    ) -> ActionsPage:
        """Return a page of a guild's action log: the newest, or what is next to an entry's ID.

        A page of newer entries that would not be full is the newest page.
        """
        async with self._database.reading() as session:
            actions = Actions(session)
            if after is not None:
                rows = await actions.newer(guild_id, after, _ACTIONS_A_PAGE + 1)
                if len(rows) > _ACTIONS_A_PAGE:
                    return _page(rows[1:], older=True, newer=True)
                before = None
            rows = await actions.page(guild_id, before, _ACTIONS_A_PAGE + 1)
        shown = rows[:_ACTIONS_A_PAGE]
        return _page(shown, older=len(rows) > len(shown), newer=before is not None)


def _page(rows: Sequence[ActionLog], *, older: bool, newer: bool) -> ActionsPage:
    actions = tuple(_value(row) for row in rows)
    if not actions:
        return ActionsPage(())
    return ActionsPage(
        actions,
        before=actions[-1].id if older else None,
        after=actions[0].id if newer else None,
    )


def _value(row: ActionLog) -> Action:
    return Action(
        id=row.id or 0,
        at=row.at,
        member_id=row.member_id,
        account=row.account,
        action=row.action,
        post_id=row.post_id,
        outcome=ActionOutcome(row.outcome),
    )

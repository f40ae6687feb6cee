"""Taking the removal of a watch back: the rows as they were, with what waits to be announced."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import SQLModel, col, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import AccountWatch, Announcement, AnnouncementState, Watch

Row = dict[str, Any]

_UNSENT = (AnnouncementState.HELD, AnnouncementState.WAITING)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Rows of a watch, or of a watch of an account with those of its posts.

    What was announced of a watch outlives it: `announced` has its announcement's ID and the watch.
    """

    accounts: tuple[Row, ...]
    watches: tuple[Row, ...]
    announcements: tuple[Row, ...]
    announced: tuple[tuple[int, int], ...] = ()


class RemovedWatches:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def snapshot(self, watch: Watch | AccountWatch) -> Snapshot:
        """Keep a watch; what is being sent just now is not to be sent again."""
        accounts = [watch] if isinstance(watch, AccountWatch) else []
        watches = [watch] if isinstance(watch, Watch) else await self._found_by(watch)
        query = select(Announcement).where(
            or_(
                col(Announcement.watch_id).in_([each.id for each in watches]),
                col(Announcement.account_watch_id).in_([each.id for each in accounts]),
            ),
            col(Announcement.state).in_(_UNSENT),
        )
        waiting = await self._session.exec(query)
        announced = await self._session.exec(
            select(Announcement.id, Announcement.watch_id).where(
                col(Announcement.watch_id).in_([each.id for each in watches]),
                col(Announcement.state).not_in(_UNSENT),
            )
        )
        ids = tuple((id_, watch) for id_, watch in announced if id_ and watch)
        return Snapshot(_rows(accounts), _rows(watches), _rows(list(waiting)), ids)

    async def restore(self, snapshot: Snapshot) -> None:
        """Write the rows again; a watch that somebody added anew meanwhile stays as it is."""
        for row in snapshot.accounts:
            if not await self._is_there(AccountWatch, row, "x_user_id"):
                self._session.add(AccountWatch(**row))
        await self._session.flush()
        back = set()
        for row in snapshot.watches:
            if not await self._is_there(Watch, row, "post_id"):
                self._session.add(Watch(**row))
                back.add(row["id"])
        await self._session.flush()
        for watch_id in back:
            theirs = [id_ for id_, of_watch in snapshot.announced if of_watch == watch_id]
            await self._session.exec(
                update(Announcement)
                .where(col(Announcement.id).in_(theirs))
                .values(watch_id=watch_id, guild_id=None, watch_was=None)
            )
        for row in snapshot.announcements:
            if row["watch_id"] is None or row["watch_id"] in back:
                self._session.add(Announcement(**row))
        await self._session.flush()

    async def _found_by(self, account: AccountWatch) -> list[Watch]:
        query = select(Watch).where(col(Watch.account_watch_id) == account.id)
        return list(await self._session.exec(query))

    async def _is_there(
        self, table: type[Watch] | type[AccountWatch], row: Row, subject: str
    ) -> bool:
        """Say whether the channel watches the same again, or the ID is another's by now."""
        same = (table.channel_id == row["channel_id"]) & (getattr(table, subject) == row[subject])
        query = select(table.id).where(or_(same, col(table.id) == row["id"]))
        return (await self._session.exec(query)).first() is not None


def _rows(found: Sequence[SQLModel]) -> tuple[Row, ...]:
    return tuple(each.model_dump() for each in found)

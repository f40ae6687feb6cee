"""Taking the removal of a watch back: the rows as they were, with what waits to be announced."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import SQLModel, col, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.forgotten import ForgottenList
from storage.models import AccountWatch, Announcement, AnnouncementState, Watch
from storage.posts import Posts
from storage.watches import Watches

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
        """Write the rows again; a watch that somebody added anew meanwhile stays as it is.

        What was forgotten meanwhile, because somebody asked for it, does not come back.
        """
        rows = (*snapshot.accounts, *snapshot.watches)
        for guild_id in sorted({row["guild_id"] for row in rows}):
            await Watches(self._session).lock_of(guild_id)
        posts = await Posts(self._session).lock_some([row["post_id"] for row in snapshot.watches])
        users = [row["x_user_id"] for row in snapshot.accounts]
        forgotten = await ForgottenList(self._session).stand_ins(users)
        accounts, watches = set[int](), set[int]()
        for row in snapshot.accounts:
            is_forgotten = row["x_user_id"] in forgotten
            if not is_forgotten and not await self._is_there(AccountWatch, row, "x_user_id"):
                self._session.add(AccountWatch(**row))
                accounts.add(row["id"])
        for row in snapshot.watches:
            if row["post_id"] in posts and not await self._is_there(Watch, row, "post_id"):
                self._session.add(Watch(**row))
                watches.add(row["id"])
        await self._session.flush()
        await self._restore_announced(snapshot, watches)
        await self._restore_waiting(snapshot, watches, accounts)

    async def _restore_announced(self, snapshot: Snapshot, watches: Collection[int]) -> None:
        for watch_id in watches:
            theirs = [id_ for id_, of_watch in snapshot.announced if of_watch == watch_id]
            await self._session.exec(
                update(Announcement)
                .where(col(Announcement.id).in_(theirs))
                .values(watch_id=watch_id, guild_id=None, watch_was=None)
            )

    async def _restore_waiting(
        self, snapshot: Snapshot, watches: Collection[int], accounts: Collection[int]
    ) -> None:
        """Write again what waited for those that are back; where its ID is taken, behind all."""
        waiting = [
            row
            for row in snapshot.announcements
            if row["watch_id"] in watches or row["account_watch_id"] in accounts
        ]
        ids = [row["id"] for row in waiting]
        query = select(Announcement.id).where(col(Announcement.id).in_(ids))
        taken = set(await self._session.exec(query))
        for row in waiting:
            self._session.add(Announcement(**{**row, "id": None} if row["id"] in taken else row))
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

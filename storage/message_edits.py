"""Messages of ours that are still to be changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Integer
from sqlalchemy import bindparam as given
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import Announcement, EditReason, MessageEdit
from storage.upsert import Row, insert_if_missing, upsert


class Message(NamedTuple):
    """Where a message is, and by which key its announcements are found."""

    message_id: int
    channel_id: int
    recipient_id: int | None
    delivery_key: str | None


class MessageEdits:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of_post(self, post_id: int, reason: EditReason, now: datetime) -> int:
        """Have every message changed that said something of a post; return how many."""
        return await self._of(col(Announcement.post_id) == post_id, reason=reason, now=now)

    async def of_account_watch(self, watch_id: int, reason: EditReason, now: datetime) -> int:
        """Have every message changed that an account's watch has sent."""
        return await self._of(
            col(Announcement.account_watch_id) == watch_id, reason=reason, now=now
        )

    async def of_announcements(
        self, ids: Sequence[int | None], reason: EditReason, now: datetime
    ) -> int:
        return await self._of(col(Announcement.id).in_(ids), reason=reason, now=now)

    async def _of(self, which: ColumnElement[bool], *, reason: EditReason, now: datetime) -> int:
        query = select(Announcement).where(which, col(Announcement.message_id).is_not(None))
        return await self.add(list(await self._session.exec(query)), reason, now)

    async def add(self, told: Sequence[Announcement], reason: EditReason, now: datetime) -> int:
        """Have the messages of announcements changed; return how many that are."""
        messages = (_message(row) for row in told if row.message_id is not None)
        rows = {each.message_id: _row(each, reason, now) for each in messages}
        await upsert(self._session, MessageEdit, list(rows.values()))
        return len(rows)

    async def add_message(self, message: Message, reason: EditReason, now: datetime) -> None:
        """Have a message changed of which there may be no announcement any more."""
        await upsert(self._session, MessageEdit, [_row(message, reason, now)])

    async def add_unless_there(self, message: Message, reason: EditReason, at: datetime) -> None:
        """Have a message changed from a moment on, unless it is to be changed anyway."""
        await insert_if_missing(self._session, MessageEdit, _row(message, reason, at))

    async def due(self, now: datetime, limit: int) -> list[MessageEdit]:
        return list(await self._session.exec(_DUE, params={"now": now, "limit": limit}))

    async def get(self, message_id: int) -> MessageEdit | None:
        return await self._session.get(MessageEdit, message_id, with_for_update=True)

    async def done(self, edit: MessageEdit) -> None:
        await self._session.delete(edit)
        await self._session.flush()


def _message(told: Announcement) -> Message:
    return Message(told.message_id or 0, told.channel_id, told.recipient_id, told.delivery_key)


def _row(message: Message, reason: EditReason, now: datetime) -> Row:
    return {
        **message._asdict(),
        "reason": reason,
        "attempts": 0,
        "not_before": now,
        "created_at": now,
    }


# Built once, for it is asked every few seconds.
_DUE = (
    select(MessageEdit)
    .where(col(MessageEdit.not_before) <= given("now"))
    .order_by(col(MessageEdit.not_before), col(MessageEdit.message_id))
    .limit(given("limit", type_=Integer))
)

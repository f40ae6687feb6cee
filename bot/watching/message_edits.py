"""Messages that say what they should not any more, and what they are to say from now on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.accounts.which_account import Access
from bot.domain import Delivery
from bot.domain.announcements import Retold, WhyRetold
from bot.domain.languages import Language
from bot.watching.announced_values import AnnouncedValues
from bot.watching.stored_values import spoken_in
from storage.announcements import Announcements
from storage.database import Database
from storage.guilds import Guilds
from storage.message_edits import MessageEdits
from storage.models import AnnouncementState, EditReason, MessageEdit

_AT_ONCE = 20
_ONCE_MORE_IN = timedelta(seconds=2)
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
# Whoever closes a channel to the bot may open it again.
_GIVES_UP_AFTER = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class MessageEditQueue:
    """What is to be changed stays here until Discord has changed it: it may be changed twice."""

    database: Database
    now: Callable[[], datetime]
    access: Access | None = None

    async def due(self) -> tuple[Retold, ...]:
        async with self.database.reading() as session:
            edits = await MessageEdits(session).due(self.now(), _AT_ONCE)
            retold = []
            for edit in edits:
                key = edit.delivery_key
                told = Announcements(session)
                found = await told.of_delivery(key, lock=False) if key else []
                rows = [each for each in found if each.row.message_id == edit.message_id]
                delivery, language = None, Language.ENGLISH
                if rows:
                    values = await AnnouncedValues.load(session, self.access, [rows], self.now())
                    delivery = values.delivery(rows)
                else:
                    language = spoken_in(await Guilds(session).told_in(edit.channel_id))
                retold.append(_retold(edit, delivery, language))
        return tuple(retold)

    async def done(self, retold: Retold, redraw_at: datetime | None = None) -> None:
        """Note that a message is changed, or gone; its chart may be behind, to be drawn anew.

        What came to it meanwhile may have been overwritten: it is changed once more, then. So it is
        when it was asked for meanwhile.
        """
        async with self.database.transaction() as session:
            # Discord has changed it by now: who claims more of it from here on sends it after that.
            is_overtaken = await _is_overtaken(session, retold)
            edits = MessageEdits(session)
            row = await edits.get(retold.message_id)
            if row is None or row.created_at != retold.asked_at:
                return
            if is_overtaken:
                row.not_before = self.now() + _ONCE_MORE_IN
                return
            if redraw_at is not None:
                row.reason, row.not_before = EditReason.BEHIND, redraw_at
                return
            await edits.done(row)

    async def put_off(self, message_id: int) -> None:
        """Try again later, and later each time; after a month nobody will open the channel."""
        now = self.now()
        async with self.database.transaction() as session:
            edits = MessageEdits(session)
            row = await edits.get(message_id)
            if row is None:
                return
            if now - row.created_at >= _GIVES_UP_AFTER:
                await edits.done(row)
                return
            pause = min(_FIRST_PAUSE * 2 ** min(row.attempts, 10), _LONGEST_PAUSE)
            row.attempts, row.not_before = row.attempts + 1, now + pause


async def _is_overtaken(session: AsyncSession, retold: Retold) -> bool:
    """Say whether a message tells more by now, or is being changed just now."""
    delivery = retold.delivery
    if delivery is None or delivery.card_id is None:
        return False  # only a card is changed after it was sent
    told_of = await Announcements(session).of_delivery(delivery.key, lock=False)
    found = [each.row for each in told_of]
    if any(row.state is AnnouncementState.CLAIMED for row in found):
        return True
    told = {row_id for each in delivery.announcements for row_id in each.rows}
    return told != {row.id for row in found if row.message_id == retold.message_id}


def _retold(edit: MessageEdit, delivery: Delivery | None, language: Language) -> Retold:
    return Retold(
        message_id=edit.message_id,
        channel_id=edit.channel_id,
        why=WhyRetold(edit.reason),
        asked_at=edit.created_at,
        recipient_id=edit.recipient_id,
        delivery=delivery,
        language=language,
    )

"""The announcements that wait, and what became of them: each is sent exactly once.

A delivery is one Discord message. Its announcements and its key are bound together when it is
first claimed and stay together, so that every further attempt carries the same nonce.
"""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.accounts.which_account import Access
from bot.domain import Delivery
from bot.domain.announcements import (
    LIKERS_A_NOTICE,
    MAX_ANNOUNCEMENTS,
    MAX_LIKERS,
)
from bot.domain.notices import AnnouncementRefused
from bot.domain.stored_notices import stored_notice
from bot.domain.troubles import DeliveryTrouble
from bot.watching.delivery_values import DeliveryValues
from bot.watching.trouble_places import trouble_place
from storage import models
from storage.announcements import Announcements, Due
from storage.database import Database
from storage.forgotten import ForgottenList
from storage.message_edits import Message, MessageEdits
from storage.models import AnnouncementForm, AnnouncementKind, AnnouncementState, EditReason
from storage.new_announcements import about_refusal
from storage.shut_channels import ShutChannels

_log = structlog.stdlib.get_logger(__name__)
# Whoever sends renews its claim; one that outlives its process is taken up by another after this.
CLAIM_LEASE = timedelta(minutes=2)
# The longest that a message is put off before it is tried again.
LONGEST_DELAY = timedelta(minutes=15)
CHANNELS_AT_ONCE = 50
"""In so many channels the next message is claimed at once."""

_PLAINER = {
    AnnouncementForm.TOGETHER: AnnouncementForm.WITHOUT_PICTURE,
    AnnouncementForm.ALONE: AnnouncementForm.WITHOUT_PICTURE,
    AnnouncementForm.WITHOUT_PICTURE: AnnouncementForm.WITHOUT_EXCERPT,
    AnnouncementForm.WITHOUT_EXCERPT: AnnouncementForm.COUNT,
}


class Outbox:
    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        *,
        access: Access | None = None,
        told: Callable[[int, timedelta], None] = lambda _likes, _after: None,
    ) -> None:
        """`told` hears of each announcement that Discord has: of how many likes, and how late."""
        self._database = database
        self._now = now
        self._access = access
        self._told = told

    async def recover(self) -> int:
        """At the start of the only process: take up what the one before had begun to send."""
        if not self._database.is_sqlite:
            return 0  # other processes may be sending: their claims run out by themselves
        async with self._database.transaction() as session:
            return await Announcements(session).release_claims()

    async def claim(self) -> tuple[Delivery, ...]:
        """Take what is due, one delivery per channel at most; nobody else gets it meanwhile."""
        now = self._now()
        async with self._database.transaction() as session:
            announcements = Announcements(session)
            channels = await announcements.lock_channels_due(now, CHANNELS_AT_ONCE)
            # Only now that they are locked is it sure what is due: others may just have claimed.
            claimed = [await _claim_next(announcements, channel, now) for channel in channels]
            claimed = [batch for batch in claimed if batch]
            if not claimed:
                return ()
            due = [each for batch in claimed for each in batch]
            values = await DeliveryValues.load(session, due, self._access)
        return tuple(values.delivery(batch) for batch in claimed)

    async def keep(self, delivery: Delivery) -> None:
        """Keep a claim while its message is still under way."""
        async with self._database.transaction() as session:
            await Announcements(session).keep(delivery.key, self._now() + CLAIM_LEASE)

    async def sent(self, delivery: Delivery, message_id: int) -> None:
        """Note that Discord has the message."""
        now = self._now()
        async with self._database.transaction() as session:
            sent = await Announcements(session).mark_sent(delivery.key, message_id, now)
            if await _tells_too_much(session, delivery, sent):
                recipient = delivery.recipient.member_id if delivery.recipient else None
                message = Message(message_id, delivery.channel_id, recipient, delivery.key)
                await MessageEdits(session).add_message(message, EditReason.ASKED, now)
            if delivery.is_in_trouble:
                await ShutChannels(session).reopen([delivery.channel_id], now)
        for row in sent:
            self._tell(row, now - row.created_at)

    def _tell(self, row: models.Announcement, after: timedelta) -> None:
        """Log a line for an announcement, and let the figures know of it."""
        grown = row.kind is AnnouncementKind.GROWTH
        likes = row.to_count - row.from_count if grown else row.liker_count
        _log.info(
            "announced",
            kind=row.kind.value,
            channel=row.channel_id,
            post=row.post_id,
            likes=likes,
            after_s=round(after.total_seconds(), 1),
        )
        if row.kind in (AnnouncementKind.LIKES, AnnouncementKind.GROWTH):
            self._told(likes, after)

    async def refused(self, delivery: Delivery, code: int | None) -> None:
        """Note that Discord refused a message: what it held is sent plainer, or set aside at last.

        It must be sure that Discord has no such message. What was together goes alone from now on,
        so that one refusal costs the others nothing.
        """
        now = self._now()
        async with self._database.transaction() as session:
            announcements = Announcements(session)
            found = await announcements.of_delivery(delivery.key)
            rows = [each.row for each in found]
            if any(row.state is not AnnouncementState.CLAIMED for row in rows):
                return  # somebody else has it, or has sent it
            for row in rows:
                row.state, row.not_before, row.claimed_until = AnnouncementState.WAITING, now, None
                row.refusal = code
                if len(rows) > 1:
                    row.form, row.delivery_key = AnnouncementForm.ALONE, None
                    row.first_tried_at = None
                elif row.form in _PLAINER and row.recipient_id is None:
                    row.form = _PLAINER[row.form]
                else:
                    row.state = AnnouncementState.SET_ASIDE
                    await announcements.add(await _of_refusal(session, found[0], now))

    async def postpone(
        self, delivery: Delivery, until: datetime, trouble: DeliveryTrouble | None
    ) -> None:
        """Try again later; with a `trouble`, nothing more is asked of X for the channel."""
        async with self._database.transaction() as session:
            await Announcements(session).postpone(delivery.key, until)
            if trouble is not None:
                await ShutChannels(session).shut(delivery.channel_id, trouble, self._now())


async def _claim_next(announcements: Announcements, channel_id: int, now: datetime) -> list[Due]:
    """Claim a channel's next message; nothing when there is none after all."""
    due = await announcements.due(channel_id, now, MAX_ANNOUNCEMENTS)
    if not due:
        return []
    key = due[0].row.delivery_key
    # A message that was begun keeps its announcements, all of them.
    batch = await announcements.of_delivery(key) if key else _first_message(due)
    rows = [each.row for each in batch]
    await announcements.claim(rows, key or secrets.token_hex(8), now, CLAIM_LEASE)
    return batch


def _first_message(due: Sequence[Due]) -> list[Due]:
    """Return the announcements that a channel's next message has room for."""
    batch: list[Due] = []
    likers = 0
    for each in due:
        row = each.row
        likers += row.liker_count if row.notice is None else LIKERS_A_NOTICE
        alone = row.form is not AnnouncementForm.TOGETHER
        if row.delivery_key is not None or (batch and (alone or likers > MAX_LIKERS)):
            break
        batch.append(each)
        if alone:
            break
    return batch


async def _of_refusal(session: AsyncSession, due: Due, now: datetime) -> list[models.Announcement]:
    """Return the notice that an announcement was set aside; of such a notice there is none.

    Nor is there one of what was for a member alone, who takes no messages.
    """
    row, kind = due.row, stored_notice(AnnouncementRefused(0))[0]
    if row.notice == kind or row.recipient_id is not None:
        return []
    likes = row.liker_count or max(0, row.to_count - row.from_count)
    notice = AnnouncementRefused(likes, row.refusal, row.channel_id)
    place = await trouble_place(session, await _guild_of(session, due), row.channel_id)
    return [about_refusal(row, place or row.channel_id, *stored_notice(notice), now)]


async def _guild_of(session: AsyncSession, due: Due) -> int:
    if due.guild_id is not None:
        return due.guild_id
    watch = await session.get_one(models.AccountWatch, due.row.account_watch_id)
    return watch.guild_id


async def _tells_too_much(
    session: AsyncSession, delivery: Delivery, sent: Sequence[models.Announcement]
) -> bool:
    """Say whether somebody was forgotten while the message that names them was under way."""
    named = {liker.id for each in delivery.announcements for liker in each.likers}
    stored = {liker_id for row in sent for liker_id in row.liker_ids}
    if sent and not named <= stored:
        return True
    if len(sent) == len(delivery.announcements):
        return False
    posts = [each.post for each in delivery.announcements if each.post is not None]
    forgotten = ForgottenList(session)
    return any([await forgotten.has(post.id, post.author_id) for post in posts])

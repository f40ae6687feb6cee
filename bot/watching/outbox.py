"""The announcements that wait, and what became of them: each is sent exactly once.

A delivery is one Discord message. Its announcements and its key are bound together when it is
first claimed and stay together, so that every further attempt carries the same nonce.
"""

import secrets
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.accounts.which_account import Access
from bot.domain import Delivery
from bot.domain.styles import WatchStyle
from bot.domain.troubles import DeliveryTrouble
from bot.watching.announced_values import AnnouncedValues
from bot.watching.blocks import blocks_of, first_message, likes_of, told_as
from bot.watching.moments import hold_or_free, note_mentions, note_milestone, told_now
from bot.watching.refused_messages import send_plainer
from storage import models
from storage.announcements import UNSENT, Announcements
from storage.database import Database
from storage.due import Due
from storage.forgotten import ForgottenList
from storage.message_edits import Message, MessageEdits
from storage.models import (
    AnnouncementForm,
    AnnouncementKind,
    AnnouncementState,
    AnnouncementStyle,
    EditReason,
)
from storage.shut_channels import ShutChannels
from storage.until_stored import until_stored

_log = structlog.stdlib.get_logger(__name__)
# Whoever sends renews its claim; one that outlives its process is taken up by another after this.
CLAIM_LEASE = timedelta(minutes=2)
# The longest that a message is put off before it is tried again.
LONGEST_DELAY = timedelta(minutes=15)
CHANNELS_AT_ONCE = 50
"""In so many channels the next message is claimed at once."""

# Of a channel; more wait for the message after.
_ROWS_AT_ONCE = 500


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
        self._unsure: set[datetime] = set()

    async def recover(self) -> int:
        """At the start of the only process: take up what the one before had begun to send."""
        if not self._database.is_sqlite:
            return 0  # other processes may be sending: their claims run out by themselves
        async with self._database.transaction() as session:
            return await Announcements(session).release_claims()

    async def claim(self) -> tuple[Delivery, ...]:
        """Take what is due, one delivery per channel at most; nobody else gets it meanwhile."""
        now = self._now()
        # Where the database goes away before it says so, it may have stored the claims: nobody
        # would send what they are of until they run out.
        unsure = {until for until in self._unsure if until > now}
        self._unsure = unsure | {now + CLAIM_LEASE}
        claimed = await self._claim(now, unsure)
        self._unsure = set()
        return claimed

    async def _claim(self, now: datetime, unsure: Collection[datetime]) -> tuple[Delivery, ...]:
        async with self._database.transaction() as session:
            await hold_or_free(session, now)
            announcements = Announcements(session)
            if unsure:
                await announcements.release_claims(unsure)
            channels = await announcements.lock_channels_due(now, CHANNELS_AT_ONCE)
            # Only now that they are locked is it sure what is due: others may just have claimed.
            claimed = [await _claim_next(session, channel, now) for channel in channels]
            claimed = [batch for batch in claimed if batch]
            if not claimed:
                return ()
            values = await AnnouncedValues.load(session, self._access, claimed, now)
        return tuple(values.delivery(batch) for batch in claimed)

    async def keep(self, delivery: Delivery) -> None:
        """Keep a claim while its message is still under way."""
        async with self._database.transaction() as session:
            await Announcements(session).keep(delivery.key, self._now() + CLAIM_LEASE)

    @until_stored
    async def sent(
        self, delivery: Delivery, message_id: int, *, redraw_at: datetime | None = None
    ) -> None:
        """Note that Discord has the message, and when its chart is to be drawn anew."""
        now = self._now()
        recipient = delivery.recipient.member_id if delivery.recipient else None
        message = Message(message_id, delivery.channel_id, recipient, delivery.key)
        async with self._database.transaction() as session:
            sent = await Announcements(session).mark_sent(delivery.key, message_id, now)
            if await _tells_too_much(session, delivery, sent):
                await MessageEdits(session).add_message(message, EditReason.ASKED, now)
            elif redraw_at is not None:
                await MessageEdits(session).add_unless_there(message, EditReason.BEHIND, redraw_at)
            if delivery.is_in_trouble:
                await ShutChannels(session).reopen([delivery.channel_id], now)
        for row in sent:
            self._tell(row, now - row.created_at)

    def _tell(self, row: models.Announcement, after: timedelta) -> None:
        """Log a line for an announcement, and let the figures know of it."""
        likes = likes_of(row)
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

    @until_stored
    async def refused(self, delivery: Delivery, code: int | None) -> None:
        """Note that Discord refused a message: what it held is sent plainer, or set aside at last.

        It must be sure that Discord has no such message. What was together goes alone from now on,
        so that one refusal costs the others nothing.
        """
        now = self._now()
        async with self._database.transaction() as session:
            announcements = Announcements(session)
            batch = _unsent(await announcements.of_delivery(delivery.key))
            if any(each.row.state is not AnnouncementState.CLAIMED for each in batch):
                return  # somebody else has it, or has sent it
            blocks = blocks_of(batch)
            alone = len(blocks) > 1 and delivery.style is not WatchStyle.CARD
            for block in blocks:
                await send_plainer(session, block, code, now, alone=alone)

    @until_stored
    async def tell_in_thread(self, delivery: Delivery, thread_id: int) -> None:
        """Tell what comes of a watch in the thread that its message has opened, or is."""
        async with self._database.transaction() as session:
            told = await Announcements(session).of_delivery(delivery.key)
            of_posts = (each.watch for each in told if each.row.post_id is not None)
            watches = {watch.id or 0: watch for watch in of_posts if watch is not None}
            # Whoever stores likes has what is to be told first, and the watches then.
            for watch_id in sorted(watches):
                await Announcements(session).move(watch_id, thread_id)
            for watch in watches.values():
                watch.channel_id = thread_id

    @until_stored
    async def part(self, delivery: Delivery) -> None:
        """Tell each watch's news in a message of its own: where they cannot be together."""
        now = self._now()
        async with self._database.transaction() as session:
            for each in _unsent(await Announcements(session).of_delivery(delivery.key)):
                row = each.row
                row.state, row.not_before, row.claimed_until = AnnouncementState.WAITING, now, None
                row.form, row.delivery_key = AnnouncementForm.ALONE, None
                row.first_tried_at = None

    @until_stored
    async def renew_card(self, delivery: Delivery) -> None:
        """Begin a new card: the old one has scrolled away, or somebody deleted it."""
        now = self._now()
        async with self._database.transaction() as session:
            for each in _unsent(await Announcements(session).of_delivery(delivery.key)):
                row = each.row
                row.state, row.not_before, row.claimed_until = AnnouncementState.WAITING, now, None
                row.delivery_key = row.first_tried_at = row.style = None
                if each.watch is not None and each.watch.card_key == delivery.key:
                    each.watch.card_key = each.watch.card_at = None

    async def give_back(self, delivery: Delivery) -> None:
        """Let the next process have it at once; one that ends waits for no database."""
        async with self._database.transaction() as session:
            await Announcements(session).postpone(delivery.key, self._now())

    @until_stored
    async def postpone(
        self, delivery: Delivery, until: datetime, trouble: DeliveryTrouble | None
    ) -> None:
        """Try again later; with a `trouble`, nothing more is asked of X for the channel."""
        async with self._database.transaction() as session:
            await Announcements(session).postpone(delivery.key, until)
            if trouble is not None:
                await ShutChannels(session).shut(delivery.channel_id, trouble, self._now())


async def _claim_next(session: AsyncSession, channel_id: int, now: datetime) -> list[Due]:
    """Claim a channel's next message; nothing when there is none after all.

    Return what is in it: of a card, also what it has told before.
    """
    announcements = Announcements(session)
    due = told_now(await announcements.due(channel_id, now, _ROWS_AT_ONCE), now)
    if not due:
        return []
    key = due[0].row.delivery_key
    # A message that was begun keeps its announcements, all of them.
    batch = _unsent(await announcements.of_delivery(key)) if key else first_message(due)
    style, watch = told_as(batch[0]), batch[0].watch
    if key is None:
        key = secrets.token_hex(8)
        is_new = True
        if style is WatchStyle.CARD and watch is not None:
            is_new = watch.card_key is None
            key = watch.card_key = watch.card_key or key
            watch.card_at = watch.card_at or now
        if style is WatchStyle.MILESTONES:
            note_milestone(batch, now)
        if is_new:
            await note_mentions(session, batch, now)
    rows = [each.row for each in batch]
    await announcements.claim(rows, key, now, CLAIM_LEASE, AnnouncementStyle(style))
    return await announcements.of_card(key) if style is WatchStyle.CARD else batch


def _unsent(batch: Sequence[Due]) -> list[Due]:
    return [each for each in batch if each.row.state in UNSENT]


async def _tells_too_much(
    session: AsyncSession, delivery: Delivery, sent: Sequence[models.Announcement]
) -> bool:
    """Say whether somebody was forgotten while the message that names them was under way."""
    told = {row_id for each in delivery.announcements for row_id in each.rows}
    rows = list(sent)
    if not told <= {row.id for row in rows}:
        # Of a card, some of it was sent before.
        rows = [each.row for each in await Announcements(session).of_delivery(delivery.key)]
    named = {liker.id for each in delivery.announcements for liker in each.likers}
    stored = {liker_id for row in rows for liker_id in row.liker_ids}
    if rows and not named <= stored:
        return True
    if told <= {row.id for row in rows}:
        return False
    posts = [each.post for each in delivery.announcements if each.post is not None]
    authors = {post.author_id for post in posts if post.author_id is not None}
    return any(await ForgottenList(session).listed(authors, {post.id for post in posts}))

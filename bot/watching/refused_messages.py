"""What Discord refused: it is sent plainer, step by step, and set aside at last."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.notices import AnnouncementRefused
from bot.domain.stored_notices import stored_notice
from bot.watching.blocks import likes_of
from bot.watching.trouble_places import trouble_place
from storage import models
from storage.announcements import Announcements
from storage.due import Due
from storage.models import AnnouncementForm, AnnouncementState
from storage.new_announcements import about_refusal

_PLAINER = {
    AnnouncementForm.TOGETHER: AnnouncementForm.WITHOUT_PICTURE,
    AnnouncementForm.ALONE: AnnouncementForm.WITHOUT_PICTURE,
    AnnouncementForm.WITHOUT_PICTURE: AnnouncementForm.WITHOUT_EXCERPT,
    AnnouncementForm.WITHOUT_EXCERPT: AnnouncementForm.COUNT,
}


async def send_plainer(
    session: AsyncSession,
    block: Sequence[Due],
    code: int | None,
    now: datetime,
    *,
    alone: bool,
) -> None:
    """Have what Discord refused sent alone or in a plainer form; after the last, set it aside."""
    first = block[0].row
    is_over = not alone and (first.form not in _PLAINER or first.recipient_id is not None)
    for row in (each.row for each in block):
        row.state, row.not_before, row.claimed_until = AnnouncementState.WAITING, now, None
        row.refusal = code
        if alone:
            row.form, row.delivery_key = AnnouncementForm.ALONE, None
            row.first_tried_at = None
        elif is_over:
            row.state = AnnouncementState.SET_ASIDE
        else:
            row.form = _PLAINER[row.form]
    if is_over:
        await Announcements(session).add(await _of_refusal(session, block, now))


async def _of_refusal(
    session: AsyncSession, block: Sequence[Due], now: datetime
) -> list[models.Announcement]:
    """Return the notice that an announcement was set aside; of such a notice there is none.

    Nor is there one of what was for a member alone, who takes no messages.
    """
    row = block[0].row
    kind = stored_notice(AnnouncementRefused(0))[0]
    if row.notice == kind or row.recipient_id is not None:
        return []
    likes = sum(likes_of(each.row) for each in block)
    notice = AnnouncementRefused(likes, row.refusal, row.channel_id)
    place = await trouble_place(session, await _guild_of(session, block[0]), row.channel_id)
    return [about_refusal(row, place or row.channel_id, *stored_notice(notice), now)]


async def _guild_of(session: AsyncSession, due: Due) -> int:
    if due.guild_id is not None:
        return due.guild_id
    watch = await session.get_one(models.AccountWatch, due.row.account_watch_id)
    return watch.guild_id

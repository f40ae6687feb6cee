"""Writing a post's new like count down, with the growth that it means."""

from datetime import datetime

from bot.watching.announcements import AnnouncementWriter
from bot.watching.begin_watch import begin_anew
from bot.watching.like_rate import heated
from bot.watching.post_state.pushed import counted_in
from bot.watching.post_state.rows import likes_state_of, write_likes_state
from bot.watching.post_state.state import count_read
from storage.models import Post

# So little heat makes no post lively.
_COLD = 1e-4


async def take_count(
    writer: AnnouncementWriter, row: Post, count: int, now: datetime, *, pushed: bool = False
) -> int:
    """Take a count over into the post's row; return how many announcements of growth it made.

    Where all likes since the last count must have been `pushed`, it says little new. Who liked a
    post that X did not show for long is not known any more: all who do are old.
    """
    if row.erased_at is not None or row.begins_anew:
        begin_anew(row, count, now)
        return 0
    before = likes_state_of(row)
    after, growth = count_read(before, count, now, row.probed_at)
    if row.probed_at is not None:
        passed_s = (now - row.probed_at).total_seconds()
        heat = heated(row.heat, count - before.count, passed_s)
        row.heat = heat if heat > _COLD else 0.0
    row.probed_at = now
    taken_back = 0
    if pushed or before.ahead:
        # Where likes are known to be taken back, one may stand for another that was missed.
        explains = pushed or row.whole_at is not None
        after, taken_back = counted_in(before, after, now, is_trusted=pushed, explains=explains)
    if count < before.count or taken_back:
        # Who has gone is seen only when all are read.
        row.whole_at = None
    if after is not before:
        write_likes_state(row, after)
    return await writer.growth(row.id, growth) if growth is not None else 0

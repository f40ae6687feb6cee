"""Writing a post's new like count down, with the growth that it means."""

from datetime import datetime

from bot.watching.announcements import News
from bot.watching.like_rate import heated
from bot.watching.post_state.rows import standing_of, write_standing
from bot.watching.post_state.state import count_read
from storage.models import Post

# So little heat makes no post lively.
_COLD = 1e-4


async def take_count(news: News, row: Post, count: int, now: datetime) -> int:
    """Take a count over into the post's row; return how many announcements of growth it made."""
    before = standing_of(row)
    after, growth = count_read(before, count, now)
    if row.probed_at is not None:
        passed_s = (now - row.probed_at).total_seconds()
        heat = heated(row.heat, count - before.count, passed_s)
        row.heat = heat if heat > _COLD else 0.0
    row.probed_at = now
    if count < before.count:
        # Who has gone is seen only when all are read.
        row.whole_at = None
    write_standing(row, after)
    return await news.growth(row.id, growth) if growth is not None else 0

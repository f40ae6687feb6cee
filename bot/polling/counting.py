"""Writing a post's new like count down, with the growth that it means."""

from datetime import datetime

from bot.polling.news import News
from bot.polling.standing import count_read
from bot.polling.tracking import standing_of, write_standing
from storage.models import Post


async def take_count(news: News, row: Post, count: int, now: datetime) -> int:
    """Take a count over into the post's row; return how many announcements of growth it made."""
    after, growth = count_read(standing_of(row), count, now)
    write_standing(row, after)
    return await news.growth(row.id, growth) if growth is not None else 0

"""Whether X is going to show who likes a post."""

from bot.accounts.audience import Readers
from bot.domain import WatchKind

_BY_COUNT = frozenset({WatchKind.COUNTS, WatchKind.STALLED})


def shows_names(
    kind: WatchKind, read: int, author_id: int | None, readers: Readers, guild_id: int
) -> bool:
    """Say whether a guild is to expect names: X shows likers to the author's account alone.

    `read` is how many likes have been read so far: where these came with names, others will. An
    empty list of a post that nobody likes says nothing.
    """
    if kind in _BY_COUNT or not readers.shows_names(author_id, guild_id):
        return False
    is_read_by_its_author = author_id in readers.authors(guild_id)
    return is_read_by_its_author or (kind is WatchKind.NAMES and read > 0)

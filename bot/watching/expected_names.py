"""Whether X is going to show who likes a post."""

from collections.abc import Collection

from bot.domain import WatchKind

_BY_COUNT = frozenset({WatchKind.COUNTS, WatchKind.STALLED})


def shows_names(
    kind: WatchKind, read: int, author_id: int | None, readers: Collection[int]
) -> bool:
    """Say whether names are to be expected: X shows likers to the author's account alone.

    `read` is how many likes have been read so far: where these came with names, others will. An
    empty list of a post that nobody likes says nothing.
    """
    if kind in _BY_COUNT:
        return False
    is_read_by_its_author = author_id is not None and author_id in readers
    return is_read_by_its_author or (kind is WatchKind.NAMES and read > 0)

"""Rows of the outbox put together: what is told of one watch is one block of a message."""

from collections.abc import Hashable, Sequence

from bot.domain.announcements import MAX_ANNOUNCEMENTS, MAX_IN_DIGEST
from bot.domain.styles import WatchStyle
from storage.due import Due
from storage.models import Announcement, AnnouncementForm, AnnouncementKind, Guild, Watch

Block = list[Due]
COURSE_STEPS = 16
"""Points of the small chart of a count."""

# What these tell of a post is a message of its own.
_FOR_ITSELF = frozenset({WatchStyle.CARD, WatchStyle.MILESTONES})


def first_message(due: Sequence[Due]) -> list[Due]:
    """Return the announcements that a channel's next message has room for.

    However many likes of one post have come meanwhile, they are one block of it.
    """
    free = [each for each in due if each.row.delivery_key is None]
    taken: list[Due] = []
    together = [block for block in blocks_of(free) if _goes_with(block, free[0])]
    is_digest = told_as(free[0]) is WatchStyle.DIGEST
    for block in together[: MAX_IN_DIGEST if is_digest else MAX_ANNOUNCEMENTS]:
        alone = block[0].row.form is not AnnouncementForm.TOGETHER
        if alone and taken:
            break
        taken += block
        if alone:
            break
    return sorted(taken, key=lambda each: each.row.id or 0)


def told_as(each: Due) -> WatchStyle:
    """Return in which style a row is told: as it was begun, or else as its watch tells now.

    What is told of beside likes has no style, and what Discord refused is told plainly.
    """
    row = each.row
    if row.notice is not None or row.form is AnnouncementForm.ALONE:
        return WatchStyle.FEED
    return style_of(each.watch, each.guild) if row.style is None else WatchStyle(row.style)


def _goes_with(block: Block, first: Due) -> bool:
    """Say whether a block may share the message that begins with a row."""
    style = told_as(first)
    if told_as(block[0]) is not style:
        return False
    return style not in _FOR_ITSELF or block[0].row.watch_id == first.row.watch_id


def blocks_of(rows: Sequence[Due]) -> list[Block]:
    """Put together what one watch tells in one way, the oldest first; also one that is gone."""
    blocks: dict[Hashable, Block] = {}
    for each in rows:
        blocks.setdefault(_block(each.row), []).append(each)
    return list(blocks.values())


def _block(row: Announcement) -> Hashable:
    if row.notice is not None:
        return row.id
    # What is in one message already is told in one form: of a card, some of it was told plainer.
    form = row.form if row.delivery_key is None else None
    return (row.watch_id, row.post_id, row.kind, form)


def style_of(watch: Watch | None, guild: Guild | None) -> WatchStyle:
    """Return how a watch tells: in its own way, or else in its server's."""
    chosen = watch.style if watch is not None else None
    chosen = chosen or (guild.style if guild is not None else None)
    return WatchStyle.FEED if chosen is None else WatchStyle(chosen)


def likes_of(row: Announcement) -> int:
    """Return of how many likes a row tells, by name or as growth."""
    if row.kind is AnnouncementKind.GROWTH:
        return max(0, row.to_count - row.from_count)
    return row.liker_count


def liker_ids_of(block: Block) -> list[int]:
    """Return whom a block names or counts, the newest like first; also those who are forgotten."""
    oldest_first = [liker for each in block for liker in each.row.liker_ids]
    return list(dict.fromkeys(reversed(oldest_first)))


def course_of(block: Block) -> tuple[int, ...]:
    """Return how the count went from before a block to its end, at even distances of time.

    It rises by what is told: what X says of the count may be late for some of it.
    """
    rows = [each.row for each in block]
    begins, ends = rows[0].created_at, rows[-1].created_at
    if ends <= begins:
        return ()
    count = rows[-1].to_count - sum(map(likes_of, rows))
    counts = [count]
    at = 0
    for step in range(1, COURSE_STEPS):
        moment = begins + (ends - begins) * step / (COURSE_STEPS - 1)
        while at < len(rows) and rows[at].created_at <= moment:
            count += likes_of(rows[at])
            at += 1
        counts.append(count)
    return tuple(counts)

"""Rows of the outbox put together: what is told of one watch is one block of a message."""

from collections.abc import Hashable, Sequence

from bot.domain.announcements import MAX_ANNOUNCEMENTS
from storage.announcements import Due
from storage.models import Announcement, AnnouncementForm, AnnouncementKind

Block = list[Due]


def first_message(due: Sequence[Due]) -> list[Due]:
    """Return the announcements that a channel's next message has room for.

    However many likes of one post have come meanwhile, they are one block of it.
    """
    free = [each for each in due if each.row.delivery_key is None]
    taken: list[Due] = []
    for block in blocks_of(free)[:MAX_ANNOUNCEMENTS]:
        alone = block[0].row.form is not AnnouncementForm.TOGETHER
        if alone and taken:
            break
        taken += block
        if alone:
            break
    return sorted(taken, key=lambda each: each.row.id or 0)


def blocks_of(rows: Sequence[Due]) -> list[Block]:
    """Put together what one watch tells in one way, the oldest first."""
    blocks: dict[Hashable, Block] = {}
    for each in rows:
        blocks.setdefault(_block(each.row), []).append(each)
    return list(blocks.values())


def _block(row: Announcement) -> Hashable:
    return row.id if row.notice is not None else (row.watch_id, row.kind, row.form)


def likes_of(row: Announcement) -> int:
    """Return of how many likes a row tells, by name or as growth."""
    if row.kind is AnnouncementKind.GROWTH:
        return max(0, row.to_count - row.from_count)
    return row.liker_count


def liker_ids_of(block: Block) -> list[int]:
    """Return whom a block names or counts, the newest like first."""
    oldest_first = [liker for each in block for liker in each.row.liker_ids]
    return list(dict.fromkeys(reversed(oldest_first)))

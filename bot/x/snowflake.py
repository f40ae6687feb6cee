"""X's IDs tell when they were made."""

from datetime import UTC, datetime

# The first post ID made of a time, and the millisecond from which they count.
_FIRST = 29_700_859_247
_EPOCH_MS = 1_288_834_974_657
_TIME_SHIFT = 22


def made_at(post_id: int) -> datetime | None:
    """Return when a post was made, which its ID tells; None for IDs from before November 2010."""
    if post_id < _FIRST:
        return None
    return datetime.fromtimestamp(((post_id >> _TIME_SHIFT) + _EPOCH_MS) / 1_000, UTC)


def first_id_at(moment: datetime) -> int:
    """Return the smallest ID that a post of this moment can have."""
    return max(0, int(moment.timestamp() * 1_000) - _EPOCH_MS) << _TIME_SHIFT

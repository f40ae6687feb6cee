"""X's IDs tell when they were made."""

from datetime import datetime

_EPOCH_MS = 1_288_834_974_657
_TIME_SHIFT = 22


def first_id_at(moment: datetime) -> int:
    """Return the smallest ID that a post of this moment can have."""
    return max(0, int(moment.timestamp() * 1_000) - _EPOCH_MS) << _TIME_SHIFT

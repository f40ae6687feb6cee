"""When a like that is counted and not listed is looked for again, before it is called hidden. Pure.

X's list may be seconds or minutes behind its count.
"""

from datetime import datetime, timedelta

LOOKS = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 60, 300))
SOON = LOOKS[1]
"""A list that is late by less shows by then what it held back."""


def next_look(since: datetime, now: datetime) -> datetime:
    """Return when to look next for what is missing `since` then."""
    return next((since + look for look in LOOKS if since + look > now), now + SOON)


def is_over(since: datetime, last_look: datetime | None, now: datetime) -> bool:
    """Say whether the last look is done, and the one before it was not the first.

    Where nobody looked meanwhile, the next one is as if it were the first: X may err once.
    """
    looked_late = last_look is not None and last_look >= since + LOOKS[-2]
    return looked_late and now >= since + LOOKS[-1]

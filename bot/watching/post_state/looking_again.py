"""When a like that is counted and not listed is looked for again, before it is called hidden. Pure.

X's list may be seconds or minutes behind its count.
"""

from datetime import datetime, timedelta

LOOKS = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 60, 300))
SOON = LOOKS[1]
"""A list that is late by less shows by then what it held back."""


def next_look(since: datetime, now: datetime) -> datetime:
    """Return when to look next for what is missing `since` then."""
    return next((since + look for look in LOOKS if since + look > now), since + LOOKS[-1])


def is_over(since: datetime, now: datetime) -> bool:
    """Say whether the last look is done."""
    return now >= since + LOOKS[-1]

"""X's clock, as the `Date` of its answers tells it, beside ours: either may be wrong."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from math import ceil

# X refuses what is signed with a time that is minutes off. An answer may be seconds under way.
_FAR_OFF = timedelta(minutes=1)
# `Date` is cut to seconds and is older by the answer's way: so far apart clocks agree.
_AGREE = timedelta(seconds=5)
# A clock that is off by so little more or less is as it was.
_SAME = timedelta(seconds=30)

Now = Callable[[], datetime]
Tell = Callable[[timedelta | None], None]


def _tell_nobody(_: timedelta | None) -> None:
    pass


class XTime:
    """Hears X's time with every answer, and compares the machine's clock with it.

    `now` is the clock by which we wait, `machine` the one that requests are signed by. Whoever is
    to be told hears with each answer how far the machine's clock is ahead, or None where it is
    right.
    """

    def __init__(self, now: Now, machine: Now | None = None, tell: Tell = _tell_nobody) -> None:
        self.our_now = now
        self._machine = machine or now
        self._tell = tell
        self._ahead: timedelta | None = None
        self.machine_is_ahead: timedelta | None = None

    def hear(self, headers: Mapping[str, str]) -> None:
        """Compare the clocks, where the answer names X's time."""
        date = date_of(headers)
        if date is None:
            return
        self._ahead = self.our_now() - date
        self.machine_is_ahead = self._far_off(self._machine() - date)
        self._tell(self.machine_is_ahead)

    def _far_off(self, ahead: timedelta) -> timedelta | None:
        """Return how far the machine's clock is ahead, if it is far; the same while it is so."""
        known = self.machine_is_ahead
        if known is None:
            return ahead if abs(ahead) > _FAR_OFF else None
        if abs(ahead) <= _FAR_OFF - _AGREE:
            return None
        return known if abs(ahead - known) <= _SAME else ahead

    def now(self) -> datetime | None:
        """Return what time it is at X; None while no answer has told it."""
        return None if self._ahead is None else self.our_now() - self._ahead

    def we_are_ahead(self) -> timedelta:
        """Return how far the clock by which we wait is ahead; nothing while nobody knows."""
        return self._ahead or timedelta(0)


def date_of(headers: Mapping[str, str]) -> datetime | None:
    """Return X's time when it answered, if the headers name one."""
    named = headers.get("Date") or headers.get("date")
    return None if named is None else read_date(named)


def read_date(text: str) -> datetime | None:
    """Read a date as HTTP writes it (RFC 9110, 5.6.7)."""
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)


def in_our_time(moment: datetime, headers: Mapping[str, str], now: datetime) -> datetime:
    """Return when a moment that X names comes by our clock, never too early.

    What counts is how long after X's `Date` it comes. Clocks that agree are left alone, and others
    are compared in whole steps, so that the same moment gives the same answer each time.
    """
    date = date_of(headers)
    if date is None or abs(now - date) <= _AGREE:
        return moment
    try:
        return moment + ceil((now - date) / _AGREE) * _AGREE
    except OverflowError:
        return moment

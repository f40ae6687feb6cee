"""When X says to come back (`Retry-After`), and who must wait until then."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from bot.domain.errors import XUnavailable
from bot.x.x_time import in_our_time, read_date

# Longer than X is ever away on purpose; a mistyped number must not silence us for days.
_LONGEST = timedelta(hours=1)


def named_return(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Return when X wants to be asked again, by our clock, if its answer says so."""
    named = headers.get("Retry-After", "").strip()
    if named.isascii() and named.isdecimal():
        # Whatever the number, in digits that a date can bear.
        return now + min(_LONGEST, timedelta(seconds=int(named[:9])))
    date = read_date(named) if named else None
    if date is None:
        return None
    return max(now, min(now + _LONGEST, in_our_time(date, headers, now)))


class Pauses:
    """What X wants not to be asked for just now, and until when."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._until: dict[str, datetime] = {}

    @contextmanager
    def heeded(self, asked: str) -> Iterator[None]:
        """Ask inside, and note when X says to come back for this, if it does.

        Raise XUnavailable when it has said so already, and it is not yet then.
        """
        until = self._until.get(asked)
        if until is not None and until > self._now():
            raise XUnavailable(until)
        try:
            yield
        except XUnavailable as error:
            if error.try_again_at is not None:
                self._until[asked] = error.try_again_at
            raise

"""When a watch tells, as people write it: round counts with a goal, or a time of the day."""

import re
from dataclasses import dataclass

from bot.domain.errors.commands import NotAWhen, NotQuietHours

MOST_MILESTONES = 20
_MOST = 10**9
_GOAL = re.compile(r"goal\s*:?\s*(\S+)", re.IGNORECASE)
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})", re.ASCII)
_BETWEEN = re.compile(r"[;\s]+|,\s+|,(?!\d{3}\b)")
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+|\d+", re.ASCII)
_LAST_HOUR, _LAST_MINUTE = 23, 59
_HOURLY = frozenset({"", "hourly"})


@dataclass(frozen=True, slots=True)
class When:
    """Own milestones or the usual ones, a goal, and the minute of the day of a daily digest."""

    milestones: tuple[int, ...] | None = None
    goal: int | None = None
    digest_minute: int | None = None

    def __str__(self) -> str:
        """Return it as people write it."""
        parts = []
        if self.milestones:
            parts.append(", ".join(map(str, self.milestones)))
        if self.goal is not None:
            parts.append(f"goal {self.goal}")
        if self.digest_minute is not None:
            parts.append(written_minute(self.digest_minute))
        return "; ".join(parts)


USUAL = When()


def parse_when(text: str) -> When:
    """Read `10, 50, 250; goal 500`, `09:00` or `hourly`; raise NotAWhen."""
    rest = text.strip()
    goal = None
    if (found := _GOAL.search(rest)) is not None:
        goal = _number(found[1].rstrip(";,"))
        rest = rest[: found.start()] + rest[found.end() :]
    minute = None
    if (time := _TIME.search(rest)) is not None:
        minute = _minute(int(time[1]), int(time[2]))
        rest = rest[: time.start()] + rest[time.end() :]
    rest = rest.strip(" ;,·")
    if rest.lower() in _HOURLY:
        return When(None, goal, minute)
    numbers = [_number(each) for each in _BETWEEN.split(rest) if each]
    if len(numbers) > MOST_MILESTONES:
        raise NotAWhen
    return When(tuple(sorted(set(numbers))), goal, minute)


def parse_quiet_hours(begins: str | None, ends: str | None) -> tuple[int, int] | None:
    """Read the two ends of a part of the day; none of them is no such part. Raise NotQuietHours."""
    if begins is None and ends is None:
        return None
    found = _minute_in(begins), _minute_in(ends)
    return None if found[0] == found[1] else found


def _minute_in(text: str | None) -> int:
    time = _TIME.fullmatch((text or "").strip())
    if time is None or int(time[1]) > _LAST_HOUR or int(time[2]) > _LAST_MINUTE:
        raise NotQuietHours
    return int(time[1]) * 60 + int(time[2])


def written_minute(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _number(text: str) -> int:
    if _NUMBER.fullmatch(text) is None or not 0 < (number := int(text.replace(",", ""))) < _MOST:
        raise NotAWhen
    return number


def _minute(hour: int, minute: int) -> int:
    if hour > _LAST_HOUR or minute > _LAST_MINUTE:
        raise NotAWhen
    return hour * 60 + minute

"""How a watch tells of likes, and when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from itertools import count as count_up
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


class WatchStyle(StrEnum):
    """How a watch tells of likes."""

    FEED = "feed"  # as they come
    CARD = "card"  # in one message, which is kept up to date
    MILESTONES = "milestones"  # when their number is a round one
    DIGEST = "digest"  # every hour, or once a day


def usual_milestones() -> Iterator[int]:
    """Yield 10, 25, 50, 100, 250, 500, 1,000 and so on."""
    for power in count_up(1):
        yield from (10**power, 25 * 10 ** (power - 1), 5 * 10**power)


def milestone_in(
    before: int, now: int, chosen: Sequence[int] | None, goal: int | None = None
) -> int | None:
    """Return the highest milestone that a count has come to since it was `before`, if it has."""
    found = None
    for milestone in sorted({*chosen, goal or 0}) if chosen else _usual_with(goal, now):
        if before < milestone <= now:
            found = milestone
    return found


def _usual_with(goal: int | None, most: int) -> list[int]:
    usual = []
    for milestone in usual_milestones():
        if milestone > most:
            break
        usual.append(milestone)
    return sorted({*usual, goal or 0})


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A part of each day, in minutes of it, in which nothing is told; it may go past midnight."""

    begins: int
    ends: int
    zone: tzinfo = UTC

    def has(self, moment: datetime) -> bool:
        here = moment.astimezone(self.zone)
        minute = here.hour * 60 + here.minute
        if self.begins <= self.ends:
            return self.begins <= minute < self.ends
        return minute >= self.begins or minute < self.ends


@dataclass(frozen=True, slots=True)
class Untold:
    """What a watch has to tell: since when, and from which count to which."""

    since: datetime
    before: int
    now: int


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a watch tells of what it has to tell."""

    style: WatchStyle = WatchStyle.FEED
    milestones: tuple[int, ...] | None = None
    goal: int | None = None
    reached: int = 0
    digest_minute: int | None = None
    zone: tzinfo = UTC
    quiet: QuietHours | None = None
    rests: bool = False
    has_ended: bool = False

    def tells(self, held: Untold, now: datetime) -> bool:
        """Say whether it is to be told now."""
        if self.has_ended:
            return True
        if self.rests or (self.quiet is not None and self.quiet.has(now)):
            return False
        match self.style:
            case WatchStyle.MILESTONES:
                return self.milestone(held) is not None
            case WatchStyle.DIGEST:
                return self.digest_after(held.since) <= now
            case _:
                return True

    def milestone(self, held: Untold) -> int | None:
        before = max(held.before, self.reached)
        return milestone_in(before, held.now, self.milestones, self.goal)

    def digest_after(self, moment: datetime) -> datetime:
        """Return when the first digest comes after a moment."""
        if self.digest_minute is None:
            return moment.replace(minute=0, second=0, microsecond=0) + _HOUR
        here = moment.astimezone(self.zone)
        at = here.replace(
            hour=self.digest_minute // 60, minute=self.digest_minute % 60, second=0, microsecond=0
        )
        return (at if at > here else at + _DAY).astimezone(UTC)


def zone_of(name: str | None) -> tzinfo:
    """Return a time zone by its name, such as Europe/Berlin; UTC where there is none."""
    return UTC if name is None else ZoneInfo(name)

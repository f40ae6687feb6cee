"""When a watch tells: round counts, times of the day, quiet hours."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from bot.domain.errors import NotATimeZone, NotAWhen, NotQuietHours
from bot.domain.styles import (
    QuietHours,
    Rhythm,
    Untold,
    WatchStyle,
    milestone_in,
    usual_milestones,
)
from bot.domain.time_zones import parse_zone
from bot.domain.when import When, parse_quiet_hours, parse_when
from tests.cases import in_turn

NOON = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")  # two hours ahead in summer
HOUR = timedelta(hours=1)


def test_the_usual_milestones_go_on_for_ever() -> None:
    assert list(islice(usual_milestones(), 8)) == [10, 25, 50, 100, 250, 500, 1_000, 2_500]


@in_turn(
    "before, now, chosen, goal, found",
    [
        (8, 9, None, None, None),
        (9, 10, None, None, 10),
        (10, 11, None, None, None),
        (9, 120, None, None, 100),
        (30, 45, None, 40, 40),
        (4, 6, (5, 7), None, 5),
        (4, 8, (5, 7), 8, 8),
        (9, 10, (5, 7), None, None),
        (12, 9, None, None, None),
    ],
)
def test_a_milestone_is_the_highest_that_was_come_to(
    before: int, now: int, chosen: tuple[int, ...] | None, goal: int | None, found: int | None
) -> None:
    assert milestone_in(before, now, chosen, goal) == found


def _held(since: datetime = NOON, before: int = 0, now: int = 1) -> Untold:
    return Untold(since, before, now)


def test_a_milestone_that_was_told_is_not_told_again() -> None:
    rhythm = Rhythm(WatchStyle.MILESTONES, reached=100)
    assert not rhythm.tells(_held(before=99, now=101), NOON)
    assert rhythm.tells(_held(before=99, now=250), NOON)


def test_a_digest_comes_with_the_next_hour_or_at_its_time() -> None:
    hourly = Rhythm(WatchStyle.DIGEST)
    since = NOON + timedelta(minutes=59)
    assert [hourly.tells(_held(since), since + timedelta(seconds=s)) for s in (59, 60)] == [
        False,
        True,
    ]
    # At nine in Berlin, where it is two by now.
    daily = Rhythm(WatchStyle.DIGEST, digest_minute=9 * 60, zone=BERLIN)
    assert daily.digest_after(NOON) == NOON + 19 * HOUR
    assert daily.digest_after(NOON - 6 * HOUR) == NOON - 5 * HOUR
    assert daily.digest_after(NOON - 5 * HOUR) == NOON + 19 * HOUR


@in_turn(
    "quiet, hour, is_quiet",
    [
        (QuietHours(22 * 60, 7 * 60), 23, True),
        (QuietHours(22 * 60, 7 * 60), 6, True),
        (QuietHours(22 * 60, 7 * 60), 7, False),
        (QuietHours(22 * 60, 7 * 60, BERLIN), 20, True),
        (QuietHours(22 * 60, 7 * 60, BERLIN), 5, False),
        (QuietHours(13 * 60, 14 * 60), 13, True),
        (QuietHours(13 * 60, 14 * 60), 12, False),
    ],
)
def test_quiet_hours_are_those_of_the_servers_day(
    quiet: QuietHours, hour: int, *, is_quiet: bool
) -> None:
    moment = NOON.replace(hour=hour)
    assert quiet.has(moment) is is_quiet
    assert Rhythm(quiet=quiet).tells(_held(moment), moment) is not is_quiet


@in_turn("style", list(WatchStyle))
def test_a_watch_that_is_paused_tells_nothing_and_one_that_has_ended_the_rest(
    style: WatchStyle,
) -> None:
    assert not Rhythm(style, rests=True).tells(_held(now=10), NOON + 2 * HOUR)
    assert Rhythm(style, has_ended=True).tells(_held(before=1, now=2), NOON)


@in_turn(
    "typed, when",
    [
        ("", When()),
        ("hourly", When()),
        ("09:00", When(digest_minute=9 * 60)),
        ("10, 50, 250; goal 500", When((10, 50, 250), 500)),
        ("1,000 5,000 goal: 10,000", When((1_000, 5_000), 10_000)),
        ("10,25,50", When((10, 25, 50))),
        ("goal 7; 23:59", When(None, 7, 23 * 60 + 59)),
    ],
)
def test_when_is_read_as_people_write_it_and_written_so(typed: str, when: When) -> None:
    assert parse_when(typed) == when
    assert parse_when(str(when)) == when


@in_turn("typed", ["soon", "0", "-5", "24:00", "9:60", "10 goal", "1e9", "²", "9" * 12])
def test_what_is_no_when_is_said_so(typed: str) -> None:
    with pytest.raises(NotAWhen):
        parse_when(typed)


@in_turn(
    "begins, ends, found",
    [
        (None, None, None),
        ("22:00", "7.30", (22 * 60, 7 * 60 + 30)),
        (" 00:00", "23:59 ", (0, 23 * 60 + 59)),
        ("08:00", "08:00", None),
    ],
)
def test_quiet_hours_are_read_as_people_write_them(
    begins: str | None, ends: str | None, found: tuple[int, int] | None
) -> None:
    assert parse_quiet_hours(begins, ends) == found


@pytest.mark.parametrize(("begins", "ends"), [("22:00", None), ("24:00", "07:00"), ("10", "x")])
def test_half_of_quiet_hours_is_none(begins: str, ends: str | None) -> None:
    with pytest.raises(NotQuietHours):
        parse_quiet_hours(begins, ends)


@in_turn(
    "typed, meant",
    [
        ("berlin", "`Europe/Berlin`"),
        ("Europe/Berln", "`Europe/Berlin`"),
        ("New York", "`America/New_York`"),
        ("Tokio", "`Asia/Tokyo`"),
        ("x" * 5_000, "Write it like `Europe/Berlin`."),
    ],
)
def test_a_time_zone_that_is_nearly_right_is_suggested(typed: str, meant: str) -> None:
    with pytest.raises(NotATimeZone, match=meant):
        parse_zone(typed)
    assert parse_zone(" america/new york ") == "America/New_York"

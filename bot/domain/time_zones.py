"""Time zones by their names."""

from difflib import get_close_matches
from functools import cache
from zoneinfo import available_timezones

from bot.domain.discord_limits import MAX_CHOICES
from bot.domain.errors.commands import NotATimeZone

_NEAR, _LEAST_ALIKE, _LONGEST = 3, 0.7, 60
_USUAL = ("UTC", "Europe/London", "Europe/Berlin", "America/New_York", "America/Los_Angeles")


@cache
def _zones() -> dict[str, str]:
    return {name.lower(): name for name in sorted(available_timezones()) if name[:1].isupper()}


def parse_zone(typed: str) -> str:
    """Return a zone's name as it is spelled; raise NotATimeZone, with those that may be meant."""
    wanted = _lower(typed)
    found = _zones().get(wanted)
    if found is None:
        raise NotATimeZone(_near(wanted[:_LONGEST]))
    return found


def _near(wanted: str) -> list[str]:
    """Return the zones whose name, or whose city's, is nearly what somebody wrote."""
    cities = {lower.rpartition("/")[2]: name for lower, name in _zones().items()}
    by_name = cities | _zones()
    alike = get_close_matches(wanted, by_name, 2 * _NEAR, _LEAST_ALIKE)
    return list(dict.fromkeys(by_name[each] for each in alike))[:_NEAR]


def _lower(typed: str) -> str:
    return "_".join(typed.split()).lower()


def zones_like(typed: str) -> list[str]:
    """Return at most so many zones as are offered while somebody types."""
    wanted = _lower(typed)
    if not wanted:
        return list(_USUAL)
    return [name for lower, name in _zones().items() if wanted in lower][:MAX_CHOICES]

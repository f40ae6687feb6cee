"""Time zones by their names."""

from functools import cache
from zoneinfo import available_timezones

from bot.domain.discord_limits import MAX_CHOICES
from bot.domain.errors.commands import NotATimeZone

_USUAL = ("UTC", "Europe/London", "Europe/Berlin", "America/New_York", "America/Los_Angeles")


@cache
def _zones() -> dict[str, str]:
    return {name.lower(): name for name in sorted(available_timezones()) if name[:1].isupper()}


def parse_zone(typed: str) -> str:
    """Return a zone's name as it is spelled; raise NotATimeZone."""
    found = _zones().get(typed.strip().replace(" ", "_").lower())
    if found is None:
        raise NotATimeZone
    return found


def zones_like(typed: str) -> list[str]:
    """Return at most so many zones as are offered while somebody types."""
    wanted = typed.strip().replace(" ", "_").lower()
    if not wanted:
        return list(_USUAL)
    return [name for lower, name in _zones().items() if wanted in lower][:MAX_CHOICES]

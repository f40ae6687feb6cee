"""Single query values: what X takes, and its words for what it does not."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

MAX_IDS = 100
ID = re.compile(r"[0-9]{1,19}")
USERNAME = re.compile(r"[A-Za-z0-9_]{1,15}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z")


class BadValue(ValueError):
    """Its text is the end of X's sentence: `… query parameter value [x] <text>`."""


def an_id(raw: str) -> int:
    if not ID.fullmatch(raw):
        raise BadValue("is not valid")
    return int(raw)


def number(low: int, high: int) -> Callable[[str], int]:
    def read(raw: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,9}", raw):
            raise BadValue("is not a valid number")
        if not low <= int(raw) <= high:
            raise BadValue(f"is not between {low} and {high}")
        return int(raw)

    return read


def list_of(pattern: re.Pattern[str]) -> Callable[[str], list[str]]:
    """Read up to 100 comma-separated values, each once."""

    def read(raw: str) -> list[str]:
        values = raw.split(",")
        if len(values) > MAX_IDS:
            raise BadValue(f"has {len(values)} values, which is not between 1 and {MAX_IDS}")
        if not all(pattern.fullmatch(value) for value in values):
            raise BadValue("is not valid")
        return list(dict.fromkeys(values))

    return read


def some_of(*allowed: str) -> Callable[[str], frozenset[str]]:
    def read(raw: str) -> frozenset[str]:
        values = frozenset(raw.split(","))
        if not values <= set(allowed):
            raise BadValue(f"is not one of [{','.join(allowed)}]")
        return values

    return read


def a_time(raw: str) -> datetime:
    if not _TIME.fullmatch(raw):
        raise BadValue("is not a valid RFC3339 date-time")
    try:
        return datetime.fromisoformat(raw).astimezone(UTC)
    except ValueError as error:
        raise BadValue("is not a valid RFC3339 date-time") from error


def text(raw: str) -> str:
    if not raw:
        raise BadValue("is not valid")
    return raw

"""Values in control calls: read strictly, refused in words."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sandbox.clock import LAST_MOMENT

Raw = Mapping[str, Any]
ReadValue = Callable[[Any], Any]
_LONGEST_S = 1_000_000_000
# X began in this year.
FIRST_MOMENT = datetime(2006, 1, 1, tzinfo=UTC)


class BadOrder(ValueError):
    """The control call asks for something impossible; the text says what."""


def an_id(value: object) -> int:
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,19}", str(value)):
        raise BadOrder(f"{value!r} is not an ID")
    return int(str(value))


def an_optional_id(value: object) -> int | None:
    return None if value is None else an_id(value)


def ids(value: object) -> list[int]:
    if not isinstance(value, list):
        raise BadOrder(f"{value!r} is not a list of IDs")
    return [an_id(each) for each in value]


def a_bool(value: object) -> bool:
    if not isinstance(value, bool):
        raise BadOrder(f"{value!r} is not true or false")
    return value


def an_int(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise BadOrder(f"{value!r} is not a whole number from 0")
    return value


def seconds(value: object) -> float:
    # NaN, which Python reads in JSON, is between no two numbers.
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _LONGEST_S:
        return float(value)
    raise BadOrder(f"{value!r} is not a number of seconds from 0 to {_LONGEST_S}")


def a_string(value: object) -> str:
    if not isinstance(value, str) or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise BadOrder(f"{value!r} is not a string")
    return value


def a_time(value: object) -> datetime:
    """Read a time as X writes it; one without a zone is UTC."""
    try:
        moment = datetime.fromisoformat(a_string(value))
    except ValueError as error:
        raise BadOrder(f"{value!r} is not a time") from error
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not FIRST_MOMENT <= moment < LAST_MOMENT:
        raise BadOrder(f"{value!r} is not between {FIRST_MOMENT:%Y} and {LAST_MOMENT:%Y}")
    return moment.astimezone(UTC)


def country_codes(value: object) -> tuple[str, ...]:
    codes = value if isinstance(value, list) else [None]
    if not all(isinstance(code, str) and re.fullmatch("[A-Z]{2}", code) for code in codes):
        raise BadOrder(f"{value!r} is not a list of country codes")
    return tuple(codes)


def one_of(*allowed: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if value not in allowed:
            raise BadOrder(f"{value!r} is not one of {', '.join(allowed)}")
        return str(value)

    return read


def some_of(allowed: Iterable[str]) -> Callable[[object], frozenset[str]]:
    read_one = one_of(*sorted(allowed))

    def read(value: object) -> frozenset[str]:
        if not isinstance(value, list):
            raise BadOrder(f"{value!r} is not a list")
        return frozenset(read_one(each) for each in value)

    return read


def an_object(value: object) -> Raw:
    if not isinstance(value, dict):
        raise BadOrder(f"{value!r} is not an object")
    return value


def objects(value: object) -> list[Raw]:
    if not isinstance(value, list):
        raise BadOrder(f"{value!r} is not a list")
    return [an_object(each) for each in value]


def read_all(raw: Raw, readers: Mapping[str, ReadValue]) -> dict[str, Any]:
    """Read every value that is given; a name that nobody knows is refused."""
    if unknown := sorted(set(raw) - set(readers)):
        raise BadOrder(f"unknown: {', '.join(unknown)}; known: {', '.join(sorted(readers))}")
    found = {}
    for name, value in raw.items():
        try:
            found[name] = readers[name](value)
        except BadOrder as error:
            raise BadOrder(f"{name}: {error}") from error
    return found

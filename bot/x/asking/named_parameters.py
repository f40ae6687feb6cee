"""Which of a request's parameters X refuses, in each of the ways in which it says so."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.domain.errors import RefusedName

# As in: The `user.fields` query parameter value [affiliation] is not one of [...]
_VALUE = re.compile(r"`([\w.$]+)` query parameter value \[([^\[\]]*)\]")
# As in: The query parameter [tweet.fields] is not one of [...]
_PARAMETER = re.compile(r"\bquery parameter \[([\w.$]+)\]")


def refused_names(problem: Mapping[str, Any]) -> tuple[RefusedName, ...]:
    """Return what an `invalid-request` names, each once and in its order.

    The one edition of X's file has a list of `errors` with `parameters`, the other a single
    `parameter` and its `value`; both say it in words too.
    """
    errors = problem.get("errors")
    entries = errors if isinstance(errors, list) else []
    places = [place for place in (problem, *entries) if isinstance(place, dict)]
    return tuple(dict.fromkeys(name for place in places for name in _named(place)))


def _named(place: Mapping[str, Any]) -> Iterator[RefusedName]:
    # Where X has words for it, these are the more exact: `parameters` may hold a whole list.
    said = list(_said(f"{place.get('message')} {place.get('detail')}"))
    yield from said or _listed(place)


def _said(words: str) -> Iterator[RefusedName]:
    for match in _VALUE.finditer(words):
        yield from _of(match[1], match[2])
    for match in _PARAMETER.finditer(words):
        yield RefusedName(match[1])


def _listed(place: Mapping[str, Any]) -> Iterator[RefusedName]:
    parameters = place.get("parameters")
    for parameter, values in parameters.items() if isinstance(parameters, dict) else ():
        yield from _of(parameter, ",".join(map(str, values)) if isinstance(values, list) else "")
    if isinstance(parameter := place.get("parameter"), str):
        yield from _of(parameter, str(place.get("value") or ""))


def _of(parameter: str, values: str) -> Iterator[RefusedName]:
    named = [value.strip() for value in values.split(",") if value.strip()]
    if not named:
        yield RefusedName(parameter)
    for value in named:
        yield RefusedName(parameter, value)

"""Reads a request's query as X's specification describes it, and says all that is wrong."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.x.api.values import BadValue
from sandbox.x.problems import Fault, invalid_request
from sandbox.x.spelling import CHOICES, Spelling, asked_in, canonical


@dataclass(frozen=True, slots=True)
class Parameter:
    """One query parameter that an endpoint knows besides the selecting ones."""

    name: str
    read: Callable[[str], Any]
    default: Any = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """Fields and expansions asked for, under their 2.165 names."""

    user_fields: frozenset[str] = frozenset()
    post_fields: frozenset[str] = frozenset()
    media_fields: frozenset[str] = frozenset()
    poll_fields: frozenset[str] = frozenset()
    place_fields: frozenset[str] = frozenset()
    usage_fields: frozenset[str] = frozenset()
    expansions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Query:
    selection: Selection
    values: Mapping[str, Any] = field(default_factory=dict)


# What may be selected, by what the endpoint's data are; `expansions` depend on it.
POSTS = (
    "tweet.fields",
    "post.fields",
    "media.fields",
    "poll.fields",
    "place.fields",
    "user.fields",
)
USERS = ("user.fields", "tweet.fields", "post.fields")
USAGE = ("usage.fields",)


def spelling_of(given: Mapping[str, str], selectors: tuple[str, ...]) -> Spelling:
    """Tell which names a request uses, right or wrong."""
    return asked_in(set(given), _chosen(given, selectors))


def read_query(
    given: Mapping[str, str],
    selectors: tuple[str, ...],
    parameters: Sequence[Parameter],
    spelling: Spelling,
) -> Query:
    """Return what was asked for, or refuse with everything that is wrong with it."""
    choices = _choices(selectors, spelling)
    known = {parameter.name for parameter in parameters}
    faults = _unknown(given, [*known, *choices])
    picked = {name: _pick(name, given, choices[name], faults) for name in choices if name in given}
    values = {p.name: _value(p, given, faults) for p in parameters}
    if faults:
        raise invalid_request(faults)
    return Query(_selection(picked, spelling), values)


def _chosen(given: Mapping[str, str], selectors: tuple[str, ...]) -> set[str]:
    names = (*selectors, "expansions")
    return {value for name in names for value in given.get(name, "").split(",") if value}


def _choices(selectors: tuple[str, ...], spelling: Spelling) -> dict[str, list[str]]:
    table = CHOICES[spelling]
    choices = {name: table[name] for name in selectors if name in table}
    if selectors in (POSTS, USERS):
        choices["expansions"] = table[f"{'post' if selectors == POSTS else 'user'} expansions"]
    return choices


def _unknown(given: Mapping[str, str], known: Iterable[str]) -> list[Fault]:
    listed = ",".join(sorted(known))
    return [
        Fault(f"The query parameter [{name}] is not one of [{listed}]", {name: [given[name]]})
        for name in given
        if name not in known
    ]


def _pick(
    name: str, given: Mapping[str, str], allowed: Sequence[str], faults: list[Fault]
) -> frozenset[str]:
    values = given[name].split(",")
    listed = ",".join(sorted(allowed))
    faults.extend(
        Fault(f"The `{name}` query parameter value [{v}] is not one of [{listed}]", {name: [v]})
        for v in values
        if v not in allowed
    )
    return frozenset(values)


def _value(parameter: Parameter, given: Mapping[str, str], faults: list[Fault]) -> object:
    raw = given.get(parameter.name)
    if raw is None:
        if parameter.required:
            message = f"The `{parameter.name}` query parameter can not be empty"
            faults.append(Fault(message, {parameter.name: []}))
        return parameter.default
    try:
        return parameter.read(raw)
    except BadValue as error:
        faults.append(bad_value(parameter.name, raw, str(error)))
        return None


def bad_value(name: str, value: str, why: str = "is not valid") -> Fault:
    return Fault(f"The `{name}` query parameter value [{value}] {why}", {name: [value]})


def _selection(picked: Mapping[str, frozenset[str]], spelling: Spelling) -> Selection:
    def names(*parameters: str) -> frozenset[str]:
        return frozenset(
            canonical(name, spelling)
            for parameter in parameters
            for name in picked.get(parameter, ())
        )

    return Selection(
        user_fields=names("user.fields"),
        post_fields=names("tweet.fields", "post.fields"),
        media_fields=names("media.fields"),
        poll_fields=names("poll.fields"),
        place_fields=names("place.fields"),
        usage_fields=names("usage.fields"),
        expansions=names("expansions"),
    )

"""What values are made of.

To draw each field of a post takes ten times as long as to show the post. So a value is made of one
handful of what is drawn, and numbers say which field has what of it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from math import prod
from operator import attrgetter
from typing import Any, TypeVar

from hypothesis import strategies as st

from bot.domain import Link
from tests.chat.drawn.texts import awkward, usernames
from tests.chat.samples import LARGEST_ID

T = TypeVar("T")
MOST = 10**10
_EARLIEST, _LATEST = 1_142_899_200, 7_258_118_400
# Of numbers below this one, each is as likely as any other.
_EVENLY = 2**24
_TAG = "#tag "


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _usd(hundredths_of_cents: int) -> Decimal:
    return Decimal(hundredths_of_cents).scaleb(-4)


ids = st.integers(min_value=1, max_value=LARGEST_ID)
counts = st.integers(min_value=0, max_value=MOST)
moments = st.integers(_EARLIEST, _LATEST).map(_at)
dollars = st.integers(0, MOST).map(_usd)


@dataclass(frozen=True, slots=True)
class Handful:
    """What the fields of a value are made of."""

    text: str
    other: str
    username: str
    number: int

    @property
    def id(self) -> int:
        return self.number + 1

    @property
    def count(self) -> int:
        return self.number % (MOST + 1)

    @property
    def at(self) -> datetime:
        return _at(_EARLIEST + self.number % (_LATEST - _EARLIEST))

    @property
    def usd(self) -> Decimal:
        return _usd(self.count)

    @property
    def less_usd(self) -> Decimal:
        return _usd(self.count // 1_000)

    def counts(self, size: int) -> list[int]:
        """Return so many counts: each smaller than the one before, until they begin anew."""
        return [self.number // 7**at % (MOST + 1) for at in range(size)]


_numbers = st.integers(0, LARGEST_ID - 1)
handfuls = st.builds(Handful, awkward, awkward, usernames, _numbers)
# For what has no text of its own.
numbers = _numbers.map(lambda number: Handful("", "", "", number))


# What a field may be made of, beside plain values.
TEXT, OTHER, USERNAME, ID, COUNT, AT = map(
    attrgetter, ("text", "other", "username", "id", "count", "at")
)
BOTH = (False, True)
COUNTS = (COUNT, 0, 1)
SOME_COUNT, SOME_ID, SOME_TIME = ((None, one) for one in (COUNT, ID, AT))
SUMS = (attrgetter("usd"), attrgetter("less_usd"), Decimal(0), Decimal(10**6))


def made(
    make: Callable[..., T],
    of: st.SearchStrategy[Handful] = handfuls,
    /,
    **fields: Sequence[Any] | st.SearchStrategy[Any],
) -> st.SearchStrategy[T]:
    """Draw what `make` makes of its fields.

    Of a field's choices, each a value or a function that makes one of the handful, one is taken.
    """
    own = {name: field for name, field in fields.items() if isinstance(field, st.SearchStrategy)}
    groups = list(_groups({n: field for n, field in fields.items() if isinstance(field, Sequence)}))

    def build(handful: Handful, drawn: dict[str, Any], *which: int) -> T:
        taken = dict(drawn)
        for number, group in zip(which, groups, strict=True):
            left = number
            for name, choices in group.items():
                left, at = divmod(left, len(choices))
                taken[name] = choices[at](handful) if callable(choices[at]) else choices[at]
        return make(**taken)

    which = [st.integers(0, _size(group) - 1) for group in groups]
    return st.builds(build, of, st.fixed_dictionaries(own), *which)


def _size(group: Mapping[str, Sequence[Any]]) -> int:
    return prod(map(len, group.values()))


def _groups(fields: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Sequence[Any]]]:
    """Part fields into few groups, so that a number for each chooses evenly."""
    group: dict[str, Sequence[Any]] = {}
    for name, choices in fields.items():
        if _size(group) * len(choices) > _EVENLY:
            yield group
            group = {}
        group[name] = choices
    yield group


def tagged(make: Callable[..., T], text: str, links: str) -> Callable[..., T]:
    """Make what has so many `tags` before its text, and links where they are."""

    def of(*, tags: int, **fields: Any) -> T:
        places = tuple(
            Link(at, at + 4, "https://x.com/hashtag/tag")
            for at in range(0, tags * len(_TAG), len(_TAG))
        )
        fields[text] = _TAG * tags + fields[text]
        return make(**fields, **{links: places})

    return of


def crowds(items: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    """Draw none to a hundred, of a few different ones."""
    few = st.lists(items, max_size=4).map(tuple)
    return st.builds(lambda some, times: some * times, few, st.integers(1, 25))

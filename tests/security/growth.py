"""Whether the time that something takes grows as its input does, and no faster."""

import re
import time
from collections.abc import Callable, Iterator
from itertools import islice, product
from re import _constants as op
from re import _parser as parser
from typing import Any

LENGTHS, TIMES, MOST_TIMES = (600, 2_400), 10, 20
_TRIES = 8
_MOST_SAMPLES = 24
_CHARACTERS = "a1 \n.:/@-_é%[{<=\"'`"

Work = Callable[[str], object]
Grow = Callable[[int], str]


def ratio(work: Work, grow: Grow) -> float:
    """Return how many times the CPU time goes up when the text is ten times as long.

    What the machine does meanwhile only adds: where the ratio is too high, the least of more and
    more measures counts, and then that of longer texts, of which it adds a smaller part.
    """
    found = float("inf")
    for length in LENGTHS:
        found = _ratio_at(length, work, grow)
        if found <= MOST_TIMES:
            break
    return found


def _ratio_at(length: int, work: Work, grow: Grow) -> float:
    small = large = float("inf")
    for _ in range(_TRIES):
        large = min(large, _cpu_s(work, grow(length * TIMES)))
        small = min(small, _cpu_s(work, grow(length)))
        if large / small <= MOST_TIMES:
            break
    return large / small


def _cpu_s(work: Work, text: str) -> float:
    before = time.thread_time()
    work(text)
    return max(time.thread_time() - before, 1e-7)


def attacks(pattern: re.Pattern[str]) -> Iterator[tuple[str, str, str]]:
    """Yield what makes backtracking dear: a pattern's beginnings over and over, and no end to it.

    Each is a start, what is repeated, and what follows.
    """
    samples = dict.fromkeys(islice(_samples(parser.parse(pattern.pattern, pattern.flags)), 400))
    atoms: dict[str, None] = {}
    for sample in [*samples][:_MOST_SAMPLES]:
        for end in range(1, len(sample) + 1):
            atoms[sample[:end]] = None
            atoms[sample[end - 1]] = None
    for atom in atoms:
        yield "", atom, "\0"
    for sample in [*samples][:6]:
        for end in range(1, len(sample)):
            yield sample[:end], sample[end - 1], "\0"


def grown(before: str, atom: str, after: str) -> Grow:
    return lambda size: before + atom * (size // len(atom)) + after


def _samples(parsed: Any) -> Iterator[str]:
    """Yield texts that a pattern matches, or nearly: one for each of its branches."""
    for parts in product(*([*_of(code, given)] for code, given in parsed)):
        yield "".join(parts)


def _of(code: Any, given: Any) -> Iterator[str]:
    match code:
        case op.LITERAL:
            yield chr(given)
        case op.NOT_LITERAL:
            yield next(char for char in _CHARACTERS if ord(char) != given)
        case op.ANY:
            yield "a"
        case op.IN:
            # Two, so that what differs from one repeated letter is met too.
            members = [char for char in _CHARACTERS if _is_in(char, given)]
            yield from members[:1] or [chr(next(v for c, v in given if c is op.LITERAL))]
        case op.BRANCH:
            for branch in given[1]:
                yield from islice(_samples(branch), 6)
        case op.SUBPATTERN:
            yield from islice(_samples(given[-1]), 12)
        case op.MAX_REPEAT | op.MIN_REPEAT | op.POSSESSIVE_REPEAT:
            least, _, inner = given
            for text in islice(_samples(inner), 6):
                yield text * max(1, min(least, 20))
        case _:  # places, looks ahead and behind
            yield ""


def _is_in(char: str, members: Any) -> bool:
    """Ask re itself whether a character belongs to a class that it has parsed."""
    found = any(_is_member(char, code, value) for code, value in members)
    return not found if members[0][0] is op.NEGATE else found


def _is_member(char: str, code: Any, value: Any) -> bool:
    if code is op.LITERAL:
        return ord(char) == value
    if code is op.RANGE:
        return bool(value[0] <= ord(char) <= value[1])
    if code is op.CATEGORY:
        sign = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}[str(value).rpartition("_")[2]]
        return (re.match(sign, char) is not None) is not ("_NOT_" in str(value))
    return False

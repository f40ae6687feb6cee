"""Text in the units that people see, so that a cut never leaves half a letter or half an emoji."""

from collections.abc import Iterator

import regex

# `\X` alone reads a row of flags from its beginning to cut off each: quadratic, so they go first.
_CLUSTER = regex.compile(r"\p{RI}{2}[\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}]*|\X")
# Latin letters and the usual signs: none of them joins another.
_EACH_ALONE = regex.compile(r"[\n -\u02ff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf]*")
FILLERS = "\u115f\u1160\u3164\uffa0\u2800"
"""Letters and symbols that show nothing."""

# Marks, controls and formats, halves of pairs, what is not assigned; but nothing that never is.
_NEEDS_A_LOOK = regex.compile(rf"(?V1)[[\p{{M}}\p{{C}}{FILLERS}]--[\n\ufdd0-\ufdef]]")


def graphemes(text: str) -> Iterator[str]:
    """Split into extended grapheme clusters, as UAX #29 has them."""
    if _EACH_ALONE.fullmatch(text):
        return iter(text)
    return (cluster[0] for cluster in _CLUSTER.finditer(text))


def shows_each_alone(text: str) -> bool:
    """Say whether no character sits on another, shows nothing, or moves or joins others."""
    return _NEEDS_A_LOOK.search(text) is None

"""Text in the units that people see, so that a cut never leaves half a letter or half an emoji."""

from collections.abc import Iterator

import regex

# `\X` alone reads a row of flags from its beginning to cut off each: quadratic, so they go first.
_CLUSTER = regex.compile(r"\p{RI}{2}[\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}]*|\X")


def graphemes(text: str) -> Iterator[str]:
    """Split into extended grapheme clusters, as UAX #29 has them."""
    return (cluster[0] for cluster in _CLUSTER.finditer(text))

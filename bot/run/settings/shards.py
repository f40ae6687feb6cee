"""Which of Discord's shards a process takes: `auto`, `8`, or `0-3/8`."""

import re

from bot.domain.shards import Shards

_WRITTEN = re.compile(r"(?:(\d{1,5})(?:-(\d{1,5}))?/)?(\d{1,5})")


def read_shards(text: str) -> Shards:
    """Return what is meant; `auto`, as many as Discord advises, is none of none.

    Raise ValueError with what can be meant.
    """
    if text.lower() == "auto":
        return Shards(frozenset(), 0)
    found = _WRITTEN.fullmatch(text)
    if found is not None:
        count = int(found[3])
        first = int(found[1] or 0)
        last = int(found[2] or found[1] or count - 1)
        if 0 <= first <= last < count:
            return Shards(frozenset(range(first, last + 1)), count)
    raise ValueError("must be auto, a number of shards such as 8, or some of them such as 0-3/8")

"""Places of a text that lead somewhere."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """An address, mention, hashtag or cashtag: `text[start:end]`, and where it leads.

    `shown` is what X shows in its place, where that is something else.
    """

    start: int
    end: int
    url: str
    shown: str | None = None

"""Places of a text that lead somewhere."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """A mention, hashtag or cashtag: `text[start:end]`, and where it leads."""

    start: int
    end: int
    url: str

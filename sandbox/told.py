"""Of which likes a channel was told: some by name, the others as so many more.

A message may say how many more there are without naming them. Whom it means is not to be seen, so
each is taken for the oldest like of the post that the channel was not told of; when that one is
named later, another takes its place.
"""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

Like = tuple[str, str]  # post ID, username
_OfMessage = tuple[str | None, str]  # message ID, post ID


class Said(NamedTuple):
    """What a message says of a post: who likes it, and how many more do."""

    message: str | None
    post: str
    names: list[Like]
    more: int


@dataclass(slots=True)
class ToldLikes:
    """What one channel was told; `surplus` are those of whom there is nobody whom it can mean."""

    named: Counter[Like] = field(default_factory=Counter)
    meant: set[Like] = field(default_factory=set)
    surplus: Counter[str] = field(default_factory=Counter)
    _named_in: dict[_OfMessage, set[Like]] = field(default_factory=lambda: defaultdict(set))
    _more_in: Counter[_OfMessage] = field(default_factory=Counter)

    def hear(self, said: Said, ever: Collection[Like], gone: Collection[Like] = ()) -> list[Like]:
        """Take note of a message, or of its change; return of whom it tells for the first time.

        `ever` are all likes of the post so far, the oldest first. Those who are `gone` were told of
        before, and may be named again.
        """
        message, post, names, more = said
        place = (message, post)
        known = self._named_in[place] if message is not None else set()
        told = []
        for like in names if not known else [name for name in names if name not in known]:
            if like in gone:
                continue
            self.named[like] += 1
            told.append(like)
            if like in self.meant:
                self.meant.discard(like)
                told += self._mean(post, ever)
        known.update(names)
        # Of those who were named before, some are among the others by now.
        others = len(set(names)) + more - len(known)
        before = self._more_in[place] if message is not None else 0
        for _ in range(others - before):
            told += self._mean(post, ever)
        self._more_in[place] = max(others, before)
        return told

    def has(self, like: Like) -> bool:
        return like in self.named or like in self.meant

    def _mean(self, post: str, ever: Collection[Like]) -> list[Like]:
        like = next((like for like in ever if not self.has(like)), None)
        if like is None:
            self.surplus[post] += 1
            return []
        self.meant.add(like)
        return [like]

"""Events that came and are not stored yet: few enough for memory, and none lost on the way."""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Sequence

from bot.domain.push import PushEvent, PushKind

# When so many wait, nothing more is read from X until some are stored.
_MOST = 5_000
_REMEMBERED = 20_000


class Inbox:
    """Whoever reads the stream waits where it is full; `came` is told of the first of them."""

    def __init__(self, came: Callable[[], None] = lambda: None, most: int = _MOST) -> None:
        self.came = came
        self._most = most
        self._waiting: deque[PushEvent] = deque()
        self._room = asyncio.Event()
        self._room.set()
        self._seen: OrderedDict[tuple[str, bool], None] = OrderedDict()
        self.counts: Counter[str] = Counter()
        """How many events came, by what became of them."""

    def __len__(self) -> int:
        return len(self._waiting)

    async def put(self, event: PushEvent) -> None:
        await self._room.wait()
        self.offer(event)

    def offer(self, event: PushEvent) -> bool:
        """Take an event unless there is no room; a copy of one that was there is only counted."""
        if len(self._waiting) >= self._most:
            return False
        self.counts[self._what(event)] += 1
        if event.kind is PushKind.OTHER:
            return True
        self._waiting.append(event)
        if len(self._waiting) >= self._most:
            self._room.clear()
        if len(self._waiting) == 1:
            self.came()
        return True

    def take(self) -> list[PushEvent]:
        """Return all that wait."""
        taken = list(self._waiting)
        self._waiting.clear()
        self._room.set()
        return taken

    def give_back(self, events: Sequence[PushEvent]) -> None:
        """Let events wait again that could not be stored."""
        self._waiting.extendleft(reversed(events))

    def _what(self, event: PushEvent) -> str:
        """Return what is counted: a copy is an event that X may have charged for again."""
        if event.kind is not PushKind.LIKE:
            return event.kind.value
        key = (event.key, event.liker is not None)
        if key in self._seen:
            return "duplicate"
        self._seen[key] = None
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        return event.kind.value if event.liker is not None else "nameless"

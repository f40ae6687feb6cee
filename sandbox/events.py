"""News from the sandbox's worlds to whoever listens: the page, the crowd, the score."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """`type` is a dotted word such as `message.create`; `data` is JSON-ready."""

    type: str
    data: dict[str, Any]


class _Closed:
    """Marks the end of a listener's queue."""


@dataclass(slots=True)
class Events:
    """`hearers` are called at once, listeners hear in their own time."""

    hearers: list[Callable[[Event], None]] = field(default_factory=list)
    _queues: set[asyncio.Queue[Event | _Closed]] = field(default_factory=set)

    def emit(self, event_type: str, data: dict[str, Any]) -> None:
        event = Event(event_type, data)
        for hear in self.hearers:
            hear(event)
        for queue in self._queues:
            queue.put_nowait(event)

    def close(self) -> None:
        """End every listener's stream."""
        for queue in self._queues:
            queue.put_nowait(_Closed())

    @contextmanager
    def _queue(self) -> Iterator[asyncio.Queue[Event | _Closed]]:
        queue: asyncio.Queue[Event | _Closed] = asyncio.Queue()
        self._queues.add(queue)
        try:
            yield queue
        finally:
            self._queues.discard(queue)

    @asynccontextmanager
    async def listen(self) -> AsyncIterator[AsyncIterator[Event]]:
        """Yield an iterator over everything emitted from now on."""
        with self._queue() as queue:

            async def stream() -> AsyncIterator[Event]:
                while not isinstance(item := await queue.get(), _Closed):
                    yield item

            yield stream()

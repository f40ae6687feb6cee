"""What happens at the stand-ins, one by one: by this the people act, and the killer counts."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Happenings:
    """Counts requests to X and messages in Discord; `act` is called at each of them."""

    act: Callable[[], None] = lambda: None
    _count: int = 0
    _waiting: set[tuple[int, asyncio.Future[None]]] = field(default_factory=set)

    def happen(self, _: object = None) -> None:
        self._count += 1
        for due, waiter in tuple(self._waiting):
            if due <= self._count and not waiter.done():
                waiter.set_result(None)
        self.act()

    async def after(self, more: int) -> None:
        """Wait until so many more things have happened."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = (self._count + more, waiter)
        self._waiting.add(entry)
        try:
            await waiter
        finally:
            self._waiting.discard(entry)

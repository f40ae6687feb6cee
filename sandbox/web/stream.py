"""The page's live news: both worlds' events as one text/event-stream."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

from aiohttp import web

from sandbox.events import Event, Events

KEEP_ALIVE_S = 15.0
_RETRY_MS = 1000


class EventStream:
    """Serves every open page its own stream, and ends them all when the server stops."""

    def __init__(self, sources: Mapping[str, Events], keep_alive_s: float = KEEP_ALIVE_S) -> None:
        self._sources = sources
        self._keep_alive_s = keep_alive_s
        self._open: set[asyncio.Queue[bytes | None]] = set()

    async def close(self, _app: web.Application) -> None:
        for queue in self._open:
            queue.put_nowait(None)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Stream events; with `?as=<user>`, leave out what only other members may see."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        async with self._pumps(queue, request.query.get("as")):
            self._open.add(queue)
            try:
                await response.prepare(request)
                await response.write(f"retry: {_RETRY_MS}\n\n".encode())
                while (chunk := await self._next(queue)) is not None:
                    await response.write(chunk)
            except ConnectionError:
                pass  # the page was closed
            finally:
                self._open.discard(queue)
        return response

    async def _next(self, queue: asyncio.Queue[bytes | None]) -> bytes | None:
        try:
            return await asyncio.wait_for(queue.get(), self._keep_alive_s)
        except TimeoutError:
            return b": still here\n\n"

    @contextlib.asynccontextmanager
    async def _pumps(
        self, queue: asyncio.Queue[bytes | None], viewer: str | None
    ) -> AsyncIterator[None]:
        """Fill the queue from every source while the block runs."""
        async with contextlib.AsyncExitStack() as stack:
            tasks = []
            for name, events in self._sources.items():
                stream = await stack.enter_async_context(events.listen())
                tasks.append(asyncio.create_task(_pump(name, stream, queue, viewer)))
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)


async def _pump(
    source: str,
    stream: AsyncIterator[Event],
    queue: asyncio.Queue[bytes | None],
    viewer: str | None,
) -> None:
    async for event in stream:
        if _may_see(event.data, viewer):
            news = {"source": source, "type": event.type, "data": event.data}
            queue.put_nowait(f"data: {json.dumps(news)}\n\n".encode())
    queue.put_nowait(None)


def _may_see(data: Mapping[str, Any], viewer: str | None) -> bool:
    owner = data.get("visible_to")
    return owner is None or str(owner) == viewer

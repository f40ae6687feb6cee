"""One websocket: what is sent through it keeps its order, and it can be lost on purpose."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from aiohttp import web

from sandbox.discord.gateway.codec import Codec
from sandbox.discord.gateway.protocol import Op
from sandbox.discord.types import Json


@dataclass(frozen=True, slots=True)
class _Close:
    code: int
    reason: str


class Connection:
    """`base` is the HTTP address that the client came to."""

    def __init__(
        self, ws: web.WebSocketResponse, request: web.Request, codec: Codec, base: str
    ) -> None:
        self.base = base
        self._ws = ws
        self._transport = request.transport
        self._codec = codec
        self._queue: asyncio.Queue[Json | _Close] = asyncio.Queue()

    def send(self, payload: Json) -> None:
        self._queue.put_nowait(payload)

    def send_op(self, op: Op, *, data: bool | None = None) -> None:
        """Send one of the messages that are hardly more than their opcode."""
        self.send({"op": int(op), "t": None, "s": None, "d": data})

    def close(self, code: int, reason: str) -> None:
        """Close once everything queued before is out."""
        self._queue.put_nowait(_Close(code, reason))

    def drop(self) -> None:
        """Lose the connection without a word, as a network does."""
        if self._transport is not None:
            self._transport.abort()

    async def write(self) -> None:
        """Send what is queued until the connection ends."""
        with suppress(ConnectionError):
            while not isinstance(item := await self._queue.get(), _Close):
                encoded = self._codec.encode(item)
                if isinstance(encoded, bytes):
                    await self._ws.send_bytes(encoded)
                else:
                    await self._ws.send_str(encoded)
            await self._ws.close(code=item.code, message=item.reason.encode())

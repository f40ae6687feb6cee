"""A small HTTP server that strangers reach: few connections, each for one short request."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from urllib.parse import parse_qsl

from aiohttp import hdrs, web
from aiohttp.abc import AbstractAccessLogger

MOST_CONNECTIONS = 100
REQUEST_S = 10.0
"""So long a connection may take to send its whole request, and then to take the answer."""

_MOST_BODY_BYTES, _MOST_RAW_BYTES = 4_096, 2**18
_CLOSING_S = 1.0
_NAME = "Likecord"  # and not which versions of what it is made of
Form = Mapping[str, str]
Respond = Callable[[web.BaseRequest, Form], Awaitable[web.Response]]
RespondRaw = Callable[[web.BaseRequest, bytes], Awaitable[web.Response]]


class CallbackServer:
    """Hands on requests for one path, with what a form sent along; for `raw` paths, the body."""

    def __init__(
        self,
        path: str,
        respond: Respond,
        request_s: float = REQUEST_S,
        *,
        raw: Mapping[str, RespondRaw] | None = None,
    ) -> None:
        self._path = path
        self._respond = respond
        self._raw = raw or {}
        self._request_s = request_s
        self._open: set[_Connection] = set()

    @asynccontextmanager
    async def listening(self, host: str, port: int) -> AsyncIterator[None]:
        """Listen until the end of the block; raise OSError when the port is not free."""
        manager = web.Server(self._handle)
        server = await asyncio.get_running_loop().create_server(
            lambda: self._connection(manager), host, port
        )
        try:
            yield
        finally:
            server.close()
            await manager.shutdown(_CLOSING_S)

    def _connection(self, manager: web.Server) -> asyncio.Protocol:
        if len(self._open) >= MOST_CONNECTIONS:
            return _Refused()
        return _Connection(manager, self._open, self._request_s)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a request whose head is there; the rest of it comes in the same time."""
        response = await self._answered(request)
        response.headers[hdrs.SERVER] = _NAME
        response.force_close()
        if isinstance(request.protocol, _Connection):
            request.protocol.await_end()
        return response

    async def _answered(self, request: web.BaseRequest) -> web.Response:
        raw = self._raw.get(request.path)
        if raw is None and request.path != self._path:
            return _bare(HTTPStatus.NOT_FOUND)
        if request.method not in ("GET", "POST"):
            return _bare(HTTPStatus.METHOD_NOT_ALLOWED)
        body = bytearray()
        async for piece in request.content.iter_any():
            body += piece
            if len(body) > (_MOST_BODY_BYTES if raw is None else _MOST_RAW_BYTES):
                return _bare(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if isinstance(request.protocol, _Connection):
            request.protocol.is_whole()
        if raw is not None:
            return await raw(request, bytes(body))
        return await self._respond(request, dict(parse_qsl(body.decode(errors="replace"))))


async def nothing_here(_request: web.BaseRequest, _form: Form) -> web.Response:
    """Answer where there is no page."""
    return _bare(HTTPStatus.NOT_FOUND)


class _NoAccessLog(AbstractAccessLogger):
    """Logs no addresses: those of the page hold keys."""

    @property
    def enabled(self) -> bool:
        return False

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        """Log nothing."""


class _Refused(asyncio.Protocol):
    """A connection more than there may be."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            transport.abort()


class _Connection(web.RequestHandler):
    """A connection that ends by itself when nothing whole comes over it."""

    def __init__(self, manager: web.Server, opened: "set[_Connection]", request_s: float) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(manager, loop=loop, access_log_class=_NoAccessLog, lingering_time=0)
        self._opened = opened
        self._request_s = request_s
        self._end: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._opened.add(self)
        self.await_end()

    def connection_lost(self, exc: BaseException | None) -> None:
        self._opened.discard(self)
        self.is_whole()
        super().connection_lost(exc)

    def is_whole(self) -> None:
        """Give the answer the time that it takes: X is asked for it."""
        if self._end is not None:
            self._end.cancel()

    def await_end(self) -> None:
        self.is_whole()
        self._end = asyncio.get_running_loop().call_later(self._request_s, self._abort)

    def _abort(self) -> None:
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,  # noqa: ARG002 - what strangers send is no news
        message: str | None = None,  # noqa: ARG002
    ) -> web.StreamResponse:
        """Answer what is no HTTP, and say no more than that."""
        if request.writer.output_size > 0:
            raise ConnectionError("an answer is on its way already")
        response = _bare(
            HTTPStatus.BAD_REQUEST
            if status < HTTPStatus.INTERNAL_SERVER_ERROR
            else HTTPStatus.INTERNAL_SERVER_ERROR
        )
        response.force_close()
        return response


def _bare(status: HTTPStatus) -> web.Response:
    return web.Response(status=status, headers={hdrs.SERVER: _NAME})

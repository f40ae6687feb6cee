"""The port that others watch the bot through: figures, and whether it works."""

import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from selectors import EVENT_READ, DefaultSelector
from socketserver import TCPServer, ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

from prometheus_client import CollectorRegistry, make_wsgi_app

from bot.domain.errors import SettingsError

_TEXT = (("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store"))


class _Server(ThreadingMixIn, WSGIServer):
    """In threads of its own: it answers also when the work stands still."""

    daemon_threads = True

    def server_bind(self) -> None:
        """Bind without asking a name server what this machine is called."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]
        self.setup_environ()


class _Server6(_Server):
    address_family = socket.AF_INET6


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:  # noqa: ANN401 -- whatever would be logged
        pass


@contextmanager
def serving(
    host: str, port: int, registry: CollectorRegistry, why_not: Callable[[], str | None]
) -> Iterator[None]:
    """Answer `/healthz` and `/metrics` until the end of the block.

    Raise SettingsError when it cannot be listened there.
    """
    figures = make_wsgi_app(registry)

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != "/healthz":
            answered: Iterable[bytes] = figures(environ, start)
            return answered
        problem = why_not()
        status = HTTPStatus.OK if problem is None else HTTPStatus.SERVICE_UNAVAILABLE
        start(f"{status.value} {status.phrase}", list(_TEXT))
        return [f"{problem or 'It works.'}\n".encode()]

    kind = _Server6 if ":" in host else _Server
    try:
        server = make_server(host, port, answer, kind, _Silent)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SettingsError(
            [f"METRICS_PORT: the bot cannot listen on {host}, port {port} ({reason})"]
        ) from None
    bell, ended = socket.socketpair()
    with server, bell, ended:
        thread = Thread(target=_serve, args=(server, ended), name="metrics", daemon=True)
        thread.start()
        try:
            yield
        finally:
            bell.close()
            thread.join()


def _serve(server: WSGIServer, ended: socket.socket) -> None:
    """Take requests until the other end of `ended` is closed; `serve_forever` looks twice a second.

    Nothing else of the bot goes on while its end is waited for.
    """
    server.timeout = 0
    with DefaultSelector() as selector:
        for each in (server, ended):
            selector.register(each, EVENT_READ)
        while ended not in [key.fileobj for key, _ in selector.select()]:
            server.handle_request()

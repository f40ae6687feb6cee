"""What was asked of X, newest last, without anybody's secrets."""

from collections import deque
from typing import Any

from aiohttp import hdrs, web

from sandbox.clock import Clock
from sandbox.x.access.auth import Caller, auth_kind
from sandbox.x.api.gate import LOG_CALLER

KEPT = 10_000
_SECRET_QUERY = {"oauth_token", "oauth_verifier", "code", "code_challenge", "state"}
_HEADERS = (hdrs.USER_AGENT, hdrs.ACCEPT, hdrs.CONTENT_TYPE, hdrs.HOST)


class RequestLog:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: deque[dict[str, Any]] = deque(maxlen=KEPT)

    def add(self, request: web.Request, status: int, at: float) -> None:
        """Keep a finished request; status 0 is a connection that was cut."""
        caller: Caller | None = request.get(LOG_CALLER)
        self._entries.append(
            {
                "at": at,
                "method": request.method,
                "path": request.path,
                "query": {
                    name: "hidden" if name in _SECRET_QUERY else value
                    for name, value in request.query.items()
                },
                "status": status,
                "auth": caller.kind if caller else auth_kind(request),
                "user_id": str(caller.user_id) if caller and caller.user_id else None,
                "headers": {
                    name.lower(): request.headers[name]
                    for name in _HEADERS
                    if name in request.headers
                },
            }
        )

    def entries(self) -> list[dict[str, Any]]:
        return list(self._entries)

    def clear(self) -> None:
        self._entries.clear()

"""Whole requests and X's own answers to them, for those who hold them to something."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

OWN_ANSWER = web.RequestKey("own answer", web.Response)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request, and what X answered; `status` is 0 where a fault kept X from answering."""

    method: str
    path: str
    query: Mapping[str, str]
    body: bytes
    status: int
    kind: str
    answer: bytes


def exchange_of(request: web.Request, body: bytes) -> Exchange:
    """Return a finished request with the answer that was noted in it."""
    answer = request.get(OWN_ANSWER)
    content = answer.body if answer is not None else None
    return Exchange(
        method=request.method,
        path=request.path,
        query=dict(request.query),
        body=body,
        status=answer.status if answer is not None else 0,
        kind=answer.content_type if answer is not None else "",
        answer=content if isinstance(content, bytes) else b"",
    )

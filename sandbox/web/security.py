"""What keeps the page to this machine: which requests it answers, and what a browser may load."""

import re
from collections.abc import Awaitable, Callable, Iterable

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

# The sandboxes serve their pictures on ports of their own.
LOOPBACK_ORIGINS = ("http://127.0.0.1:*", "http://localhost:*")

_LOOPBACK_HOST = re.compile(r"(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?", re.IGNORECASE)


@web.middleware
async def local_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse foreign names (DNS rebinding) and calls that another site's page makes."""
    if not _LOOPBACK_HOST.fullmatch(request.headers.get("Host", "")):
        raise web.HTTPForbidden(text="This page answers only to localhost.")
    if request.method not in ("GET", "HEAD") and _from_another_site(request):
        raise web.HTTPForbidden(text="This page takes calls only from itself.")
    return await handler(request)


def _from_another_site(request: web.Request) -> bool:
    origin = request.headers.get("Origin")
    return origin is not None and origin.casefold() != f"http://{request.host}".casefold()


def page_headers(image_origins: Iterable[str]) -> dict[str, str]:
    """Return what every answer carries: nothing is loaded from elsewhere, nothing is cached."""
    policy = {
        "default-src": "'self'",
        "img-src": " ".join(("'self'", "data:", *image_origins)),
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-cache",
    }

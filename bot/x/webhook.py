"""What X asks and tells at an address of ours: a challenge to be answered, and signed events."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from http import HTTPStatus

from aiohttp import web

from bot.domain.push import PushEvent
from bot.x.wire import read_event

_SIGNATURE = "x-twitter-webhooks-signature"
# X's tokens have some forty characters.
_MOST_TOKEN = 200


def signature(secret: str, body: bytes) -> str:
    """Return what X writes beside a body that it sends, and wants for a token that it asks with."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return f"sha256={base64.b64encode(digest).decode()}"


class WebhookReceiver:
    """Hands events on and answers at once; `take` says whether there was room for one."""

    def __init__(self, consumer_secret: str, take: Callable[[PushEvent], bool]) -> None:
        self._secret = consumer_secret
        self._take = take

    async def answer(self, request: web.BaseRequest, body: bytes) -> web.Response:
        if request.method == "GET":
            return self._challenged(request.query.get("crc_token", ""))
        # A header may hold bytes that are no text.
        signed = request.headers.get(_SIGNATURE, "").encode(errors="surrogatepass")
        if not hmac.compare_digest(signed, signature(self._secret, body).encode()):
            return web.Response(status=HTTPStatus.FORBIDDEN)
        # What there is no room for, X sends again.
        taken = self._take(read_event(body))
        return web.Response(status=HTTPStatus.OK if taken else HTTPStatus.SERVICE_UNAVAILABLE)

    def _challenged(self, token: str) -> web.Response:
        if not 0 < len(token) <= _MOST_TOKEN:
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        return web.json_response({"response_token": signature(self._secret, token.encode())})

"""OAuth 1.0a: request token, approval with a PIN or a callback, access token."""

import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web

from sandbox.x.access.auth import auth_kind, is_from_app, read_signed
from sandbox.x.access.oauth1_signature import SignedRequest
from sandbox.x.access.oauth_pages import (
    approval_page,
    is_absolute,
    pin_page,
    redirect,
    refusal_page,
)
from sandbox.x.access.tokens import Tokens, fresh
from sandbox.x.world.state import World

OUT_OF_BAND = "oob"


@dataclass(slots=True)
class _Pending:
    """A request token; the verifier and the user come with the approval."""

    secret: str
    callback: str
    verifier: str = ""
    user_id: int = 0


class Oauth1Flow:
    def __init__(self, world: World, tokens: Tokens) -> None:
        self._world = world
        self._tokens = tokens
        self._pending: dict[str, _Pending] = {}

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/oauth/request_token", self._request_token),
            web.get("/oauth/authorize", self._ask),
            web.post("/oauth/authorize", self._decide),
            web.post("/oauth/access_token", self._access_token),
            web.post("/1.1/oauth/invalidate_token", self._invalidate_token),
        ]

    async def _request_token(self, request: web.Request) -> web.Response:
        signed = await _signed(request)
        if signed is None or not is_from_app(signed, self._tokens, token_secret=""):
            return _refused()
        callback = signed.oauth.get("oauth_callback") or request.query.get("oauth_callback", "")
        if callback != OUT_OF_BAND and not is_absolute(callback):
            return _error(403, 415, "Callback URL not approved for this client application.")
        token, pending = fresh(27), _Pending(fresh(32), callback)
        self._pending[token] = pending
        return _form_encoded(
            {
                "oauth_token": token,
                "oauth_token_secret": pending.secret,
                "oauth_callback_confirmed": "true",
            }
        )

    async def _ask(self, request: web.Request) -> web.Response:
        token = request.query.get("oauth_token", "")
        if token not in self._pending:
            return refusal_page("The request token for this page is invalid.")
        people = [user for user in self._world.users.values() if not user.gone]
        return approval_page({"oauth_token": token}, people, ["Read and write posts and likes"])

    async def _decide(self, request: web.Request) -> web.Response:
        form = await request.post()
        token, user_id = str(form.get("oauth_token", "")), str(form.get("user_id", ""))
        pending = self._pending.get(token)
        if pending is None:
            return refusal_page("The request token for this page is invalid.")
        if form.get("decision") == "deny":
            return self._denied(token, pending)
        if not user_id.isdecimal() or int(user_id) not in self._world.users:
            return refusal_page("There is no such account.")
        pending.user_id = int(user_id)
        if pending.callback == OUT_OF_BAND:
            pending.verifier = f"{secrets.randbelow(10**7):07}"
            return pin_page(pending.verifier)
        pending.verifier = fresh(32)
        return redirect(
            pending.callback, {"oauth_token": token, "oauth_verifier": pending.verifier}
        )

    def _denied(self, token: str, pending: _Pending) -> web.Response:
        del self._pending[token]
        if pending.callback == OUT_OF_BAND:
            return refusal_page("You have denied this app access.")
        return redirect(pending.callback, {"denied": token})

    async def _access_token(self, request: web.Request) -> web.Response:
        signed = await _signed(request)
        token = signed.oauth.get("oauth_token", "") if signed else ""
        pending = self._pending.get(token)
        if signed is None or pending is None:
            return _refused()
        verifier = signed.oauth.get("oauth_verifier") or await _sent_verifier(request)
        is_signed = is_from_app(signed, self._tokens, pending.secret)
        if not is_signed or not pending.verifier or verifier != pending.verifier:
            return _refused()
        del self._pending[token]
        given = self._tokens.give_oauth1(pending.user_id)
        return _form_encoded(
            {
                "oauth_token": given.token,
                "oauth_token_secret": given.secret,
                "user_id": str(given.user_id),
                "screen_name": self._world.users[given.user_id].username,
            }
        )

    async def _invalidate_token(self, request: web.Request) -> web.Response:
        """End the access token that the request is signed with."""
        signed = await _signed(request)
        given = self._tokens.oauth1(signed.oauth.get("oauth_token", "")) if signed else None
        if signed is None or given is None:
            return _error(401, 89, "Invalid or expired token.")
        if not is_from_app(signed, self._tokens, given.secret):
            return _refused()
        self._tokens.revoke(given.token)
        return web.json_response({"access_token": given.token})


async def _signed(request: web.Request) -> SignedRequest | None:
    return await read_signed(request) if auth_kind(request) == "oauth1" else None


async def _sent_verifier(request: web.Request) -> str:
    form = await request.post()
    return request.query.get("oauth_verifier", "") or str(form.get("oauth_verifier", ""))


def _form_encoded(fields: dict[str, str]) -> web.Response:
    return web.Response(text=urlencode(fields), content_type="text/html")


def _refused() -> web.Response:
    return _error(401, 32, "Could not authenticate you.")


def _error(status: int, code: int, message: str) -> web.Response:
    return web.json_response({"errors": [{"code": code, "message": message}]}, status=status)

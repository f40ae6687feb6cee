"""OAuth 2.0 as X does it: authorization code with PKCE, refresh with rotation, revocation."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from aiohttp import hdrs, web

from sandbox.x.access.oauth_pages import approval_page, is_absolute, redirect, refusal_page
from sandbox.x.access.tokens import OAUTH2_SECONDS, SCOPES, Oauth2Token, Tokens, fresh
from sandbox.x.world.state import World

_CODE_SECONDS = 30
_ASKED = (
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
    "response_type",
)


class _Refused(Exception):
    def __init__(
        self, description: str, *, error: str = "invalid_request", status: int = 400
    ) -> None:
        super().__init__(description)
        self.description = description
        self.error = error
        self.status = status


@dataclass(frozen=True, slots=True)
class _Wish:
    """What an app asks a person for."""

    redirect_uri: str
    scopes: frozenset[str]
    state: str
    challenge: str
    method: Literal["S256", "plain"]

    def is_met_by(self, verifier: str) -> bool:
        if self.method == "plain":
            return hmac.compare_digest(self.challenge.encode(), verifier.encode())
        digest = hashlib.sha256(verifier.encode()).digest()
        made = base64.urlsafe_b64encode(digest).rstrip(b"=")
        return hmac.compare_digest(self.challenge.encode(), made)


@dataclass(frozen=True, slots=True)
class _Code:
    wish: _Wish
    user_id: int
    ends_at: float


class Oauth2Flow:
    def __init__(self, world: World, tokens: Tokens) -> None:
        self._world = world
        self._tokens = tokens
        self._codes: dict[str, _Code] = {}

    def routes(self) -> list[web.RouteDef]:
        pages = ("/i/oauth2/authorize", "/2/oauth2/authorize")
        return [
            *(web.get(path, self._ask) for path in pages),
            *(web.post(path, self._decide) for path in pages),
            web.post("/2/oauth2/token", self._token),
            web.post("/2/oauth2/revoke", self._revoke),
        ]

    async def _ask(self, request: web.Request) -> web.Response:
        try:
            wish = self._wish(request.query)
        except _Refused as refusal:
            return refusal_page(refusal.description)
        hidden = {name: request.query[name] for name in _ASKED if name in request.query}
        people = [user for user in self._world.users.values() if not user.gone]
        return approval_page(hidden, people, sorted(wish.scopes))

    async def _decide(self, request: web.Request) -> web.Response:
        form = await request.post()
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        try:
            wish = self._wish({**request.query, **fields})
            answer = self._decision(wish, fields)
        except _Refused as refusal:
            return refusal_page(refusal.description)
        return redirect(wish.redirect_uri, {"state": wish.state, **answer})

    def _decision(self, wish: _Wish, fields: dict[str, str]) -> dict[str, str]:
        if fields.get("decision") == "deny":
            return {"error": "access_denied"}
        user_id = fields.get("user_id", "")
        if not user_id.isdecimal() or int(user_id) not in self._world.users:
            raise _Refused("There is no such account.")
        code = fresh(90)
        ends_at = self._world.clock.time() + _CODE_SECONDS
        self._codes[code] = _Code(wish, int(user_id), ends_at)
        return {"code": code}

    def _wish(self, query: Mapping[str, str]) -> _Wish:
        if query.get("client_id") != self._tokens.app.client_id:
            raise _Refused("Value passed for the client_id was invalid.")
        if query.get("response_type") != "code":
            raise _Refused("Value passed for the response_type was invalid.")
        redirect_uri = query.get("redirect_uri", "")
        if not is_absolute(redirect_uri):
            raise _Refused("Value passed for the redirect uri did not match.")
        scopes = frozenset(query.get("scope", "").split())
        if not scopes or not scopes <= SCOPES:
            raise _Refused("Value passed for the scope was invalid.")
        challenge, method = query.get("code_challenge", ""), query.get("code_challenge_method")
        if not challenge or method not in (None, "plain", "S256"):
            raise _Refused("A code_challenge is required.")
        state = query.get("state", "")
        if not state:
            raise _Refused("A state is required.")
        return _Wish(
            redirect_uri, scopes, state, challenge, "S256" if method == "S256" else "plain"
        )

    async def _token(self, request: web.Request) -> web.Response:
        form = await _form(request)
        try:
            self._check_client(request)
            token = self._grant(form)
        except _Refused as refusal:
            return _refusal(refusal)
        body: dict[str, object] = {
            "token_type": "bearer",
            "expires_in": OAUTH2_SECONDS,
            "access_token": token.token,
            "scope": " ".join(sorted(token.scopes)),
        }
        if token.refresh_token:
            body["refresh_token"] = token.refresh_token
        return web.json_response(body)

    def _grant(self, form: dict[str, str]) -> Oauth2Token:
        grant_type = form.get("grant_type")
        if grant_type == "authorization_code":
            return self._by_code(form)
        if grant_type == "refresh_token":
            token = self._tokens.refresh(form.get("refresh_token", ""))
            if token is None:
                raise _Refused("Value passed for the token was invalid.")
            return token
        raise _Refused("Missing or unknown grant_type.", error="unsupported_grant_type")

    def _by_code(self, form: dict[str, str]) -> Oauth2Token:
        code = self._codes.pop(form.get("code", ""), None)
        if code is None or code.ends_at < self._world.clock.time():
            raise _Refused("Value passed for the authorization code was invalid.")
        if form.get("redirect_uri") != code.wish.redirect_uri:
            raise _Refused("Value passed for the redirect uri did not match the uri of the code.")
        if not code.wish.is_met_by(form.get("code_verifier", "")):
            raise _Refused("Value passed for the code verifier did not match the code challenge.")
        return self._tokens.give_oauth2(code.user_id, code.wish.scopes)

    async def _revoke(self, request: web.Request) -> web.Response:
        form = await _form(request)
        try:
            self._check_client(request)
        except _Refused as refusal:
            return _refusal(refusal)
        self._tokens.revoke(form.get("token", ""))
        return web.json_response({"revoked": True})

    def _check_client(self, request: web.Request) -> None:
        """Check the app's own name and secret: it is a confidential client."""
        app = self._tokens.app
        secret = base64.b64encode(f"{app.client_id}:{app.client_secret}".encode())
        given = request.headers.get(hdrs.AUTHORIZATION, "").encode()
        if not hmac.compare_digest(given, b"Basic " + secret):
            raise _Refused(
                "Missing valid authorization header", error="unauthorized_client", status=401
            )


async def _form(request: web.Request) -> dict[str, str]:
    form = await request.post()
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _refusal(refusal: _Refused) -> web.Response:
    body = {"error": refusal.error, "error_description": refusal.description}
    return web.json_response(body, status=refusal.status)

"""Who is asking: the app itself, or a person through OAuth 1.0a or OAuth 2.0."""

import time
from dataclasses import dataclass
from typing import Literal

from aiohttp import hdrs, web

from sandbox.x.access.oauth1_signature import SignedRequest, is_signed_by, parse_header
from sandbox.x.access.tokens import TokenKind, Tokens
from sandbox.x.problems import Refused, plain

# A client made for X signs X's address, even where its requests are sent here instead.
_CANONICAL_HOSTS = ("https://api.twitter.com", "https://api.x.com")
_TIMESTAMP_LEEWAY_S = 300


@dataclass(frozen=True, slots=True)
class Caller:
    """`user_id` is None for the app's own token; `scopes` are None where they do not apply."""

    kind: TokenKind
    user_id: int | None = None
    scopes: frozenset[str] | None = None


def auth_kind(request: web.Request) -> Literal["bearer", "oauth1", "none"]:
    """Tell what a request tries to authenticate with, valid or not."""
    scheme = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")[0].lower()
    return "bearer" if scheme == "bearer" else "oauth1" if scheme == "oauth" else "none"


async def authenticate(request: web.Request, tokens: Tokens) -> Caller:
    """Return who asks, or refuse with 401."""
    kind = auth_kind(request)
    if kind == "bearer":
        return _by_bearer(request.headers[hdrs.AUTHORIZATION].partition(" ")[2].strip(), tokens)
    if kind == "oauth1":
        signed = await read_signed(request)
        token = tokens.oauth1(signed.oauth.get("oauth_token", ""))
        if token and is_from_app(signed, tokens, token.secret):
            return Caller("oauth1", token.user_id)
    raise unauthorized()


def unauthorized() -> Refused:
    return plain(401, "Unauthorized")


def _by_bearer(token: str, tokens: Tokens) -> Caller:
    if tokens.is_bearer(token):
        return Caller("bearer")
    user_token = tokens.oauth2(token)
    if user_token is None:
        raise unauthorized()
    return Caller("oauth2", user_token.user_id, user_token.scopes)


async def read_signed(request: web.Request) -> SignedRequest:
    """Collect what an OAuth 1.0a signature covers."""
    is_form = request.content_type == "application/x-www-form-urlencoded"
    path = request.rel_url.raw_path
    return SignedRequest(
        method=request.method,
        urls=[origin + path for origin in (str(request.url.origin()), *_CANONICAL_HOSTS)],
        query=request.rel_url.raw_query_string,
        form=await request.text() if is_form else "",
        oauth=parse_header(request.headers[hdrs.AUTHORIZATION]),
    )


def is_from_app(signed: SignedRequest, tokens: Tokens, token_secret: str) -> bool:
    """Check the app's key, the signature's age and the signature itself."""
    oauth = signed.oauth
    stamp = oauth.get("oauth_timestamp", "")
    # The client signs with the real time, or with the sandbox's where a test has set both clocks.
    times = (time.time(), tokens.time())
    return (
        stamp.isdecimal()
        and any(abs(int(stamp) - now) < _TIMESTAMP_LEEWAY_S for now in times)
        and oauth.get("oauth_consumer_key") == tokens.app.api_key
        and oauth.get("oauth_signature_method") == "HMAC-SHA1"
        and is_signed_by(signed, tokens.app.api_secret, token_secret)
    )

"""OAuth 1.0a signatures (RFC 5849, section 3), written out from the RFC.

The clients that sign with oauthlib (tweepy) are checked by code that is not oauthlib's.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote

_PAIR = re.compile(r'\s*([^=\s]+)="([^"]*)"\s*')


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A request as its signer saw it; `form` is the body of a form post, else empty."""

    method: str
    urls: Sequence[str]
    query: str
    form: str
    oauth: dict[str, str]


def parse_header(authorization: str) -> dict[str, str]:
    """Read the parameters of an `Authorization: OAuth …` header."""
    _, _, rest = authorization.partition(" ")
    pairs = (_PAIR.fullmatch(part) for part in rest.split(","))
    return {unquote(pair[1]): unquote(pair[2]) for pair in pairs if pair}


def is_signed_by(request: SignedRequest, consumer_secret: str, token_secret: str) -> bool:
    """Check the HMAC-SHA1 signature against each address the client may have signed."""
    given = request.oauth.get("oauth_signature", "")
    parameters = _normalized(
        [
            *parse_qsl(request.query, keep_blank_values=True),
            *parse_qsl(request.form, keep_blank_values=True),
            *((k, v) for k, v in request.oauth.items() if k not in ("oauth_signature", "realm")),
        ]
    )
    key = f"{_escape(consumer_secret)}&{_escape(token_secret)}".encode()
    return any(
        hmac.compare_digest(given.encode(), _sign(key, request.method, url, parameters).encode())
        for url in request.urls
    )


def _sign(key: bytes, method: str, url: str, parameters: str) -> str:
    base = "&".join(_escape(part) for part in (method.upper(), url, parameters))
    return base64.b64encode(hmac.new(key, base.encode(), hashlib.sha1).digest()).decode()


def _normalized(parameters: Iterable[tuple[str, str]]) -> str:
    return "&".join(f"{k}={v}" for k, v in sorted((_escape(k), _escape(v)) for k, v in parameters))


def _escape(text: str) -> str:
    return quote(text, safe="-._~")

"""How a person lets the app act for their X account: OAuth 2.0 with PKCE, and OAuth 1.0a by PIN.

The protocols are oauthlib's; the requests go over our own session, so that nothing blocks and
the addresses are those of the settings.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import TypedDict
from urllib.parse import parse_qsl

import aiohttp
from oauthlib.oauth1 import Client as OAuth1Signer
from oauthlib.oauth2 import WebApplicationClient
from yarl import URL

from bot.domain.errors import (
    ClockOff,
    CredentialRefused,
    LinkRefused,
    XError,
    XUnavailable,
    XUnreadable,
)
from bot.x.asking.bounded import read_bounded
from bot.x.asking.pauses import Pauses
from bot.x.asking.problems import Answer, allowed_again_at, explain
from bot.x.credentials import AppKeys, is_access_token
from bot.x.oauth2_answer import TokenAnswer
from bot.x.x_time import XTime


class _RequestOptions(TypedDict):
    timeout: aiohttp.ClientTimeout
    allow_redirects: bool


SCOPES = ("tweet.read", "users.read", "like.read", "like.write", "offline.access")
# A redirect would take a code, or a refresh token, to whomever it names.
_ONCE: _RequestOptions = {"timeout": aiohttp.ClientTimeout(total=10), "allow_redirects": False}
# X's pages for people are at another host than its API.
_API_HOSTS = ("api.twitter.com", "api.x.com")
_PAGES = URL("https://x.com")
_CONSENT = "i/oauth2/authorize"
# X refuses the app itself, not what a person gave it.
_REFUSE_THE_APP = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_VERIFIER_LENGTH = 64


@dataclass(frozen=True, slots=True)
class OAuth2Grant:
    """What OAuth 2.0 gives: the access token lasts two hours, the refresh token one use."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_at: datetime
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class OAuth1Grant:
    """What OAuth 1.0a gives: an access token that lasts until it is revoked."""

    access_token: str = field(repr=False)
    access_token_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OAuth2Request:
    """A person's way to X's consent page, and what proves afterwards that it was ours."""

    url: str
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OAuth1Request:
    """A person's way to X's PIN page, and the token that the PIN belongs to."""

    url: str
    token: str = field(repr=False)
    secret: str = field(repr=False)


class OAuth2Flow:
    """Authorization code with PKCE; without a secret, as a public client."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        *,
        api_url: str,
        client_id: str,
        client_secret: str | None,
        redirect_url: str,
        now: Callable[[], datetime],
    ) -> None:
        self._http = http
        self._api = URL(api_url)
        self._client_id = client_id
        self._client_secret = client_secret
        self._redirect_url = redirect_url
        self._now = now
        self._pauses = Pauses(now)

    def begin(self, state: str) -> OAuth2Request:
        """Return where to send the person; `state` comes back with them."""
        client = WebApplicationClient(self._client_id)
        verifier = client.create_code_verifier(_VERIFIER_LENGTH)
        # oauthlib refuses addresses without TLS, such as one on this machine: the page is put in
        # afterwards.
        wish = client.prepare_request_uri(
            str(_PAGES / _CONSENT),
            redirect_uri=self._redirect_url,
            scope=list(SCOPES),
            state=state,
            code_challenge=client.create_code_challenge(verifier, "S256"),
            code_challenge_method="S256",
        )
        url = (_pages_of(self._api) / _CONSENT).with_query(URL(wish).query)
        return OAuth2Request(str(url), verifier)

    async def finish(self, code: str, verifier: str) -> OAuth2Grant:
        """Exchange the code that X sent the person back with; raise LinkRefused if it is wrong."""
        client = WebApplicationClient(self._client_id)
        body = client.prepare_request_body(
            code=code,
            redirect_uri=self._redirect_url,
            code_verifier=verifier,
            include_client_id=self._client_secret is None,
        )
        # Without a word about them, they are those that were asked for (RFC 6749, 5.1).
        return await self._grant(body, frozenset(SCOPES), refresh_token=None)

    async def refresh(self, refresh_token: str, scopes: frozenset[str]) -> OAuth2Grant:
        """Use up a refresh token; raise LinkRefused when X no longer accepts it.

        Where X gives no new one the old one goes on, and so do the `scopes` (RFC 6749, 6).
        """
        client = WebApplicationClient(self._client_id)
        body = client.prepare_refresh_body(
            refresh_token=refresh_token,
            **({"client_id": self._client_id} if self._client_secret is None else {}),
        )
        return await self._grant(body, scopes, refresh_token)

    async def revoke(self, token: str) -> None:
        """Make a token worthless; X answers the same for one that already is."""
        body = {"token": token, "client_id": self._client_id}
        await self._post("2/oauth2/revoke", body)

    async def _grant(
        self, body: str, scopes: frozenset[str], refresh_token: str | None
    ) -> OAuth2Grant:
        answer = TokenAnswer(await self._post("2/oauth2/token", dict(parse_qsl(body))))
        if answer.error:
            raise CredentialRefused if answer.is_the_apps_fault else LinkRefused
        return OAuth2Grant(
            access_token=answer.access_token,
            refresh_token=answer.refresh_token or refresh_token,
            expires_at=self._now() + answer.lifetime,
            scopes=answer.scopes or scopes,
        )

    async def _post(self, path: str, body: dict[str, str]) -> str:
        headers = {}
        if self._client_secret is not None:
            app = aiohttp.encode_basic_auth(self._client_id, self._client_secret)
            headers["Authorization"] = app
        with self._pauses.heeded(path):
            answer = await _answered(
                self._http.post(self._api / path, data=body, headers=headers, **_ONCE), self._now
            )
        if answer.is_the_requests_fault:
            raise _whose_fault(answer)
        return answer.text


def _whose_fault(answer: Answer) -> XError | LinkRefused:
    """Return the error for a refusal: of the app, or of what a person gave it."""
    said = TokenAnswer(answer.text)
    refuses_app = answer.status in _REFUSE_THE_APP and not said.is_the_grants_fault
    return CredentialRefused() if refuses_app or said.is_the_apps_fault else LinkRefused()


class OAuth1Flow:
    """The PIN flow: X shows a number, which the person types into Discord."""

    def __init__(
        self, http: aiohttp.ClientSession, *, api_url: str, keys: AppKeys, x_time: XTime
    ) -> None:
        self._http = http
        self._api = URL(api_url)
        self._key = keys.api_key
        self._secret = keys.api_secret
        self._x_time = x_time
        self._pauses = Pauses(x_time.our_now)

    async def begin(self) -> OAuth1Request:
        """Ask for a request token; raise CredentialRefused when X does not accept the app.

        As all that is signed here, raise ClockOff when it is the time that X does not accept.
        """
        signer = OAuth1Signer(self._key, self._secret, callback_uri="oob")
        try:
            token, secret = _pair(await self._post(signer, "oauth/request_token"))
        except LinkRefused as error:
            raise CredentialRefused from error
        url = (self._api / "oauth/authorize").with_query(oauth_token=token)
        return OAuth1Request(str(url), token, secret)

    async def finish(self, request_token: str, request_secret: str, pin: str) -> OAuth1Grant:
        """Exchange the PIN; raise LinkRefused when it is wrong or too old."""
        signer = OAuth1Signer(self._key, self._secret, request_token, request_secret, verifier=pin)
        token, secret = _pair(await self._post(signer, "oauth/access_token"))
        if not is_access_token(token):
            raise XUnreadable
        return OAuth1Grant(token, secret)

    async def revoke(self, grant: OAuth1Grant) -> None:
        """Make an access token worthless; raise LinkRefused when it already is."""
        signer = OAuth1Signer(
            self._key, self._secret, grant.access_token, grant.access_token_secret
        )
        await self._post(signer, "1.1/oauth/invalidate_token")

    async def _post(self, signer: OAuth1Signer, path: str) -> dict[str, str]:
        url = self._api / path
        _, headers, _ = signer.sign(str(url), "POST")
        with self._pauses.heeded(path):
            answer = await _answered(
                self._http.post(url, headers=headers, **_ONCE), self._x_time.our_now
            )
        self._x_time.hear(answer.headers)
        if answer.is_the_requests_fault:
            self._require_right_time(answer)
            raise LinkRefused
        return dict(parse_qsl(answer.text))

    def _require_right_time(self, answer: Answer) -> None:
        """Raise ClockOff where a refusal may be about our clock, and not about a key or a PIN."""
        meant = explain(answer, self._x_time.our_now(), self._x_time.machine_is_ahead)
        if isinstance(meant, ClockOff):
            raise meant


def _pages_of(api: URL) -> URL:
    return _PAGES if api.host in _API_HOSTS else api.origin()


def _pair(answer: dict[str, str]) -> tuple[str, str]:
    try:
        return answer["oauth_token"], answer["oauth_token_secret"]
    except KeyError as error:
        raise XUnreadable from error


async def _answered(
    request: AbstractAsyncContextManager[aiohttp.ClientResponse], now: Callable[[], datetime]
) -> Answer:
    """Return an answer; raise XUnavailable when it decides nothing."""
    try:
        async with request as response:
            answer = Answer(response.status, response.headers, await read_bounded(response))
    except (aiohttp.ClientError, TimeoutError) as error:
        raise XUnavailable from error
    undecided = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT)
    decided = answer.succeeded or answer.is_the_requests_fault
    if not decided or answer.status in undecided:
        raise XUnavailable(allowed_again_at(answer, now()))
    return answer

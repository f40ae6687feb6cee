"""The session that tweepy sends its requests through: our address, a timeout, typed failures."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal, cast

import aiohttp
from oauthlib.oauth1 import Client as OAuth1Signer
from yarl import URL

from bot.domain.errors import XError, XNotReached, XUnavailable
from bot.x.asking.bounded import read_bounded
from bot.x.asking.problems import Answer, as_meant, explain
from bot.x.asking.recording import record
from bot.x.x_time import XTime

# Where tweepy's AsyncClient believes it sends its requests.
_TWEEPY_ORIGIN = URL("https://api.twitter.com")
Method = Literal["GET", "POST", "DELETE"]


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Seconds for one answer, how often it is asked for, and the longest pause in between.

    A pause that X names itself is waited for if it is not longer than `named_pause_s`.
    """

    connect_s: float = 5.0
    answer_s: float = 10.0
    tries: int = 3
    pause_s: float = 3.0
    named_pause_s: float = 5.0


USUAL = RetryPolicy()
# No connection came about: no such name, refused, not in time, another's certificate, or a proxy
# that does not lead on. Of all others nobody knows what X received before they happened.
_NOT_REACHED = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
)


def _away(error: Exception) -> XUnavailable:
    return XNotReached() if isinstance(error, _NOT_REACHED) else XUnavailable()


async def _sent_once(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Keep aiohttp from sending a request again by itself: X counts each one, and so must we."""
    try:
        return await handler(request)
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise _away(error) from error


class Exchange:
    """One request of tweepy's and its answer.

    tweepy only ever calls `request()`. An unsuccessful answer is raised here, as an error of the
    tree, before tweepy tries to read it: its own reading fails on bodies that are no JSON.
    """

    def __init__(
        self,
        http: aiohttp.ClientSession,
        origin: URL,
        signer: OAuth1Signer | None,
        policy: RetryPolicy,
        x_time: XTime,
        *,
        may_be_sent: Callable[[], None] = lambda: None,
    ) -> None:
        self._http = http
        self._origin = origin
        self._signer = signer
        self._x_time = x_time
        self._may_be_sent = may_be_sent
        # `connect` spans the name's look-up and all addresses; after it X may have the request.
        self._timeout = aiohttp.ClientTimeout(total=policy.answer_s, connect=policy.connect_s)
        self.answer: Answer | None = None

    @asynccontextmanager
    async def request(
        self,
        method: str,
        url: str | URL,
        *,
        params: Mapping[str, str] | None,
        json: Any,  # noqa: ANN401 -- tweepy's JSON body
        headers: dict[str, str],
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        target = self._moved(URL(url, encoded=True))
        if self._signer is not None and target.origin() != _TWEEPY_ORIGIN:
            headers = self._signed(method, target, headers)
        try:
            async with self._http.request(
                method,
                target,
                params=params,
                json=json,
                headers=headers,
                timeout=self._timeout,
                allow_redirects=False,  # X redirects none of these; a token goes nowhere else
                middlewares=(_sent_once, self._last_look),
            ) as response:
                came = Answer(response.status, response.headers, await read_bounded(response))
                self._x_time.hear(came.headers)
                self.answer = as_meant(came)
                if not self.answer.succeeded:
                    raise self._explained(self.answer)
                record(target.path, self.answer.body)
                yield response
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _away(error) from error

    async def _last_look(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        """Look once more whether to ask; to stand still while it connects takes too long for it."""
        self._may_be_sent()
        return await handler(request)

    def _explained(self, answer: Answer) -> XError:
        signed_ahead = self._x_time.machine_is_ahead if self._signer is not None else None
        return explain(answer, self._x_time.our_now(), signed_ahead)

    def _moved(self, url: URL) -> URL:
        query = f"?{url.raw_query_string}" if url.raw_query_string else ""
        return URL(f"{str(self._origin).rstrip('/')}{url.raw_path}{query}", encoded=True)

    def _signed(self, method: str, url: URL, headers: dict[str, str]) -> dict[str, str]:
        """Sign anew: a signature names the address (RFC 5849, 3.4.1.2), and tweepy named X's."""
        if self._signer is None or not headers.get("Authorization", "").startswith("OAuth "):
            return headers
        _, signed, _ = self._signer.sign(
            str(url),
            cast("Method", method),
            headers={k: v for k, v in headers.items() if k != "Authorization"},
        )
        return dict(signed)

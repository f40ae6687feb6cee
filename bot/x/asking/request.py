"""One request to X from end to end: allowance, money, retry, answer, bookkeeping."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp
import tenacity
from oauthlib.oauth1 import Client as OAuth1Signer
from pydantic import ValidationError
from yarl import URL

from bot.domain.errors import RateLimited, XUnavailable, XUnreadable
from bot.x.asking.transport import USUAL, Exchange, RetryPolicy
from bot.x.credentials import OAuth2Token, UserToken
from bot.x.limits import AllowanceCounter, Endpoint
from bot.x.prices import NOBODY, Bill, Billed, Meter, Prices, Resource
from bot.x.wire import AnswerT, AnyAnswer

Send = Callable[[Exchange], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class RequestTerms:
    """What a request uses up: whose allowance, how much of it to leave, and the money at most."""

    endpoint: Endpoint
    account: str
    worst_micro_usd: int
    keep: int = 0
    bill: Bill = NOBODY
    owned: bool = False
    action: Resource | None = None


class RequestSender:
    """Sends requests; raises only `bot.domain.errors.XError`s."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        origin: str,
        limits: AllowanceCounter,
        meter: Meter,
        policy: RetryPolicy = USUAL,
    ) -> None:
        self._http = http
        self._origin = URL(origin)
        self._limits = limits
        self._meter = meter
        self._policy = policy

    @property
    def prices(self) -> Prices:
        return self._meter.prices

    async def price(self, resource: Resource, ids: frozenset[int]) -> int:
        """Return the micro-USD of reading these now: what was paid today is free."""
        return await self._meter.price(resource, ids)

    async def ask(
        self,
        terms: RequestTerms,
        send: Send,
        kind: type[AnswerT],
        user: UserToken | OAuth2Token | None,
    ) -> AnswerT:
        """Send a request until X answers; what it cannot answer now is asked again.

        All that is asked of X here may be repeated: reads, and likes and unlikes, which X answers
        the same the second time.
        """
        async for attempt in tenacity.AsyncRetrying(
            stop=tenacity.stop_after_attempt(self._policy.tries),
            wait=tenacity.wait_random_exponential(multiplier=0.3, max=self._policy.pause_s),
            retry=tenacity.retry_if_exception_type((XUnavailable, XUnreadable)),
            reraise=True,
        ):
            with attempt:
                return await self._ask_once(terms, send, kind, user)
        raise XUnavailable

    async def _ask_once(
        self,
        terms: RequestTerms,
        send: Send,
        kind: type[AnswerT],
        user: UserToken | OAuth2Token | None,
    ) -> AnswerT:
        async with self._meter.hold(terms.worst_micro_usd, terms.bill):
            await self._limits.take(terms.account, terms.endpoint, keep=terms.keep)
            exchange = Exchange(self._http, self._origin, _signer(user), self._policy)
            try:
                await send(exchange)
            except RateLimited as error:
                until = await self._limits.refuse(terms.account, terms.endpoint, error.resets_at)
                raise RateLimited(until) from error
            finally:
                if exchange.answer is not None:
                    await self._limits.learn(terms.account, terms.endpoint, exchange.answer.headers)
            answer = _read(exchange, kind)
            await self._meter.book(terms.bill, _charges(terms, answer))
        return answer


def _signer(user: UserToken | OAuth2Token | None) -> OAuth1Signer | None:
    if not isinstance(user, UserToken):
        return None
    return OAuth1Signer(user.api_key, user.api_secret, user.access_token, user.access_token_secret)


def _read(exchange: Exchange, kind: type[AnswerT]) -> AnswerT:
    if exchange.answer is None:
        raise XUnavailable
    try:
        return kind.model_validate(exchange.answer.json())
    except ValidationError as error:
        raise XUnreadable from error


def _charges(terms: RequestTerms, answer: AnyAnswer) -> list[Billed]:
    if terms.action is not None:
        return [Billed(terms.action, times=1)] if answer.acted else []
    posts = Resource.OWNED_READ if terms.owned else Resource.POST_READ
    return [
        Billed(posts, frozenset(answer.post_ids())),
        Billed(Resource.POST_READ, frozenset(answer.included_post_ids())),
        Billed(Resource.USER_READ, frozenset(answer.user_ids())),
    ]

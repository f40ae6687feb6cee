"""One request to X from end to end: the books, retry, answer, the books again."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime

import aiohttp
import tenacity
from oauthlib.oauth1 import Client as OAuth1Signer
from pydantic import ValidationError
from yarl import URL

from bot.domain.errors import XError, XUnavailable, XUnreadable
from bot.x.asking.books import Books, RequestTerms
from bot.x.asking.learnt_names import LearntNames
from bot.x.asking.pauses import Pauses
from bot.x.asking.transport import USUAL, Exchange, RetryPolicy
from bot.x.credentials import OAuth2Token, UserToken
from bot.x.known_reposts import KnownReposts
from bot.x.prices import Billed, Resource
from bot.x.wire import AnswerT, AnyAnswer
from bot.x.x_time import XTime

Send = Callable[[Exchange], Awaitable[object]]


class RequestSender:
    """Sends requests; raises only `bot.domain.errors.XError`s."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        origin: str,
        books: Books,
        policy: RetryPolicy = USUAL,
        x_time: XTime | None = None,
    ) -> None:
        self._http = http
        self._origin = URL(origin)
        self._policy = policy
        self.books = books
        self.names = LearntNames()
        self.reposts = KnownReposts()
        self.x_time = x_time or XTime(lambda: datetime.now(UTC))
        self._pauses = Pauses(self.x_time.our_now)

    async def ask(
        self,
        terms: RequestTerms,
        send: Send,
        kind: type[AnswerT],
        user: UserToken | OAuth2Token | None,
    ) -> AnswerT:
        """Send a request until X answers; what it cannot answer now is asked again.

        All that is asked of X here may be repeated: reads, and likes and unlikes, which X answers
        the same the second time. When X says to come back later, nobody asks for this before.
        """
        async for attempt in tenacity.AsyncRetrying(
            stop=tenacity.stop_after_attempt(self._policy.tries),
            wait=self._pause,
            retry=tenacity.retry_if_exception(self._may_pass_soon),
            reraise=True,
        ):
            with attempt, self._pauses.heeded(terms.endpoint):
                return await self._ask_once(terms, send, kind, user)
        raise XUnavailable

    def _may_pass_soon(self, error: BaseException) -> bool:
        if isinstance(error, XUnavailable):
            return (self._named_pause_s(error) or 0.0) <= self._policy.named_pause_s
        return isinstance(error, XUnreadable)

    def _pause(self, state: tenacity.RetryCallState) -> float:
        """Return the seconds until the next try: those that X has named, else more each time."""
        error = state.outcome.exception() if state.outcome is not None else None
        named = self._named_pause_s(error)
        if named is not None:
            return named
        return tenacity.wait_random_exponential(multiplier=0.3, max=self._policy.pause_s)(state)

    def _named_pause_s(self, error: BaseException | None) -> float | None:
        if not isinstance(error, XUnavailable) or error.try_again_at is None:
            return None
        return max(0.0, (error.try_again_at - self.x_time.our_now()).total_seconds())

    async def _ask_once(
        self,
        terms: RequestTerms,
        send: Send,
        kind: type[AnswerT],
        user: UserToken | OAuth2Token | None,
    ) -> AnswerT:
        async with self.books.open(terms) as request:
            exchange = Exchange(
                self._http,
                self._origin,
                _signer(user),
                self._policy,
                self.x_time,
                may_be_sent=request.may_be_sent,
            )
            try:
                await send(exchange)
                answer = _read(exchange, kind)
            except XError as error:
                meant = await request.failed(_headers(exchange), error)
                if meant is error:
                    raise
                raise meant from error
            self.reposts.note(answer.reposts())
            await request.answered(_headers(exchange) or {}, _billed(terms, answer))
        return answer


def _signer(user: UserToken | OAuth2Token | None) -> OAuth1Signer | None:
    if not isinstance(user, UserToken):
        return None
    return OAuth1Signer(user.api_key, user.api_secret, user.access_token, user.access_token_secret)


def _headers(exchange: Exchange) -> Mapping[str, str] | None:
    return exchange.answer.headers if exchange.answer is not None else None


def _read(exchange: Exchange, kind: type[AnswerT]) -> AnswerT:
    if exchange.answer is None:
        raise XUnavailable
    try:
        return kind.model_validate(exchange.answer.json())
    except ValidationError as error:
        raise XUnreadable from error


def _billed(terms: RequestTerms, answer: AnyAnswer) -> list[Billed]:
    if terms.action is not None:
        return [Billed(terms.action, times=1)] if answer.acted else []
    posts = Resource.OWNED_READ if terms.owned else Resource.POST_READ
    return [
        Billed(posts, frozenset(answer.post_ids())),
        Billed(Resource.POST_READ, frozenset(answer.included_post_ids())),
        Billed(Resource.USER_READ, frozenset(answer.user_ids())),
    ]

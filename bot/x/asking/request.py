"""One request to X from end to end: the books, retry, answer, the books again."""

from collections.abc import Awaitable, Callable, Mapping

import aiohttp
import tenacity
from oauthlib.oauth1 import Client as OAuth1Signer
from pydantic import ValidationError
from yarl import URL

from bot.domain.errors import XError, XUnavailable, XUnreadable
from bot.x.asking.books import Books, RequestTerms
from bot.x.asking.learnt_names import LearntNames
from bot.x.asking.transport import USUAL, Exchange, RetryPolicy
from bot.x.credentials import OAuth2Token, UserToken
from bot.x.known_reposts import KnownReposts
from bot.x.prices import Billed, Resource
from bot.x.wire import AnswerT, AnyAnswer

Send = Callable[[Exchange], Awaitable[object]]


class RequestSender:
    """Sends requests; raises only `bot.domain.errors.XError`s."""

    def __init__(
        self, http: aiohttp.ClientSession, origin: str, books: Books, policy: RetryPolicy = USUAL
    ) -> None:
        self._http = http
        self._origin = URL(origin)
        self._policy = policy
        self.books = books
        self.names = LearntNames()
        self.reposts = KnownReposts()

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
        async with self.books.open(terms) as request:
            exchange = Exchange(self._http, self._origin, _signer(user), self._policy)
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

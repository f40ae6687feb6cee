"""Requests of one account: on its terms, at its prices, with its token."""

from collections.abc import Callable

from bot.domain.errors import NoCredential
from bot.x.asking.books import RequestTerms
from bot.x.asking.request import RequestSender
from bot.x.asking.through_tweepy import Call, ThroughTweepy
from bot.x.credentials import Credentials
from bot.x.limits import Endpoint
from bot.x.prices import NOBODY, Bill, Prices, Resource, WorstCase
from bot.x.wire import AnswerT


class AsAccount:
    """Asks as the user whose token it is when there is one, else as the app."""

    def __init__(self, sender: RequestSender, credentials: Credentials) -> None:
        self.books = sender.books
        self.reposts = sender.reposts
        self.time = sender.x_time
        self._tweepy = ThroughTweepy(sender, credentials)
        self.credentials = credentials

    @property
    def user_id(self) -> int | None:
        return self.credentials.user.user_id if self.credentials.user else None

    @property
    def prices(self) -> Prices:
        return self.books.prices

    def require_user(self) -> int:
        """Return whose token it is; raise NoCredential when only the app is known."""
        if self.user_id is None:
            raise NoCredential
        return self.user_id

    def owns(self, user_id: int) -> bool:
        """Say whether reads of this user's own data are the cheapest: theirs is the app."""
        return self.credentials.owns_app and user_id == self.user_id

    def price(self, *resources: Resource) -> int:
        """Return the micro-USD of reading one of each."""
        return sum(self.prices[resource] for resource in resources)

    def terms(
        self,
        endpoint: Endpoint,
        worst: WorstCase,
        *,
        keep: int = 0,
        bill: Bill = NOBODY,
        owned: bool = False,
    ) -> RequestTerms:
        return RequestTerms(endpoint, self.credentials.account, worst, keep, bill, owned)

    def action_terms(self, endpoint: Endpoint, action: Resource, bill: Bill) -> RequestTerms:
        worst = WorstCase(self.price(action))
        return RequestTerms(endpoint, self.credentials.account, worst, bill=bill, action=action)

    async def ask(
        self,
        terms: RequestTerms,
        kind: type[AnswerT],
        call: Call,
        *,
        serves: Callable[[AnswerT], bool] = lambda _: True,
    ) -> AnswerT:
        """Ask with the first credential that X accepts for this; see `ThroughTweepy.ask`."""
        return await self._tweepy.ask(terms, kind, call, serves=serves)

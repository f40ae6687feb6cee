"""Asks X by tweepy's methods, as whichever credential it accepts. The only importer of tweepy."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import aiohttp
from tweepy.asynchronous import AsyncClient

from bot.domain.errors import CredentialRefused, NoCredential, Refused, XError
from bot.x.asking.credential_order import Abilities, learning
from bot.x.asking.refusals import is_about_the_resource
from bot.x.asking.request import Asker, Terms
from bot.x.asking.transport import Exchange
from bot.x.credentials import Credentials, Rung, UserToken
from bot.x.limits import Endpoint
from bot.x.wire import AnswerT

Call = Callable[[AsyncClient], Awaitable[object]]
"""A request, as a method of tweepy's client."""


class Caller:
    """Goes down the credentials: the user's first, then the app's."""

    def __init__(self, asker: Asker, credentials: Credentials, abilities: Abilities) -> None:
        self._asker = asker
        self._credentials = credentials
        self._abilities = abilities

    async def ask(
        self,
        terms: Terms,
        kind: type[AnswerT],
        call: Call,
        *,
        serves: Callable[[AnswerT], bool] = lambda _: True,
    ) -> AnswerT:
        """Ask with the first credential that X accepts for this, and remember what it refused.

        `serves` says whether an answer will do that X gave to less than the first credential.
        """
        ladder = self._credentials.ladder()
        if terms.action is not None or terms.endpoint is Endpoint.ME:
            ladder = tuple(rung for rung in ladder if rung.user is not None)
        elif terms.endpoint is Endpoint.USAGE:
            ladder = tuple(rung for rung in ladder if rung.user is None)
        refusal: XError | None = None
        for rung in ladder:
            try:
                answer = await self._ask_as(rung, terms, kind, call)
            except (Refused, CredentialRefused) as error:
                if isinstance(error, Refused) and is_about_the_resource(error):
                    raise
                refusal = refusal or error
            else:
                if refusal is None or serves(answer):
                    return answer
        raise refusal or NoCredential()

    async def _ask_as(self, rung: Rung, terms: Terms, kind: type[AnswerT], call: Call) -> AnswerT:
        """Ask with one credential, unless X refused it not long ago."""

        def send(exchange: Exchange) -> Awaitable[object]:
            return call(_Tweepy(rung, exchange))

        async with learning(rung, terms.endpoint, self._abilities):
            terms = replace(terms, account=rung.account)
            return await self._asker.ask(terms, send, kind, rung.user)


class _Tweepy(AsyncClient):
    """A client for one request as one credential; the answer is read from the exchange."""

    def __init__(self, rung: Rung, exchange: Exchange) -> None:
        signed = rung.user if isinstance(rung.user, UserToken) else None
        super().__init__(
            bearer_token=rung.bearer,
            consumer_key=signed.api_key if signed else None,
            consumer_secret=signed.api_secret if signed else None,
            access_token=signed.access_token if signed else None,
            access_token_secret=signed.access_token_secret if signed else None,
            return_type=aiohttp.ClientResponse,
        )
        self.session = exchange
        self._rung = rung

    async def request(self, method: str, route: str, **asked: object) -> object:
        """Authenticate as the credential does, whatever the endpoint's default is."""
        return await super().request(method, route, **{**asked, "user_auth": self._rung.signs})

    async def _get_authenticating_user_id(self, **_: object) -> str:
        """Return whose token it is; tweepy would ask X, unseen by our limits and ledger."""
        if self._rung.user is None:
            raise NoCredential
        return str(self._rung.user.user_id)

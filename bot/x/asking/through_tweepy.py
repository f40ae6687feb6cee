"""Asks X by tweepy's methods, as whichever credential it accepts. The only importer of tweepy."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import aiohttp
from tweepy.asynchronous import AsyncClient

from bot.domain.errors import (
    ClockOff,
    CredentialRefused,
    InvalidForX,
    NoCredential,
    Refused,
    XError,
)
from bot.x.asking.books import RequestTerms
from bot.x.asking.credential_order import in_order
from bot.x.asking.field_names import Parameters
from bot.x.asking.learnt_names import Wording
from bot.x.asking.refusals import is_about_the_resource
from bot.x.asking.request import RequestSender
from bot.x.asking.transport import Exchange
from bot.x.credentials import Credentials, Principal, UserToken
from bot.x.wire import AnswerT

Call = Callable[[AsyncClient], Awaitable[object]]
"""A request, as a method of tweepy's client."""


class ThroughTweepy:
    """Goes down the credentials: the user's first, then the app's."""

    def __init__(self, sender: RequestSender, credentials: Credentials) -> None:
        self._sender = sender
        self._credentials = credentials

    async def ask(
        self,
        terms: RequestTerms,
        kind: type[AnswerT],
        call: Call,
        *,
        serves: Callable[[AnswerT], bool] = lambda _: True,
    ) -> AnswerT:
        """Ask with the first credential that X accepts for this.

        `serves` says whether an answer will do that X gave to less than the first credential.
        """
        refusal: XError | None = None
        for principal in in_order(self._credentials, terms):
            try:
                answer = await self._ask_as(principal, terms, kind, call)
            except (Refused, CredentialRefused, ClockOff) as error:
                if isinstance(error, Refused) and is_about_the_resource(error):
                    raise
                refusal = refusal or error
            else:
                if refusal is None or serves(answer):
                    return answer
        raise refusal or NoCredential()

    async def _ask_as(
        self, principal: Principal, terms: RequestTerms, kind: type[AnswerT], call: Call
    ) -> AnswerT:
        """Ask until X accepts the words; each time is a request of its own, in the books too."""
        wording = self._sender.names.wording(terms.endpoint)
        terms = replace(terms, account=principal.account)

        def send(exchange: Exchange) -> Awaitable[object]:
            return call(_Tweepy(principal, exchange, wording))

        while True:
            try:
                answer = await self._sender.ask(terms, send, kind, principal.user)
            except InvalidForX as error:
                if not wording.has_others(error):
                    raise
            else:
                wording.accepted()
                return answer


class _Tweepy(AsyncClient):
    """A client for one request as one credential; the answer is read from the exchange."""

    def __init__(self, principal: Principal, exchange: Exchange, wording: Wording) -> None:
        signed = principal.user if isinstance(principal.user, UserToken) else None
        super().__init__(
            bearer_token=principal.bearer,
            consumer_key=signed.api_key if signed else None,
            consumer_secret=signed.api_secret if signed else None,
            access_token=signed.access_token if signed else None,
            access_token_secret=signed.access_token_secret if signed else None,
            return_type=aiohttp.ClientResponse,
        )
        self.session = exchange
        self._principal = principal
        self._wording = wording

    async def request(
        self, method: str, route: str, params: Parameters | None = None, **asked: object
    ) -> object:
        """Authenticate as the credential does, in the names that X knows, whatever tweepy's are."""
        words = self._wording.words(params or {})
        how = {**asked, "params": words, "user_auth": self._principal.signs}
        return await super().request(method, route, **how)

    async def _get_authenticating_user_id(self, **_: object) -> str:
        """Return whose token it is; tweepy would ask X, unseen by our limits and ledger."""
        if self._principal.user is None:
            raise NoCredential
        return str(self._principal.user.user_id)

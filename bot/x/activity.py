"""X's Activity API: what it is to push, and to which webhook."""

from collections.abc import Mapping

from bot.domain.push import PushKind, Subscription, Webhook
from bot.x import wire
from bot.x.asking.as_account import AsAccount
from bot.x.asking.through_tweepy import Call
from bot.x.limits import Endpoint
from bot.x.prices import WorstCase

_SUBSCRIPTIONS, _WEBHOOKS = "/2/activity/subscriptions", "/2/webhooks"
_AT_ONCE = 100
# X keeps no more than 1,500 on self-serve; a list that does not end is cut here.
_MOST_PAGES = 100
_MINE = "likecord:"


def tag_of(user_id: int) -> str:
    """Return the tag of our subscriptions about a user."""
    return f"{_MINE}{user_id}"


def is_ours(subscription: Subscription) -> bool:
    return subscription.tag.startswith(_MINE)


class ActivityApi:
    """Lists and deletes as the app, subscribes as the user whom it is about. All of it is free."""

    def __init__(self, account: AsAccount) -> None:
        self._as = account

    async def subscriptions(self) -> tuple[Subscription, ...]:
        """Read all subscriptions of the app, to the last page."""
        found: dict[int, Subscription] = {}
        token: str | None = None
        for _ in range(_MOST_PAGES):
            params = {} if token is None else {"pagination_token": token}
            answer = await self._as.ask(
                self._as.terms(Endpoint.SUBSCRIPTIONS, WorstCase()),
                wire.SubscriptionsAnswer,
                _request("GET", _SUBSCRIPTIONS, params=params),
            )
            found.update((each.id, each) for each in answer.subscriptions())
            if answer.meta.next_token in (None, token):
                break
            token = answer.meta.next_token
        return tuple(found.values())

    async def subscribe(self, kind: PushKind, user_id: int, webhook_id: int | None = None) -> None:
        """Let X tell of a user; to be asked as that user. A second time is InvalidForX."""
        chosen = {"user_id": str(user_id)}
        if kind is PushKind.LIKE:
            chosen["direction"] = "inbound"
        order = {"event_type": kind.value, "filter": chosen, "tag": tag_of(user_id)}
        if webhook_id is not None:
            order["webhook_id"] = str(webhook_id)
        await self._as.ask(
            self._as.terms(Endpoint.SUBSCRIBE, WorstCase()),
            wire.DoneAnswer,
            _request("POST", _SUBSCRIPTIONS, json=order),
        )

    async def unsubscribe(self, subscription_ids: list[int]) -> None:
        for begin in range(0, len(subscription_ids), _AT_ONCE):
            some = subscription_ids[begin : begin + _AT_ONCE]
            params = {"ids": ",".join(map(str, some))}
            await self._as.ask(
                self._as.terms(Endpoint.UNSUBSCRIBE, WorstCase()),
                wire.DoneAnswer,
                _request("DELETE", _SUBSCRIPTIONS, params=params),
            )

    async def webhooks(self) -> tuple[Webhook, ...]:
        answer = await self._as.ask(
            self._as.terms(Endpoint.WEBHOOKS, WorstCase()),
            wire.WebhooksAnswer,
            _request("GET", _WEBHOOKS),
        )
        return tuple(answer.webhooks())

    async def add_webhook(self, url: str) -> None:
        """Let X know an address of ours, which it asks to prove itself before it answers."""
        await self._as.ask(
            self._as.terms(Endpoint.ADD_WEBHOOK, WorstCase()),
            wire.DoneAnswer,
            _request("POST", _WEBHOOKS, json={"url": url}),
        )

    async def prove_webhook(self, webhook_id: int) -> None:
        """Let X ask one that it has stopped to believe to prove itself again."""
        await self._as.ask(
            self._as.terms(Endpoint.PROVE_WEBHOOK, WorstCase()),
            wire.DoneAnswer,
            _request("PUT", f"{_WEBHOOKS}/{webhook_id}"),
        )


def _request(method: str, path: str, **what: Mapping[str, object]) -> Call:
    """Return a request that tweepy has no method for."""
    return lambda tweepy: tweepy.request(method, path, **what)

"""/2/activity/subscriptions: made by the user it is about, listed and deleted by the app."""

from typing import Any

from sandbox.x.access.limits import Limit
from sandbox.x.activity.hub import Hub
from sandbox.x.activity.subscriptions import EVENT_TYPES, Subscription
from sandbox.x.activity.webhooks import Webhooks
from sandbox.x.api import values
from sandbox.x.api.gate import Answer, Call, Endpoint
from sandbox.x.api.query import Parameter
from sandbox.x.problems import (
    Fault,
    Problem,
    Refused,
    app_only_refused,
    invalid_request,
    plain,
)
from sandbox.x.spelling import Spelling
from sandbox.x.world.state import World

_LIST = "/2/activity/subscriptions"
_ONE = "/2/activity/subscriptions/{subscription_id}"
_TOKEN_DIGITS = 16


def _place(raw: str) -> int:
    """Read where a page begins, which its token tells."""
    if len(raw) != _TOKEN_DIGITS or not raw.isdecimal():
        raise values.BadValue("is not valid")
    return int(raw)


def _limit(name: str) -> tuple[Limit, ...]:
    return (Limit(f"activity {name}", app=500, user=500),)


def duplicate() -> Refused:
    detail = "DuplicateSubscription: there is a subscription of this user and event type already."
    return Refused(409, Problem("about:blank", "Conflict", detail, {"status": 409}))


def too_many(most: int) -> Refused:
    detail = f"TooManySubscriptions: this app may have {most} subscriptions."
    return Refused(403, Problem("about:blank", "Forbidden", detail, {"status": 403}))


class SubscriptionsApi:
    def __init__(self, world: World, hub: Hub, webhooks: Webhooks) -> None:
        self._world = world
        self._hub = hub
        self._webhooks = webhooks

    def endpoints(self) -> list[Endpoint]:
        ids = Parameter("ids", values.list_of(values.ID), required=True)
        page = (
            Parameter("max_results", values.number(1, 1_000)),
            Parameter("pagination_token", _place),
        )
        return [
            Endpoint("GET", _LIST, self.show, _limit("list"), app_only="required", parameters=page),
            Endpoint(
                "POST", _LIST, self.make, _limit("make"), frozenset({"like.read"}), app_only="no"
            ),
            Endpoint(
                "DELETE",
                _LIST,
                self.delete_some,
                _limit("delete"),
                app_only="required",
                parameters=(ids,),
            ),
            Endpoint("DELETE", _ONE, self.delete, _limit("delete one"), app_only="required"),
        ]

    def _admit(self) -> None:
        if self._world.settings.push == "off":
            raise plain(503, "Service Unavailable")

    def show(self, call: Call) -> Answer:
        """List a page of them, of all the app's users."""
        self._admit()
        traps, begin = self._hub.traps, call.query.values["pagination_token"] or 0
        size = min(call.query.values["max_results"] or traps.page_size, traps.page_size)
        kept = list(self._hub.subscriptions)
        page, left = kept[begin : begin + size], kept[begin + size :]
        meta: dict[str, Any] = {"result_count": len(page)}
        if left:
            meta["next_token"] = f"{begin + size:0{_TOKEN_DIGITS}}"
        return Answer([one.body(numbers=traps.numbers) for one in page], meta)

    def make(self, call: Call) -> Answer:
        self._admit()
        caller, traps = call.caller, self._hub.traps
        if caller.user_id is None or (caller.kind == "oauth1" and traps.oauth1 == "refused"):
            raise app_only_refused() if caller.user_id is None else plain(403, "Forbidden")
        body = call.body
        user_id = _about(body)
        if user_id != caller.user_id:
            raise plain(403, "Forbidden", "The subscription is about another user.")
        event_type = str(body["event_type"])
        if self._hub.subscriptions.find(event_type, user_id) is not None:
            raise duplicate()
        if len(self._hub.subscriptions) >= traps.most_subscriptions:
            raise too_many(traps.most_subscriptions)
        made = self._hub.subscriptions.add(
            event_type,
            user_id,
            direction=body["filter"].get("direction"),
            tag=body.get("tag"),
            webhook_id=self._webhook(body),
        )
        return self._made(made)

    def _webhook(self, body: dict[str, Any]) -> int | None:
        webhook_id = body.get("webhook_id")
        if webhook_id is None:
            return None
        if not self._webhooks.knows(str(webhook_id)):
            raise invalid_request([Fault(f"there is no webhook {webhook_id}")])
        return int(webhook_id)

    def _made(self, made: Subscription) -> Answer:
        traps, total = self._hub.traps, len(self._hub.subscriptions)
        one = made.body(numbers=traps.numbers)
        shapes: dict[str, Any] = {
            "subscription": {"subscription": one},
            "object": one,
            "list": [one],
            "instance": {"subscription": one, "total_subscriptions_for_instance_id": total},
        }
        return Answer(shapes[traps.create_shape], {"total_subscriptions": total})

    def delete(self, call: Call) -> Answer:
        self._admit()
        if not self._hub.subscriptions.remove(int(call.path["subscription_id"])):
            raise plain(404, "Not Found")
        return Answer({"deleted": True}, {"total_subscriptions": len(self._hub.subscriptions)})

    def delete_some(self, call: Call) -> Answer:
        self._admit()
        gone = {one: self._hub.subscriptions.remove(int(one)) for one in call.query.values["ids"]}
        meta = {"total_subscriptions": len(self._hub.subscriptions)}
        if call.spelling is Spelling.OLD:
            return Answer({"deleted": all(gone.values())}, meta)
        told = [{"subscription_id": one, "deleted": deleted} for one, deleted in gone.items()]
        return Answer(told, meta)


def _about(body: dict[str, Any]) -> int:
    """Return whom a subscription is about; refuse what is no order for one."""
    chosen = body.get("filter")
    faults = []
    if body.get("event_type") not in EVENT_TYPES:
        faults.append(Fault(f"event_type: {body.get('event_type')!r} is not known"))
    if not isinstance(chosen, dict) or not values.ID.fullmatch(str(chosen.get("user_id", ""))):
        faults.append(Fault("filter.user_id: is needed"))
    elif chosen.get("direction") not in (None, "inbound", "outbound"):
        faults.append(Fault("filter.direction: inbound or outbound"))
    tag = body.get("tag")
    if tag is not None and not (isinstance(tag, str) and 1 <= len(tag) <= 200):
        faults.append(Fault("tag: 1 to 200 characters"))
    if faults or not isinstance(chosen, dict):
        raise invalid_request(faults)
    return int(chosen["user_id"])

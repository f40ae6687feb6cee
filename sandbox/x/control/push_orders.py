"""The traps of X's push, as a control call names them."""

from typing import Any

from sandbox.x.control import orders
from sandbox.x.control.orders import ReadValue, read_all

_TRAPS: dict[str, ReadValue] = {
    "keep_alive_s": orders.seconds,
    "delay_s": orders.seconds,
    "numbers": orders.a_bool,
    "create_shape": orders.one_of("subscription", "object", "list", "instance"),
    "includes": orders.one_of("whole", "missing", "late", "account_too", "wrapped"),
    "direction": orders.a_bool,
    "author_name": orders.one_of("liked_tweet_author_id", "tweet_author_id"),
    "new_names": orders.a_bool,
    "negative_uuid": orders.a_bool,
    "twice": orders.a_bool,
    "other_order": orders.a_bool,
    "lose": orders.an_int,
    "unreadable": orders.a_bool,
    "unknown_types": orders.a_bool,
    "backfill": orders.one_of("refused", "allowed"),
    "oauth1": orders.one_of("refused", "allowed"),
    "connections": orders.an_int,
    "half_open_s": orders.seconds,
    "late_s": orders.seconds,
    "page_size": orders.an_int,
    "most_subscriptions": orders.an_int,
}


def read_traps(value: object) -> dict[str, Any]:
    """Return the traps that are named; all others stay as they are."""
    return read_all(orders.an_object(value), _TRAPS)

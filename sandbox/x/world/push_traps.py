"""What is known to go wrong with X's push, each to be switched on by itself."""

from dataclasses import dataclass
from typing import Literal

CreateShape = Literal["subscription", "object", "list", "instance"]
Includes = Literal["whole", "missing", "late", "account_too", "wrapped"]


@dataclass(slots=True)
class PushTraps:
    """The defaults are X as other programs met it.

    Headers come with the first keep-alive, every `keep_alive_s`. `create_shape` is which of the
    four documented shapes a create is answered in, `numbers` whether IDs are JSON numbers.
    `includes` are whole, missing, come `late` in a second copy of the event, name the `account_too`
    before the liker, or are `wrapped` in data. `lose` every so many-th event, send it `twice`, or
    in `other_order`. What is late comes after `late_s`, in another order with the next event. A
    connection that is gone counts for `half_open_s` more. What does not fit comes as `unreadable`.
    """

    keep_alive_s: float = 20.0
    delay_s: float = 0.0
    late_s: float = 0.5
    numbers: bool = False
    create_shape: CreateShape = "subscription"
    includes: Includes = "whole"
    direction: bool = True
    author_name: Literal["liked_tweet_author_id", "tweet_author_id"] = "liked_tweet_author_id"
    new_names: bool = False
    negative_uuid: bool = False
    twice: bool = False
    other_order: bool = False
    lose: int = 0
    unreadable: bool = False
    unknown_types: bool = False
    backfill: Literal["refused", "allowed"] = "refused"
    oauth1: Literal["refused", "allowed"] = "refused"
    connections: int = 2
    half_open_s: float = 0.0
    page_size: int = 100
    most_subscriptions: int = 1_500

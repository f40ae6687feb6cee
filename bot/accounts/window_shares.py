"""What the people of a server may take of X's windows. Pure.

Polling leaves a reserve of each window to people (see `watching/likers/schedule.py` and
`watching/counts/schedule.py`); here people leave the rest to polling, and servers some to each
other.
"""

from collections.abc import Mapping

from bot.domain import Allowance
from bot.x.limits import Endpoint
from bot.x.prices import Bill

# What polling asks, too: so much of each window is for people, the rest is polling's own.
_POLLED = frozenset({Endpoint.LIKING_USERS, Endpoint.POSTS, Endpoint.USER_POSTS})
_OF_PEOPLE = 0.6
# What else people read by; likes have no share, for they are made with a member's own account, or
# by those whom a server lets use the bot's.
_SHARED = _POLLED | {Endpoint.LIKED_POSTS, Endpoint.USER_BY_USERNAME}
# A server may have taken this many times of what is left to all people: the only one gets two
# thirds, two of them two fifths each, three two sevenths.
_OF_WHAT_IS_LEFT = 2


def is_shared(endpoint: Endpoint, bill: Bill) -> bool:
    """Say whether a request is one of a server's people, and is counted as theirs."""
    return endpoint in _SHARED and bool(bill.guild_id) and not bill.is_polling


def may_take(
    endpoint: Endpoint, guild_id: int, window: Allowance, taken: Mapping[int, int]
) -> bool:
    """Say whether a server's people may take one more, where servers have `taken` so many.

    A first one is theirs as long as anything is left: X's smallest windows have no more.
    """
    own = taken.get(guild_id, 0)
    part = max(1, int(window.limit * _OF_PEOPLE)) if endpoint in _POLLED else window.limit
    left = part - sum(taken.values())
    return left > 0 and (own == 0 or own < _OF_WHAT_IS_LEFT * left)

"""What the people of servers may take of a window, whoever comes first."""

from datetime import UTC, datetime

from bot.accounts.window_shares import is_shared, may_take
from bot.domain import Allowance
from bot.x.limits import Endpoint
from bot.x.prices import NOBODY, WATCH, Bill
from tests.cases import in_turn

RESETS_AT = datetime(2026, 8, 22, 12, 15, tzinfo=UTC)
LIKERS, LIKED = Endpoint.LIKING_USERS, Endpoint.LIKED_POSTS


def taken_by(servers: int, limit: int, endpoint: Endpoint = LIKERS) -> list[int]:
    """Let servers take turns until none gets more; return what each has."""
    window = Allowance(endpoint, limit, limit, RESETS_AT)
    taken = dict.fromkeys(range(servers), 0)
    while waiting := [each for each in taken if may_take(endpoint, each, window, taken)]:
        for guild_id in waiting:
            if may_take(endpoint, guild_id, window, taken):
                taken[guild_id] += 1
    return list(taken.values())


@in_turn(
    "servers, limit, taken",
    [
        (1, 75, [30]),
        (2, 75, [18, 18]),
        (3, 75, [13, 13, 13]),
        (1, 15, [6]),
        (1, 2, [1]),
        (1, 1, [1]),
        (50, 75, [1] * 45 + [0] * 5),
    ],
)
def test_servers_get_equal_shares_and_leave_two_fifths_to_polling(
    servers: int, limit: int, taken: list[int]
) -> None:
    assert taken_by(servers, limit) == taken


def test_a_server_that_comes_later_finds_something_left() -> None:
    window = Allowance(LIKERS, 75, 75, RESETS_AT)
    assert not may_take(LIKERS, 1, window, {1: 30})
    assert may_take(LIKERS, 2, window, {1: 30})
    assert may_take(LIKERS, 2, window, {1: 30, 2: 9})


def test_what_polling_does_not_ask_is_all_for_people() -> None:
    assert taken_by(1, 75, LIKED) == [50]


@in_turn(
    "endpoint, bill, shared",
    [
        (LIKERS, Bill("/likers", guild_id=1), True),
        (Endpoint.POSTS, Bill("/post", guild_id=1), True),
        (LIKERS, Bill(WATCH, {7: (1,)}, post_id=7), False),
        (Endpoint.LIKE, Bill("/like", guild_id=1), False),
        (Endpoint.ME, NOBODY, False),
    ],
)
def test_whose_requests_are_counted(endpoint: Endpoint, bill: Bill, *, shared: bool) -> None:
    assert is_shared(endpoint, bill) is shared

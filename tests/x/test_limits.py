"""AllowanceCounter: known before the first request, corrected by X's headers, never overrun."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Allowance
from bot.domain.errors import RateLimited
from bot.x.limits import DOCUMENTED, WINDOW, Endpoint, Limits
from tests.x.clients import NOW, Now

ME, OTHER = "user:1", "user:2"
LIKERS = Endpoint.LIKING_USERS
MINUTE = timedelta(minutes=1)


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def limits(now: Now) -> Limits:
    return Limits(now)


def _headers(remaining: int, resets_at: datetime, limit: int = 75) -> dict[str, str]:
    return {
        "x-rate-limit-limit": str(limit),
        "x-rate-limit-remaining": str(remaining),
        "x-rate-limit-reset": str(int(resets_at.timestamp())),
    }


def _remaining(limits: Limits, account: str = ME) -> int:
    return limits.allowance(account, LIKERS).remaining


def _take_all(limits: Limits, endpoint: Endpoint, account: str = ME) -> tuple[int, RateLimited]:
    taken = 0
    while True:
        try:
            limits.take(account, endpoint)
        except RateLimited as error:
            return taken, error
        taken += 1


# Of X's documents: requests in 15 minutes, the smaller of those per app and per user.
PUBLISHED = {
    "GET /2/tweets": 3_500,
    "GET /2/tweets/:id/liking_users": 75,
    "GET /2/users/:id/liked_tweets": 75,
    "GET /2/users/:id/tweets": 900,
    "GET /2/users/by/username/:username": 300,
    "GET /2/users/me": 75,
    "GET /2/usage/tweets": 50,
    "POST /2/users/:id/likes": 50,
    "DELETE /2/users/:id/likes/:tweet_id": 50,
    "GET /2/activity/subscriptions": 500,
    "POST /2/activity/subscriptions": 500,
    "DELETE /2/activity/subscriptions": 500,
    "GET /2/webhooks": 450,
    "POST /2/webhooks": 450,
    "PUT /2/webhooks/:id": 450,
}


@pytest.mark.parametrize(("endpoint", "documented"), PUBLISHED.items())
def test_xs_documents_hold_before_the_first_answer(
    limits: Limits, endpoint: str, documented: int
) -> None:
    taken, error = _take_all(limits, Endpoint(endpoint))

    assert taken == documented
    assert error.resets_at == NOW + WINDOW


def test_every_endpoint_has_a_documented_limit() -> None:
    assert set(DOCUMENTED) == set(Endpoint) == set(PUBLISHED)


def test_accounts_and_endpoints_have_their_own(limits: Limits) -> None:
    _take_all(limits, LIKERS)

    assert _remaining(limits, OTHER) == 75
    assert limits.allowance(ME, Endpoint.POSTS).remaining == 3_500


def test_a_new_window_is_full_again(limits: Limits, now: Now) -> None:
    _take_all(limits, LIKERS)

    now.advance(WINDOW - timedelta(seconds=1))
    with pytest.raises(RateLimited):
        limits.take(ME, LIKERS)
    now.advance(timedelta(seconds=1))

    assert _take_all(limits, LIKERS)[0] == 75


def test_headers_say_how_much_is_left_and_until_when(limits: Limits) -> None:
    limits.take(ME, LIKERS)
    limits.learn(ME, LIKERS, _headers(10, NOW + 4 * MINUTE))

    assert limits.allowance(ME, LIKERS) == Allowance(LIKERS, 75, 10, NOW + 4 * MINUTE)
    taken, error = _take_all(limits, LIKERS)
    assert (taken, error.resets_at) == (10, NOW + 4 * MINUTE)


def test_another_plan_has_another_limit(limits: Limits, now: Now) -> None:
    limits.take(ME, LIKERS)
    limits.learn(ME, LIKERS, _headers(299, NOW + WINDOW, limit=300))
    assert _remaining(limits) == 299

    now.advance(WINDOW)
    assert limits.allowance(ME, LIKERS).limit == 300
    assert _remaining(limits) == 300


def test_an_answer_that_was_overtaken_gives_nothing_back(limits: Limits) -> None:
    for _ in range(3):
        limits.take(ME, LIKERS)
    for remaining in (72, 74, 73):
        limits.learn(ME, LIKERS, _headers(remaining, NOW + WINDOW))

    assert _remaining(limits) == 72


def test_requests_under_way_stay_counted(limits: Limits) -> None:
    for _ in range(5):
        limits.take(ME, LIKERS)
    limits.learn(ME, LIKERS, _headers(74, NOW + WINDOW))

    assert _remaining(limits) == 70


def test_a_slow_first_answer_gives_nothing_back(limits: Limits) -> None:
    """X opened the window when the request arrived, some seconds after it was counted."""
    for _ in range(60):
        limits.take(ME, LIKERS)
    limits.learn(ME, LIKERS, _headers(74, NOW + WINDOW + timedelta(seconds=9)))

    assert _remaining(limits) == 15


def test_a_smaller_plan_counts_what_is_under_way(limits: Limits) -> None:
    for _ in range(20):
        limits.take(ME, LIKERS)
    limits.learn(ME, LIKERS, _headers(24, NOW + WINDOW, limit=25))

    assert _remaining(limits) == 5


def test_an_answer_of_a_later_window_opens_it(limits: Limits) -> None:
    limits.learn(ME, LIKERS, _headers(0, NOW + MINUTE))
    limits.learn(ME, LIKERS, _headers(74, NOW + MINUTE + WINDOW))

    assert _remaining(limits) == 74


def test_a_late_answer_of_the_window_before_changes_nothing(limits: Limits, now: Now) -> None:
    limits.learn(ME, LIKERS, _headers(3, NOW + MINUTE))
    now.advance(MINUTE)
    limits.take(ME, LIKERS)
    limits.learn(ME, LIKERS, _headers(74, NOW + MINUTE + WINDOW))

    limits.learn(ME, LIKERS, _headers(2, NOW + MINUTE))

    assert limits.allowance(ME, LIKERS) == Allowance(LIKERS, 75, 74, NOW + MINUTE + WINDOW)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-rate-limit-remaining": "5"},
        {**_headers(5, NOW + MINUTE), "x-rate-limit-reset": "soon"},
        {**_headers(5, NOW + MINUTE), "x-rate-limit-reset": "9" * 30},
        {**_headers(5, NOW + MINUTE), "x-rate-limit-limit": ""},
        _headers(5, NOW),
        _headers(5, NOW - MINUTE),
        _headers(5, NOW + timedelta(days=400)),
        _headers(0, NOW + MINUTE, limit=0),
        _headers(-1, NOW + MINUTE),
        _headers(500, NOW + MINUTE),
        _headers(5, NOW + MINUTE, limit=10**12),
    ],
)
def test_headers_that_make_no_sense_are_not_learnt(limits: Limits, headers: dict[str, str]) -> None:
    limits.take(ME, LIKERS)
    limits.learn(ME, LIKERS, headers)

    assert limits.allowance(ME, LIKERS) == Allowance(LIKERS, 75, 74, NOW + WINDOW)


def test_after_a_429_nothing_is_sent_before_the_reset(limits: Limits, now: Now) -> None:
    assert limits.refuse(ME, LIKERS, NOW + 3 * MINUTE) == NOW + 3 * MINUTE

    with pytest.raises(RateLimited) as refused:
        limits.take(ME, LIKERS)
    assert refused.value.resets_at == NOW + 3 * MINUTE
    now.advance(3 * MINUTE)
    limits.take(ME, LIKERS)


def test_a_429_holds_even_when_an_overtaken_answer_says_otherwise(limits: Limits) -> None:
    limits.refuse(ME, LIKERS, NOW + 3 * MINUTE)
    limits.learn(ME, LIKERS, _headers(1, NOW + 3 * MINUTE))

    assert _remaining(limits) == 0


def test_a_429_without_a_reset_costs_a_window(limits: Limits) -> None:
    assert limits.refuse(ME, LIKERS, None) == NOW + WINDOW
    assert _remaining(limits) == 0


@pytest.mark.parametrize(
    ("reset", "wait"),
    [
        (NOW, timedelta(seconds=5)),
        (NOW - MINUTE, timedelta(seconds=5)),
        (NOW + timedelta(hours=24), timedelta(hours=24)),
        (NOW + timedelta(days=400), WINDOW),
    ],
)
def test_the_wait_after_a_429_is_neither_nothing_nor_forever(
    limits: Limits, reset: datetime, wait: timedelta
) -> None:
    assert limits.refuse(ME, LIKERS, reset) == NOW + wait
    with pytest.raises(RateLimited):
        limits.take(ME, LIKERS)


def test_likes_and_unlikes_share_a_thousand_a_day(limits: Limits, now: Now) -> None:
    done = 0
    while done < 1_000:
        endpoint = Endpoint.LIKE if done % 2 else Endpoint.UNLIKE
        try:
            limits.take(ME, endpoint)
        except RateLimited as error:
            now.moment = error.resets_at
        else:
            done += 1

    for endpoint in (Endpoint.LIKE, Endpoint.UNLIKE):
        with pytest.raises(RateLimited) as refused:
            limits.take(ME, endpoint)
        assert refused.value.resets_at == NOW + timedelta(hours=24)
    limits.take(OTHER, Endpoint.LIKE)
    now.moment = NOW + timedelta(hours=24)
    limits.take(ME, Endpoint.LIKE)


def test_xs_headers_may_speak_of_the_day(limits: Limits, now: Now) -> None:
    """Of two windows X tells the one that has less left: the day's holds for unlikes too."""
    limits.take(ME, Endpoint.LIKE)
    limits.learn(ME, Endpoint.LIKE, _headers(2, NOW + timedelta(hours=20), limit=1_000))

    assert limits.allowance(ME, Endpoint.LIKE).limit == 50
    limits.take(ME, Endpoint.UNLIKE)
    limits.take(ME, Endpoint.LIKE)
    with pytest.raises(RateLimited) as refused:
        limits.take(ME, Endpoint.UNLIKE)
    assert refused.value.resets_at == NOW + timedelta(hours=20)
    now.moment = refused.value.resets_at
    assert _take_all(limits, Endpoint.LIKE)[0] == 50


def test_a_429_until_tomorrow_is_the_days(limits: Limits, now: Now) -> None:
    assert limits.refuse(ME, Endpoint.LIKE, NOW + 20 * 60 * MINUTE) == NOW + 20 * 60 * MINUTE

    now.advance(WINDOW)
    for endpoint in (Endpoint.LIKE, Endpoint.UNLIKE):
        with pytest.raises(RateLimited):
            limits.take(ME, endpoint)
    limits.take(OTHER, Endpoint.LIKE)


def test_a_refused_like_does_not_count_towards_the_day(limits: Limits, now: Now) -> None:
    taken, _ = _take_all(limits, Endpoint.LIKE)
    assert taken == 50
    now.advance(WINDOW)

    day = limits.snapshot()[ME, "likes and unlikes a day"]
    assert day.remaining == 950


def test_some_can_be_kept_for_others(limits: Limits) -> None:
    limits.learn(ME, LIKERS, _headers(16, NOW + MINUTE))

    limits.take(ME, LIKERS, keep=15)
    with pytest.raises(RateLimited) as refused:
        limits.take(ME, LIKERS, keep=15)

    assert refused.value.resets_at == NOW + MINUTE
    assert _remaining(limits) == 15
    limits.take(ME, LIKERS)


def test_what_is_known_outlives_the_process(limits: Limits, now: Now) -> None:
    limits.learn(ME, LIKERS, _headers(9, NOW + 5 * MINUTE))
    limits.take(ME, Endpoint.LIKE)
    limits.take(OTHER, LIKERS)

    later = Limits(now)
    later.restore((account, known) for (account, _), known in limits.snapshot().items())

    assert later.snapshot() == limits.snapshot()
    assert _remaining(later) == 9
    assert _remaining(later, OTHER) == 74
    assert later.snapshot()[ME, "likes and unlikes a day"].remaining == 999


def test_windows_that_are_over_are_not_stored(limits: Limits, now: Now) -> None:
    limits.take(ME, LIKERS)
    now.advance(WINDOW)

    assert limits.snapshot() == {}


@given(st.lists(st.integers(0, 75), max_size=20), st.integers(0, 30))
def test_within_a_window_the_allowance_only_falls(answers: list[int], requests: int) -> None:
    limits = Limits(Now())
    for _ in range(requests):
        limits.take(ME, LIKERS)
    before = _remaining(limits)

    for remaining in answers:
        limits.learn(ME, LIKERS, _headers(remaining, NOW + WINDOW))
        assert _remaining(limits) <= before
        before = _remaining(limits)

    assert before == min([75 - requests, *answers])

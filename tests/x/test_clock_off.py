"""A machine whose clock is wrong: the clock is blamed, and windows are kept all the same."""

from datetime import datetime, timedelta
from email.utils import format_datetime

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import ClockOff, CredentialRefused, LinkRefused, RateLimited
from bot.x.client import XClient
from bot.x.credentials import AppKeys, Credentials
from bot.x.limits import Endpoint, Limits, told
from bot.x.oauth import OAuth1Flow, OAuth1Grant
from bot.x.x_time import XTime, in_our_time
from tests.cases import in_turn
from tests.x.clients import ME, NOW, TOKEN, LocalBooks, Now, a_client
from tests.x.small_x import Reply, SmallX

POST = 1354143047324299264
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
BOUNDS = {"errors": [{"code": 135, "message": "Timestamp out of bounds."}]}
PLAIN = {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}
GOOD = Reply({"data": [{"id": str(POST), "text": "Hello", "public_metrics": {"like_count": 1}}]})


class Machine:
    """A machine whose clock is so far ahead of X's, and what is told of it."""

    def __init__(self, http: aiohttp.ClientSession, x: SmallX, ahead: timedelta) -> None:
        self.told: list[timedelta | None] = []
        x.date = format_datetime(NOW - ahead, usegmt=True)
        self.time = XTime(Now(), Now(), self.told.append)
        self.http, self.x = http, x
        self.books = LocalBooks()

    def client(self, *, bearer: str | None = None, signs: bool = True) -> XClient:
        credentials = Credentials(user=TOKEN if signs else None, bearer=bearer)
        books, time = self.books, self.time
        return a_client(self.http, self.x.url, credentials=credentials, books=books, x_time=time)

    def flow(self) -> OAuth1Flow:
        keys = AppKeys("key", "secret")
        return OAuth1Flow(self.http, api_url=self.x.url, keys=keys, x_time=self.time)


# What is refused


@pytest.mark.parametrize("body", [BOUNDS, PLAIN, None])
@pytest.mark.parametrize(
    ("ahead", "words"),
    [(10 * MINUTE, "is 10 minutes off (ahead)"), (-61 * SECOND, "is 1 minute off (behind)")],
)
async def test_a_refused_signature_is_the_clocks_fault(
    http: aiohttp.ClientSession, small_x: SmallX, body: object, ahead: timedelta, words: str
) -> None:
    machine = Machine(http, small_x, ahead)
    small_x.answers(Reply(body, 401))

    with pytest.raises(ClockOff) as off:
        await machine.client().counts([POST])

    assert f"The clock of this machine {words}, " in str(off.value)
    assert machine.told == [ahead]
    assert len(small_x.asked) == 1


@pytest.mark.parametrize("status", [200, 401])
async def test_by_its_code_also_where_x_tells_no_time(
    http: aiohttp.ClientSession, small_x: SmallX, status: int
) -> None:
    machine = Machine(http, small_x, timedelta(0))
    small_x.date = None
    small_x.answers(Reply(BOUNDS, status))

    with pytest.raises(ClockOff, match="The clock of this machine is off, and X refuses"):
        await machine.client().counts([POST])


@pytest.mark.parametrize("ahead", [timedelta(0), 50 * SECOND, -50 * SECOND])
async def test_where_the_clock_is_right_it_is_the_keys(
    http: aiohttp.ClientSession, small_x: SmallX, ahead: timedelta
) -> None:
    machine = Machine(http, small_x, ahead)
    small_x.answers(Reply(PLAIN, 401))

    with pytest.raises(CredentialRefused):
        await machine.client().counts([POST])
    assert machine.told == [None]


async def test_a_token_that_needs_no_time_is_refused_for_itself(
    http: aiohttp.ClientSession, small_x: SmallX
) -> None:
    machine = Machine(http, small_x, 10 * MINUTE)
    small_x.answers(Reply(PLAIN, 401))

    with pytest.raises(CredentialRefused):
        await machine.client(bearer="app", signs=False).counts([POST])


async def test_the_app_still_reads_what_it_may(
    http: aiohttp.ClientSession, small_x: SmallX
) -> None:
    machine = Machine(http, small_x, 10 * MINUTE)
    small_x.answers(Reply(BOUNDS, 401), GOOD)

    assert POST in (await machine.client(bearer="app").counts([POST])).posts


async def test_a_clock_that_was_mended_is_told_of(
    http: aiohttp.ClientSession, small_x: SmallX
) -> None:
    machine = Machine(http, small_x, 10 * MINUTE)
    small_x.answers(GOOD)
    await machine.client().counts([POST])
    small_x.date = format_datetime(NOW, usegmt=True)
    await machine.client().counts([POST])
    small_x.date = "no date at all"
    await machine.client().counts([POST])

    assert machine.told == [10 * MINUTE, None]


def test_a_clock_on_the_border_is_not_told_of_with_each_answer() -> None:
    """Answers take their time, and X's is in whole seconds."""
    now, told = Now(), set[timedelta | None]()
    time = XTime(now, tell=told.add)
    for border in (MINUTE, 2.5 * MINUTE):
        told.clear()
        for way in (1, 0, 2, 0.2, 3, 0, 1):
            date = now() - border - SECOND
            now.advance(way * SECOND)
            time.hear({"Date": format_datetime(date, usegmt=True)})
        assert len(told) == 1


async def test_no_pin_and_no_token_is_blamed(http: aiohttp.ClientSession, small_x: SmallX) -> None:
    """A token that X is said to know no more would be deleted here, and go on to work there."""
    flow = Machine(http, small_x, 10 * MINUTE).flow()
    small_x.answers(Reply(BOUNDS, 401))

    with pytest.raises(ClockOff):
        await flow.begin()
    with pytest.raises(ClockOff):
        await flow.finish("request", "secret", "1234567")
    with pytest.raises(ClockOff):
        await flow.revoke(OAuth1Grant(f"{ME}-token", "secret"))

    right = Machine(http, small_x, timedelta(0)).flow()
    small_x.answers(Reply(PLAIN, 401))
    with pytest.raises(LinkRefused):
        await right.revoke(OAuth1Grant(f"{ME}-token", "secret"))


# X's windows


def _headers(remaining: int, reset: datetime, date: datetime | None) -> dict[str, str]:
    limits = {
        "x-rate-limit-limit": "75",
        "x-rate-limit-remaining": str(remaining),
        "x-rate-limit-reset": str(int(reset.timestamp())),
    }
    return limits if date is None else {**limits, "Date": format_datetime(date, usegmt=True)}


@given(st.integers(-(10**7), 10**7), st.integers(1, 900), st.floats(0, 3))
def test_a_window_is_as_long_as_x_says_whatever_our_clock_is(
    ahead_s: int, left_s: int, under_way_s: float
) -> None:
    date = NOW - ahead_s * SECOND
    now = NOW + under_way_s * SECOND
    heard = told(Endpoint.LIKING_USERS, _headers(7, date + left_s * SECOND, date), now)

    assert heard is not None
    late = heard.resets_at - NOW - left_s * SECOND
    # Never before X's own reset, which would be met with a 429, but for clocks that agree.
    assert -5 * SECOND <= late <= 8 * SECOND
    assert late >= timedelta(0) or abs(ahead_s) <= 5


@pytest.mark.parametrize("ahead", [600.4 * SECOND, -600.4 * SECOND, timedelta(days=400)])
def test_the_same_window_is_heard_the_same_each_time(ahead: timedelta) -> None:
    """Else each answer would be written to the database for nothing."""
    reset = NOW - ahead + 15 * MINUTE
    heard = {
        told(
            Endpoint.LIKING_USERS,
            _headers(7, reset, (NOW - ahead + passed * SECOND).replace(microsecond=0)),
            NOW + (passed + way) * SECOND,
        )
        for passed in range(0, 800, 7)
        for way in (0.1, 0.9)
    }
    assert len(heard) == 1


@pytest.mark.parametrize("ahead", [10 * MINUTE, -10 * MINUTE])
def test_a_machine_that_is_ten_minutes_off_paces_itself_rightly(ahead: timedelta) -> None:
    now = Now()
    limits = Limits(now)
    limits.take("me", Endpoint.LIKING_USERS)
    date = NOW - ahead
    limits.learn("me", Endpoint.LIKING_USERS, _headers(0, date + 4 * MINUTE, date))

    with pytest.raises(RateLimited):
        limits.take("me", Endpoint.LIKING_USERS)
    now.advance(4 * MINUTE - SECOND)
    with pytest.raises(RateLimited):
        limits.take("me", Endpoint.LIKING_USERS)
    now.advance(6 * SECOND)
    limits.take("me", Endpoint.LIKING_USERS)


async def test_a_429_ends_when_xs_window_does(http: aiohttp.ClientSession, small_x: SmallX) -> None:
    machine = Machine(http, small_x, 10 * MINUTE)
    reset = NOW - 10 * MINUTE + 3 * MINUTE
    small_x.answers(Reply(None, 429, _headers(0, reset, None)))

    with pytest.raises(RateLimited) as limited:
        await machine.client().counts([POST])
    assert limited.value.resets_at == NOW + 3 * MINUTE


@in_turn("date", ["", "now", "99999999", "Sat, 32 Aug 2026 99:00:00 GMT"])
def test_a_date_that_is_none_changes_nothing(date: str) -> None:
    assert in_our_time(NOW, {"Date": date}, NOW + MINUTE) == NOW


def test_xs_time_goes_on_with_ours() -> None:
    now = Now()
    time = XTime(now)
    assert time.now() is None
    time.hear({"Date": format_datetime(NOW - 10 * MINUTE, usegmt=True)})
    now.advance(MINUTE)
    assert time.now() == NOW - 9 * MINUTE

"""The account's own timeline: every post on it is reached, however far apart they lie."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import Post
from bot.watching.counts.own_timeline import Timeline
from bot.watching.counts.schedule import Countable, CountById, CountOwn, plan
from bot.x.prices import MICRO_USD

NOW_S = datetime(2026, 8, 1, 12, 0, tzinfo=UTC).timestamp()
EVERY_S = 15.0


class Account:
    """An account with posts 1 to `number`, some of them watched and counted at every tick."""

    def __init__(self, number: int, watched: Collection[int]) -> None:
        self.timeline = Timeline(MICRO_USD)
        self.number = number
        self.counted = dict.fromkeys(watched, 0.0)
        self.ticks = 0

    def tick(self) -> Sequence[CountOwn | CountById]:
        """Send what is planned; return that."""
        self.ticks += 1
        now = NOW_S + EVERY_S * self.ticks
        posts = [
            Countable(post_id, counted_at, 1.0, own=self.timeline.has(post_id))
            for post_id, counted_at in self.counted.items()
        ]
        requests = plan(posts, now, EVERY_S, by_id=99, own=99, density=self.timeline.density)
        for request in requests:
            for post_id in self._shown(request):
                self.counted[post_id] = now
        return requests

    def _shown(self, request: CountOwn | CountById) -> Collection[int]:
        if isinstance(request, CountById):
            return request.post_ids
        found = self.timeline.read(request, self._page(request))
        return found.posts.keys() | found.absent

    def _page(self, request: CountOwn) -> list[Post]:
        newest = min(self.number, request.until_id - 1)
        return [
            Post(post_id, "") for post_id in range(newest, max(0, newest - request.max_results), -1)
        ]


def _posts_asked_for(requests: Sequence[CountOwn | CountById]) -> int:
    return sum(
        request.max_results if isinstance(request, CountOwn) else len(request.post_ids)
        for request in requests
    )


@given(st.integers(1, 600), st.data())
@settings(max_examples=60)
def test_every_post_is_reached_soon(number: int, data: st.DataObject) -> None:
    watched = data.draw(st.sets(st.integers(1, number), min_size=1, max_size=150))
    account = Account(number, watched)
    for _ in range(4):
        account.tick()

    assert min(account.counted.values()) >= NOW_S


def test_a_few_that_lie_far_behind_many_are_asked_for_by_their_ids() -> None:
    """Each page goes from the newest on, and none would ever reach them."""
    dense, sparse = set(range(2_951, 3_001)), set(range(1_900, 2_900, 100))
    account = Account(3_000, dense | sparse)
    for _ in range(12):
        account.tick()
    own, by_id = account.tick()

    assert isinstance(own, CountOwn)
    assert set(own.post_ids) == dense
    assert own.max_results == len(dense), "and what is known of the timeline is that of its page"
    assert isinstance(by_id, CountById)
    assert set(by_id.post_ids) == sparse


def test_where_hardly_any_is_watched_ids_are_cheaper() -> None:
    account = Account(2_000, range(1, 2_000, 12))
    for _ in range(8):
        account.tick()

    requests = account.tick()
    assert not any(isinstance(request, CountOwn) for request in requests)


def test_where_every_third_is_watched_the_timeline_is_cheaper() -> None:
    account = Account(300, range(1, 300, 3))
    for _ in range(8):
        account.tick()

    requests = account.tick()
    assert all(isinstance(request, CountOwn) for request in requests)
    assert _posts_asked_for(requests) <= 5 * 100


def test_a_page_of_few_posts_tells_little_of_the_others() -> None:
    """Else a run of two neighbours would make the next pages too large to be reached."""
    timeline = Timeline(MICRO_USD)
    thirds = tuple(range(400, 100, -3))
    page = [Post(post_id, "") for post_id in range(400, 300, -1)]
    timeline.read(CountOwn(thirds, unpaid=0, until_id=401, max_results=100), page)
    assert 0.3 < timeline.density < 0.4

    two = [Post(post_id, "") for post_id in range(90, 85, -1)]
    timeline.read(CountOwn((90, 89), unpaid=0, until_id=91, max_results=5), two)
    assert 0.3 < timeline.density < 0.4


def test_what_a_page_should_show_and_does_not_is_absent() -> None:
    timeline = Timeline(MICRO_USD)
    request = CountOwn((9, 7, 5), unpaid=0, until_id=10, max_results=5)
    found = timeline.read(
        request, [Post(9, ""), Post(8, ""), Post(6, ""), Post(5, ""), Post(4, "")]
    )

    assert (set(found.posts), found.absent) == ({9, 5}, {7})
    assert [timeline.has(post_id) for post_id in (9, 7, 5)] == [True, False, True]


def test_the_end_of_the_timeline_is_as_far_as_x_goes_back() -> None:
    timeline = Timeline(MICRO_USD)
    request = CountOwn((9, 8, 2), unpaid=0, until_id=10, max_results=5)

    assert timeline.read(request, [Post(9, ""), Post(8, "")]).absent == {2}
    assert timeline.read(request, []).absent == {9, 8, 2}


def test_who_is_watched_anew_is_looked_for_on_the_timeline_again() -> None:
    timeline = Timeline(MICRO_USD)
    timeline.read(CountOwn((9,), unpaid=0, until_id=10, max_results=5), [])
    assert not timeline.has(9)
    timeline.keep([8])

    assert timeline.has(9)

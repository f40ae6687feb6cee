"""Whom X's list of likers leaves out, and how late lists and counts are."""

import itertools
from collections.abc import Sequence

from tests.sandbox.x.client import DEV, SUPPORT, TWITTER, XClient
from tests.sandbox.x.lists import counted, crowd, listed, unlike, wait

LAG_S = 600
LISTINGS = ("all", "newest_100", "first_100")
ORDERS = ("newest_first", "oldest_first")


class TestHidden:
    async def test_so_many_are_counted_and_never_listed(self, x: XClient) -> None:
        await x.settings(hidden=2)
        post, people = await x.make_post(), await crowd(x, 4)
        for number, person in enumerate(people, start=1):
            await x.like(post, person)
            assert await counted(x, post) == number
            assert await listed(x, post) == people[2:number][::-1]

    async def test_protected_people_are_hidden_besides(self, x: XClient) -> None:
        await x.settings(hidden=1)
        post, people = await x.make_post(), await crowd(x, 3)
        shy = await x.make_user("shy", protected=True)
        await x.like(post, shy, *people)
        assert await listed(x, post) == people[:0:-1]
        assert await counted(x, post) == 4
        await x.control("PATCH", f"/users/{shy}", {"protected": False})
        assert await listed(x, post) == [*people[:0:-1], shy]

    async def test_it_stays_the_same_people_whatever_happens(self, x: XClient) -> None:
        await x.settings(hidden=1)
        post, people = await x.make_post(), await crowd(x, 3)
        await x.like(post, *people)
        await unlike(x, post, people[0])
        assert await listed(x, post) == people[:0:-1]
        await x.like(post, people[0], SUPPORT)
        assert await listed(x, post) == [SUPPORT, *people[:0:-1]]
        await x.control("PATCH", f"/users/{people[0]}", {"protected": True})
        assert await listed(x, post) == [SUPPORT, *people[:0:-1]]

    async def test_each_post_hides_its_own(self, x: XClient) -> None:
        await x.settings(hidden=1)
        one, other = await x.make_post(), await x.make_post()
        await x.like(one, SUPPORT, TWITTER)
        await x.like(other, TWITTER, SUPPORT)
        assert (await listed(x, one), await listed(x, other)) == ([TWITTER], [SUPPORT])

    async def test_they_take_places_of_the_first_hundred_but_not_of_the_newest(
        self, x: XClient
    ) -> None:
        post, people = await x.make_post(), await crowd(x, 103)
        await x.like(post, *people)
        await x.settings(hidden=5, listing="first_100")
        assert await listed(x, post) == people[99:4:-1]
        await x.settings(listing="newest_100", hidden=2)
        assert await listed(x, post) == people[:2:-1]

    async def test_a_hidden_like_is_told_as_one(self, x: XClient) -> None:
        await x.settings(hidden=1)
        post = await x.make_post()
        async with x.sandbox.events.listen() as news:
            await x.like(post, SUPPORT, TWITTER)
            assert [(await anext(news)).data["visible"] for _ in range(2)] == [False, True]


class TestLag:
    async def test_the_list_is_late(self, x: XClient) -> None:
        post, people = await x.make_post(), await crowd(x, 2)
        await x.settings(list_lag_s=LAG_S)
        await x.like(post, people[0])
        await wait(x, LAG_S / 2)
        await x.like(post, people[1])
        assert (await counted(x, post), await listed(x, post)) == (2, [])
        await wait(x, LAG_S / 2)
        assert await listed(x, post) == people[:1]
        await wait(x, LAG_S / 2)
        assert await listed(x, post) == people[::-1]

    async def test_who_liked_later_may_be_listed_before(self, x: XClient) -> None:
        post, people = await x.make_post(), await crowd(x, 9)
        await x.settings(list_jitter_s=LAG_S)
        await x.like(post, *people)
        await wait(x, LAG_S / 2)
        some = await listed(x, post)
        assert 0 < len(some) < 9
        assert some != people[: len(some)][::-1]
        assert [each for each in people[::-1] if each in some] == some
        await wait(x, LAG_S / 2)
        assert await listed(x, post) == people[::-1]

    async def test_the_count_is_late(self, x: XClient) -> None:
        post, people = await x.make_post(), await crowd(x, 2)
        await x.settings(count_lag_s=LAG_S)
        assert await x.like(post, *people) == 2
        assert (await counted(x, post), await listed(x, post)) == (0, people[::-1])
        await wait(x, LAG_S / 2)
        assert await counted(x, post) == 0
        await wait(x, LAG_S / 2)
        assert await counted(x, post) == 2

    async def test_an_unlike_is_late_too(self, x: XClient) -> None:
        post, people = await x.make_post(), await crowd(x, 3)
        await x.like(post, *people)
        await wait(x, LAG_S)
        await x.settings(list_lag_s=LAG_S, count_lag_s=LAG_S / 3)
        await unlike(x, post, people[1])
        assert (await counted(x, post), await listed(x, post)) == (3, people[::-1])
        await wait(x, LAG_S / 2)
        assert (await counted(x, post), await listed(x, post)) == (2, people[::-1])
        await wait(x, LAG_S / 2)
        assert await listed(x, post) == [people[2], people[0]]

    async def test_who_comes_back_is_never_there_twice(self, x: XClient) -> None:
        post = await x.make_post()
        await x.settings(list_lag_s=LAG_S)
        await x.like(post, SUPPORT, TWITTER)
        await wait(x, 60)
        await unlike(x, post, SUPPORT)
        await wait(x, 60)
        await x.like(post, SUPPORT)
        await wait(x, LAG_S - 120)
        assert await listed(x, post) == [TWITTER, SUPPORT]
        await wait(x, 60)
        assert await listed(x, post) == [TWITTER]
        await wait(x, 60)
        assert await listed(x, post) == [SUPPORT, TWITTER]

    async def test_the_newest_hundred_are_those_of_then(self, x: XClient) -> None:
        post, people = await x.make_post(), await crowd(x, 102)
        await x.settings(listing="newest_100", list_lag_s=LAG_S)
        await x.like(post, *people[:101])
        await wait(x, LAG_S)
        await x.like(post, people[101])
        assert await listed(x, post) == people[100:0:-1]


def expected(
    people: Sequence[str], late: int, *, listing: str, order: str, hidden: int, lag: float
) -> list[str]:
    """Say in another way who is listed, of people whose last `late` likes are new."""
    known = people[: len(people) - late] if lag else people
    if listing == "first_100":
        known = known[:100]
    visible = known[hidden:]
    if listing == "newest_100":
        visible = visible[max(0, len(visible) - 100) :]
    return list(visible if order == "oldest_first" else reversed(visible))


class TestTogether:
    async def test_any_listing_order_lag_and_page(self, x: XClient) -> None:
        late, people = 3, await crowd(x, 108)
        post = await x.make_post()
        await x.like(post, *people[:-late])
        await wait(x, LAG_S)
        await x.like(post, *people[-late:])
        ways = itertools.product(LISTINGS, ORDERS, (0, 4), (0, LAG_S / 2), (0, LAG_S / 2))
        for listing, order, hidden, lag, count_lag in ways:
            await x.settings(
                listing=listing,
                list_order=order,
                hidden=hidden,
                list_lag_s=lag,
                count_lag_s=count_lag,
            )
            wanted = expected(people, late, listing=listing, order=order, hidden=hidden, lag=lag)
            for size in (100, 50, 37):
                await x.control("DELETE", "/limits")
                assert await listed(x, post, size) == wanted
            assert await counted(x, post) == len(people) - (late if count_lag else 0)

    async def test_a_liker_is_paid_when_shown(self, x: XClient) -> None:
        await x.settings(hidden=1, list_lag_s=LAG_S, listing="newest_100")
        post = await x.make_post()
        await x.like(post, SUPPORT, TWITTER, DEV)

        async def users_read() -> int:
            await listed(x, post)
            report = await x.control("GET", "/charges")
            return int(report["by_resource"]["user_read"]["count"])

        assert await users_read() == 0
        await wait(x, LAG_S)
        assert [await users_read() for _ in range(2)] == [2, 2]

"""How far X lists who likes a post, and in which order."""

import pytest

from tests.sandbox.x.client import SUPPORT, TWITTER, XClient
from tests.sandbox.x.lists import counted, crowd, listed, pages, unlike

LAG_S = 600


class TestHowFar:
    async def test_to_the_end_if_nothing_else_is_set(self, x: XClient) -> None:
        post, people = await x.make_post(), await crowd(x, 205)
        await x.like(post, *people)
        found = await pages(x, post)
        assert [len(page) for page in found] == [100, 100, 5]
        assert [user for page in found for user in page] == people[::-1]

    async def test_the_newest_hundred(self, x: XClient) -> None:
        await x.settings(listing="newest_100")
        post, people = await x.make_post(), await crowd(x, 103)
        await x.like(post, *people)
        assert await pages(x, post) == [people[:2:-1]]
        assert [len(page) for page in await pages(x, post, 60)] == [60, 40]
        # One of them takes the like back: the next older one is among the newest again.
        await unlike(x, post, people[50])
        assert await listed(x, post) == [*people[:50:-1], *people[49:1:-1]]

    async def test_the_newest_hundred_of_those_that_may_be_seen(self, x: XClient) -> None:
        await x.settings(listing="newest_100")
        post, people = await x.make_post(), await crowd(x, 101)
        await x.like(post, *people, await x.make_user("shy", protected=True))
        assert await listed(x, post) == people[:0:-1]

    async def test_the_first_hundred(self, x: XClient) -> None:
        await x.settings(listing="first_100")
        post, people = await x.make_post(), await crowd(x, 103)
        await x.like(post, *people)
        assert await pages(x, post) == [people[99::-1]]
        # Whoever leaves makes no room for another, and may come back.
        await unlike(x, post, people[0], people[1])
        assert await listed(x, post) == people[99:1:-1]
        await x.like(post, people[0])
        assert await listed(x, post) == [people[0], *people[99:1:-1]]
        assert await counted(x, post) == 102

    async def test_protected_people_are_among_the_first_hundred(self, x: XClient) -> None:
        await x.settings(listing="first_100")
        post, people = await x.make_post(), await crowd(x, 100)
        await x.like(post, await x.make_user("shy", protected=True), *people)
        assert await listed(x, post) == people[98::-1]

    async def test_it_may_change_at_any_time(self, x: XClient) -> None:
        post, people = await x.make_post(), await crowd(x, 101)
        await x.like(post, *people)
        for listing, expected in (
            ("first_100", people[99::-1]),
            ("newest_100", people[:0:-1]),
            ("all", people[::-1]),
        ):
            await x.settings(listing=listing)
            assert await listed(x, post) == expected

    async def test_the_world_marks_who_is_not_listed(self, x: XClient) -> None:
        post, people = await x.make_post(), await crowd(x, 101)
        await x.like(post, *people)
        for listing, unlisted in (
            ("all", []),
            ("newest_100", people[:1]),
            ("first_100", people[100:]),
        ):
            await x.settings(listing=listing, list_lag_s=LAG_S)
            world = await x.control("GET", "/world")
            shown = next(each for each in world["posts"] if each["id"] == post)
            marked = [liker["user_id"] for liker in shown["likers"] if not liker["visible"]]
            assert marked == unlisted

    @pytest.mark.parametrize(
        ("listing", "visible"), [("all", True), ("newest_100", True), ("first_100", False)]
    )
    async def test_a_like_is_told_with_whether_it_is_listed(
        self, x: XClient, listing: str, *, visible: bool
    ) -> None:
        post = await x.make_post()
        await x.like(post, *await crowd(x, 100))
        await x.settings(listing=listing)
        async with x.sandbox.events.listen() as news:
            await x.like(post, TWITTER)
            assert (await anext(news)).data["visible"] is visible


class TestOrder:
    async def test_the_oldest_first(self, x: XClient) -> None:
        await x.settings(list_order="oldest_first")
        post, people = await x.make_post(), await crowd(x, 5)
        await x.like(post, *people)
        assert await pages(x, post, 2) == [people[:2], people[2:4], people[4:]]

    async def test_there_and_back(self, x: XClient) -> None:
        await x.settings(list_order="oldest_first")
        post, people = await x.make_post(), await crowd(x, 5)
        await x.like(post, *people)
        path = f"/2/tweets/{post}/liking_users"
        first = await x.get(path, max_results=2)
        second = await x.get(path, max_results=2, pagination_token=first.body["meta"]["next_token"])
        back = second.body["meta"]["previous_token"]
        assert (await x.get(path, max_results=2, pagination_token=back)).data == first.data

    async def test_who_likes_between_two_pages_is_on_the_last(self, x: XClient) -> None:
        await x.settings(list_order="oldest_first")
        post, people = await x.make_post(), await crowd(x, 3)
        await x.like(post, *people)
        path = f"/2/tweets/{post}/liking_users"
        token = (await x.get(path, max_results=2)).body["meta"]["next_token"]
        await x.like(post, SUPPORT)
        rest = (await x.get(path, max_results=2, pagination_token=token)).data
        assert [user["id"] for user in rest] == [people[2], SUPPORT]

    async def test_a_token_of_the_other_order_is_refused(self, x: XClient) -> None:
        post = await x.make_post()
        await x.like(post, *await crowd(x, 3))
        path = f"/2/tweets/{post}/liking_users"
        token = (await x.get(path, max_results=2)).body["meta"]["next_token"]
        await x.settings(list_order="oldest_first")
        answer = await x.get(path, pagination_token=token)
        assert (answer.status, answer.problem) == (400, "invalid-request")

import pytest

from tests.sandbox.x.client import (
    DEV,
    LIMIT,
    RESEARCH,
    SUPPORT,
    TWITTER,
    VALENTINE,
    Answer,
    XClient,
)


def ids(answer: Answer) -> list[str]:
    return [item["id"] for item in answer.body.get("data", [])]


async def likers(x: XClient, post_id: str, **query: object) -> Answer:
    return await x.get(f"/2/tweets/{post_id}/liking_users", **query)


async def count(x: XClient, post_id: str) -> int:
    answer = await x.get(f"/2/tweets/{post_id}", tweet__fields="public_metrics")
    return int(answer.data["public_metrics"]["like_count"])


class TestLikers:
    async def test_the_author_sees_them_newest_first(self, x: XClient) -> None:
        post = await x.make_post()
        await x.like(post, SUPPORT)
        await x.like(post, TWITTER)
        answer = await likers(x, post)
        assert ids(answer) == [TWITTER, SUPPORT]
        assert answer.body["meta"] == {"result_count": 2}
        assert answer.data[0] == {"id": TWITTER, "name": "Twitter", "username": "Twitter"}

    async def test_others_see_none_while_likes_are_private(self, x: XClient) -> None:
        assert await count(x, LIMIT) > 30
        assert (await likers(x, LIMIT)).body == {"meta": {"result_count": 0}}
        await x.settings(likers="public")
        assert DEV in ids(await likers(x, LIMIT))

    async def test_nobody_likes_it_yet(self, x: XClient) -> None:
        answer = await likers(x, await x.make_post())
        assert answer.body == {"meta": {"result_count": 0}}

    async def test_the_first_hundred_are_all_that_is_ever_listed(self, x: XClient) -> None:
        await x.settings(listing="first_100")
        post = await x.make_post()
        people = [await x.make_user(f"person{number}") for number in range(101)]
        await x.like(post, *people)
        assert ids(await likers(x, post)) == people[99::-1]
        await x.control("DELETE", f"/posts/{post}/likes", {"user_ids": people[:50]})
        assert ids(await likers(x, post)) == people[99:49:-1]
        await x.like(post, people[0])
        assert ids(await likers(x, post))[0] == people[0]
        assert await count(x, post) == 52

    @pytest.mark.parametrize("flag", ["protected", "suspended", "deactivated"])
    async def test_hidden_people_are_counted_not_listed(self, x: XClient, flag: str) -> None:
        post = await x.make_post()
        hidden = await x.make_user("hidden", **{flag: True})
        await x.like(post, SUPPORT, hidden)
        assert ids(await likers(x, post)) == [SUPPORT]
        assert await count(x, post) == 2

    async def test_pages_lead_there_and_back(self, x: XClient) -> None:
        post = await x.make_post()
        people = [await x.make_user(f"person{number}") for number in range(5)]
        await x.like(post, *people)
        first = await likers(x, post, max_results=2)
        assert ids(first) == [people[4], people[3]]
        assert "previous_token" not in first.body["meta"]
        second = await likers(
            x, post, max_results=2, pagination_token=first.body["meta"]["next_token"]
        )
        assert ids(second) == [people[2], people[1]]
        last = await likers(
            x, post, max_results=2, pagination_token=second.body["meta"]["next_token"]
        )
        assert ids(last) == [people[0]]
        assert "next_token" not in last.body["meta"]
        back = await likers(
            x, post, max_results=2, pagination_token=last.body["meta"]["previous_token"]
        )
        assert ids(back) == ids(second)

    async def test_a_like_between_two_pages_moves_nothing(self, x: XClient) -> None:
        post = await x.make_post()
        people = [await x.make_user(f"person{number}") for number in range(4)]
        await x.like(post, *people)
        first = await likers(x, post, max_results=2)
        await x.like(post, SUPPORT)
        token = first.body["meta"]["next_token"]
        assert ids(await likers(x, post, max_results=2, pagination_token=token)) == people[1::-1]

    async def test_a_token_of_another_post_is_refused(self, x: XClient) -> None:
        token = (await likers(x, RESEARCH, max_results=1)).body["meta"]["next_token"]
        assert (await likers(x, VALENTINE, pagination_token=token)).status == 400
        assert (await likers(x, VALENTINE, pagination_token="zz9!")).status == 400

    async def test_a_missing_post_is_a_partial_error(self, x: XClient) -> None:
        answer = await likers(x, "20")
        assert answer.status == 200
        assert answer.body["errors"][0]["resource_id"] == "20"
        assert "data" not in answer.body

    @pytest.mark.parametrize("size", ["0", "101", "many"])
    async def test_sizes_out_of_range_are_refused(self, x: XClient, size: str) -> None:
        answer = await likers(x, RESEARCH, max_results=size)
        assert (answer.status, answer.problem) == (400, "invalid-request")
        assert answer.body["errors"][0]["parameters"] == {"max_results": [size]}

    async def test_the_fields_of_a_user(self, x: XClient) -> None:
        fields = (
            "created_at,description,location,profile_image_url,protected,public_metrics,verified"
        )
        answer = await likers(x, RESEARCH, user__fields=fields, expansions="pinned_tweet_id")
        assert answer.data[0]["public_metrics"]["like_count"] >= 1
        assert answer.data[0]["profile_image_url"].startswith(f"{x.base}/sandbox/media/")


class TestLiking:
    async def test_it_is_refused_on_self_serve_tiers(self, x: XClient) -> None:
        answer = await x.call("POST", f"/2/users/{DEV}/likes", body={"tweet_id": LIMIT})
        assert (answer.status, answer.problem) == (403, "client-forbidden")
        answer = await x.call("DELETE", f"/2/users/{DEV}/likes/{LIMIT}")
        assert (answer.status, answer.problem) == (403, "client-forbidden")

    async def test_like_and_unlike(self, x: XClient) -> None:
        await x.settings(liking="allowed")
        post = await x.make_post(author_id=SUPPORT)
        for _ in range(2):
            answer = await x.call("POST", f"/2/users/{DEV}/likes", body={"tweet_id": post})
            assert answer.body == {"data": {"liked": True}}
            assert await count(x, post) == 1
        for _ in range(2):
            answer = await x.call("DELETE", f"/2/users/{DEV}/likes/{post}")
            assert answer.body == {"data": {"liked": False}}
            assert await count(x, post) == 0

    async def test_only_for_oneself(self, x: XClient) -> None:
        await x.settings(liking="allowed")
        answer = await x.call("POST", f"/2/users/{TWITTER}/likes", body={"tweet_id": LIMIT})
        assert answer.status == 403
        assert (await x.call("DELETE", f"/2/users/{TWITTER}/likes/{LIMIT}")).status == 403

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"tweet_id": 20},
            {"tweet_id": "12345678901234567890"},
            {"tweet_id": "20", "more": 1},
            ["20"],
        ],
    )
    async def test_a_bad_body_is_an_invalid_request(self, x: XClient, body: object) -> None:
        await x.settings(liking="allowed")
        answer = await x.call("POST", f"/2/users/{DEV}/likes", body=body)
        assert (answer.status, answer.problem) == (400, "invalid-request")

    async def test_a_missing_post_cannot_be_liked(self, x: XClient) -> None:
        await x.settings(liking="allowed")
        answer = await x.call("POST", f"/2/users/{DEV}/likes", body={"tweet_id": "20"})
        assert answer.body["errors"][0]["parameter"] == "tweet_id"
        assert "data" not in answer.body

    async def test_it_needs_the_scope(self, x: XClient) -> None:
        await x.settings(liking="allowed")
        scopes = ["tweet.read", "users.read", "like.read"]
        token = await x.user_token(DEV, "oauth2", scopes=scopes)
        body = {"tweet_id": LIMIT}
        assert (await x.call("POST", f"/2/users/{DEV}/likes", token, body=body)).status == 403
        token = await x.user_token(DEV, "oauth2", scopes=[*scopes, "like.write"])
        assert (await x.call("POST", f"/2/users/{DEV}/likes", token, body=body)).data["liked"]


class TestLikedPosts:
    async def test_ones_own_newest_first(self, x: XClient) -> None:
        posts = [await x.make_post(f"number {number}", SUPPORT) for number in range(7)]
        for post in posts:
            await x.like(post, DEV)
        first = await x.get(f"/2/users/{DEV}/liked_tweets", max_results=5)
        assert ids(first) == posts[6:1:-1]
        token = first.body["meta"]["next_token"]
        second = await x.get(f"/2/users/{DEV}/liked_tweets", max_results=5, pagination_token=token)
        assert ids(second) == [posts[1], posts[0], LIMIT]

    async def test_others_are_hidden_unless_likes_are_public(self, x: XClient) -> None:
        assert (await x.get(f"/2/users/{TWITTER}/liked_tweets")).status == 403
        await x.settings(likers="public")
        answer = await x.get(f"/2/users/{TWITTER}/liked_tweets", expansions="author_id")
        assert set(ids(answer)) == {RESEARCH, VALENTINE}
        assert answer.body["includes"]["users"][0]["id"] == DEV

    async def test_a_page_has_a_hundred_posts_unless_asked_otherwise(self, x: XClient) -> None:
        for _ in range(100):
            await x.like(await x.make_post(), DEV)
        answer = await x.get(f"/2/users/{DEV}/liked_tweets")
        assert len(ids(answer)) == answer.body["meta"]["result_count"] == 100
        assert LIMIT not in ids(answer)
        assert "next_token" in answer.body["meta"]

    async def test_a_page_has_five_posts_at_least(self, x: XClient) -> None:
        assert (await x.get(f"/2/users/{DEV}/liked_tweets", max_results=4)).status == 400

    async def test_an_unknown_user(self, x: XClient) -> None:
        await x.settings(likers="public")
        answer = await x.get("/2/users/1/liked_tweets")
        assert answer.body["errors"][0]["resource_type"] == "user"

    async def test_deleted_and_protected_posts_are_gone(self, x: XClient) -> None:
        shy = await x.make_user("shy")
        hidden, deleted = await x.make_post(author_id=shy), await x.make_post()
        await x.like(hidden, DEV)
        await x.like(deleted, DEV)
        await x.control("PATCH", f"/users/{shy}", {"protected": True})
        await x.control("DELETE", f"/posts/{deleted}")
        assert ids(await x.get(f"/2/users/{DEV}/liked_tweets")) == [LIMIT]

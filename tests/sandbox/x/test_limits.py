import pytest

from tests.sandbox.x.client import DEV, LIMIT, RESEARCH, TWITTER, XClient

LIKERS = f"/2/tweets/{RESEARCH}/liking_users"
QUARTER_HOUR = 900


@pytest.mark.parametrize(
    ("path", "query", "auth", "limit"),
    [
        (LIKERS, {}, "owner", 75),
        (f"/2/users/{DEV}/liked_tweets", {}, "owner", 75),
        ("/2/tweets", {"ids": RESEARCH}, "owner", 5000),
        ("/2/tweets", {"ids": RESEARCH}, "app", 3500),
        (f"/2/tweets/{RESEARCH}", {}, "owner", 900),
        (f"/2/tweets/{RESEARCH}", {}, "app", 450),
        ("/2/users", {"ids": DEV}, "owner", 900),
        ("/2/users", {"ids": DEV}, "app", 300),
        (f"/2/users/{DEV}", {}, "owner", 900),
        (f"/2/users/{DEV}", {}, "app", 300),
        ("/2/users/by", {"usernames": "Twitter"}, "owner", 900),
        ("/2/users/by", {"usernames": "Twitter"}, "app", 300),
        ("/2/users/by/username/Twitter", {}, "owner", 900),
        ("/2/users/by/username/Twitter", {}, "app", 300),
        ("/2/users/me", {}, "owner", 75),
        (f"/2/users/{DEV}/tweets", {}, "app", 10_000),
        (f"/2/users/{DEV}/tweets", {}, "owner", 900),
        ("/2/usage/tweets", {}, "app", 50),
    ],
)
async def test_published_limits(
    x: XClient, path: str, query: dict[str, str], auth: str, limit: int
) -> None:
    now = x.sandbox.clock.time()
    answer = await x.get(path, auth=auth, **query)
    assert int(answer.headers["x-rate-limit-limit"]) == limit
    assert answer.remaining == limit - 1
    assert 0 <= int(answer.headers["x-rate-limit-reset"]) - now - QUARTER_HOUR <= 10


async def test_an_empty_window_refuses_until_it_ends(x: XClient) -> None:
    for left in reversed(range(75)):
        assert (await x.get(LIKERS, max_results=1)).remaining == left
    refused = await x.get(LIKERS)
    assert (refused.status, refused.problem) == (429, "rate-limit-exceeded")
    assert refused.remaining == 0
    reset = int(refused.headers["x-rate-limit-reset"])
    await x.control("POST", "/clock", {"advance_s": reset - x.sandbox.clock.time() - 5})
    assert (await x.get(LIKERS)).status == 429
    await x.control("POST", "/clock", {"advance_s": 5})
    again = await x.get(LIKERS)
    assert (again.status, again.remaining) == (200, 74)


async def test_users_and_app_have_windows_of_their_own(x: XClient) -> None:
    await x.settings(app_only_likes=True)
    other = await x.user_token(TWITTER)
    await x.get(LIKERS)
    assert (await x.get(LIKERS)).remaining == 73
    assert (await x.get(LIKERS, auth=other)).remaining == 74
    assert (await x.get(LIKERS, auth="app")).remaining == 74


async def test_refused_requests_count_too(x: XClient) -> None:
    answer = await x.get(LIKERS, max_results=1000)
    assert (answer.status, answer.remaining) == (400, 74)


async def test_likes_and_unlikes_share_the_day(x: XClient) -> None:
    await x.settings(liking="allowed")
    body = {"tweet_id": LIMIT}
    first = await x.call("POST", f"/2/users/{DEV}/likes", body=body)
    assert (first.headers["x-rate-limit-limit"], first.remaining) == ("50", 49)
    unlike = await x.call("DELETE", f"/2/users/{DEV}/likes/{LIMIT}")
    assert (unlike.headers["x-rate-limit-limit"], unlike.remaining) == ("50", 49)
    for _ in range(10):
        for _ in range(50):
            await x.call("POST", f"/2/users/{DEV}/likes", body=body)
            await x.call("DELETE", f"/2/users/{DEV}/likes/{LIMIT}")
        await x.control("POST", "/clock", {"advance_s": QUARTER_HOUR + 1})
    refused = await x.call("POST", f"/2/users/{DEV}/likes", body=body)
    assert refused.status == 429
    assert refused.headers["x-rate-limit-limit"] == "1000"
    await x.control("POST", "/clock", {"advance_s": 86_400})
    assert (await x.call("POST", f"/2/users/{DEV}/likes", body=body)).status == 200


async def test_windows_can_be_opened_anew(x: XClient) -> None:
    await x.get(LIKERS)
    await x.control("DELETE", "/limits")
    assert (await x.get(LIKERS)).remaining == 74

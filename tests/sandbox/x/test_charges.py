from datetime import timedelta
from typing import Any

import pytest

from tests.sandbox.x.client import DEV, LIMIT, POLL, REPLY, RESEARCH, TWITTER, VALENTINE, XClient


async def bill(x: XClient) -> tuple[str, dict[str, int]]:
    report = await x.control("GET", "/charges")
    counts = {name: each["count"] for name, each in report["by_resource"].items() if each["count"]}
    return report["total_usd"], counts


async def test_nothing_read_costs_nothing(x: XClient) -> None:
    await x.get("/2/tweets", ids="20")
    await x.get(f"/2/tweets/{LIMIT}/liking_users")
    await x.get("/2/tweets", ids="wrong")
    assert await bill(x) == ("0.000", {})


async def test_a_resource_is_paid_once_a_utc_day(x: XClient) -> None:
    for _ in range(3):
        await x.get("/2/tweets", ids=f"{RESEARCH},{LIMIT}")
        await x.get(f"/2/tweets/{RESEARCH}", auth="app")
    assert await bill(x) == ("0.010", {"post_read": 2})
    now = x.sandbox.clock.now()
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    await x.control("POST", "/clock", {"advance_s": (midnight - now).total_seconds()})
    await x.get(f"/2/tweets/{RESEARCH}")
    assert await bill(x) == ("0.015", {"post_read": 3})
    days: dict[str, Any] = (await x.control("GET", "/charges"))["days"]
    assert [day["total_usd"] for day in days.values()] == ["0.010", "0.005"]
    usage = await x.get("/2/usage/tweets", auth="app", usage__fields="daily_project_usage")
    assert [day["usage"] for day in usage.data["daily_project_usage"]["usage"][-2:]] == [2, 1]


async def test_likers_are_user_reads(x: XClient) -> None:
    post = await x.make_post()
    await x.like(post, TWITTER, DEV)
    await x.get(f"/2/tweets/{post}/liking_users", max_results=1)
    assert await bill(x) == ("0.010", {"user_read": 1})
    await x.get(f"/2/tweets/{post}/liking_users")
    assert await bill(x) == ("0.020", {"user_read": 2})


async def test_includes_are_paid_like_anything_else(x: XClient) -> None:
    await x.get(f"/2/tweets/{REPLY}", expansions="author_id,referenced_tweets.id")
    assert await bill(x) == ("0.020", {"post_read": 2, "user_read": 1})


@pytest.mark.parametrize("path", ["tweets", "liked_tweets"])
async def test_the_owners_own_data_is_cheap(x: XClient, path: str) -> None:
    await x.like(VALENTINE, DEV)
    await x.like(POLL, DEV)
    await x.get(f"/2/users/{DEV}/{path}")
    assert await bill(x) == ("0.003", {"owned_read": 3})


async def test_others_data_is_not(x: XClient) -> None:
    token = await x.user_token(TWITTER)
    await x.get(f"/2/users/{TWITTER}/tweets", auth=token)
    await x.get(f"/2/users/{DEV}/tweets", auth="app", until_id=POLL)
    assert await bill(x) == ("0.015", {"post_read": 3})


async def test_likes_and_unlikes_are_paid_each_time(x: XClient) -> None:
    await x.call("POST", f"/2/users/{DEV}/likes", body={"tweet_id": LIMIT})
    assert await bill(x) == ("0.000", {})
    await x.settings(liking="allowed")
    await x.call("POST", f"/2/users/{DEV}/likes", body={"tweet_id": LIMIT})
    await x.call("POST", f"/2/users/{DEV}/likes", body={"tweet_id": LIMIT})
    await x.call("DELETE", f"/2/users/{DEV}/likes/{LIMIT}")
    assert await bill(x) == ("0.040", {"like": 2, "unlike": 1})


async def test_control_calls_are_free_and_the_bill_can_be_torn_up(x: XClient) -> None:
    await x.control("GET", "/world")
    await x.get(f"/2/tweets/{RESEARCH}")
    await x.control("DELETE", "/charges")
    assert await bill(x) == ("0.000", {})

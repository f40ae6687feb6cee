"""X's push: who may subscribe, what the stream says, and each of its traps."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from tests.patience import GUARD_S
from tests.sandbox.x.client import DEV, RESEARCH, SUPPORT, Answer, XClient

LIST, STREAM = "/2/activity/subscriptions", "/2/activity/stream"
NEW = "2.167"


def order(user_id: str = DEV, event_type: str = "like.create", **more: Any) -> dict[str, Any]:
    chosen = {"user_id": user_id, "direction": "inbound"}
    return {"event_type": event_type, "filter": chosen, "tag": f"likecord:{user_id}", **more}


async def subscribe(x: XClient, body: dict[str, Any] | None = None, version: str = NEW) -> Answer:
    token = await x.user_token(DEV, "oauth2")
    return await x.call("POST", LIST, token, body=body or order(), version=version)


class Lines:
    """What a stream says, line by line; keep-alives are empty."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.response = response

    async def next(self) -> bytes:
        async with asyncio.timeout(GUARD_S):
            return await self.response.content.readline()

    async def event(self) -> dict[str, Any]:
        while not (line := (await self.next()).strip()):
            pass
        return dict(json.loads(line)["data"])


@asynccontextmanager
async def streaming(x: XClient, **query: str) -> AsyncIterator[Lines]:
    headers = {"Authorization": f"Bearer {x.keys.bearer_token}"}
    async with x.session.get(x.base + STREAM, headers=headers, params=query) as response:
        yield Lines(response)


async def trap(x: XClient, **traps: Any) -> None:
    await x.settings(push_traps={"keep_alive_s": 0.1, **traps})


async def test_a_user_subscribes_and_the_app_lists_and_deletes(x: XClient) -> None:
    made = await subscribe(x)
    assert made.status == 200
    subscription = made.data["subscription"]
    assert subscription["filter"] == {"user_id": DEV, "direction": "inbound"}
    listed = await x.get(LIST, "app")
    assert [one["subscription_id"] for one in listed.data] == [subscription["subscription_id"]]
    path = f"{LIST}/{subscription['subscription_id']}"
    assert (await x.call("DELETE", path, "app")).data["deleted"] is True
    assert (await x.get(LIST, "app")).data == []


async def test_many_are_deleted_at_once(x: XClient) -> None:
    ids = [
        (await subscribe(x, order(event_type=kind))).data["subscription"]["subscription_id"]
        for kind in ("like.create", "post.delete")
    ]
    gone = await x.call("DELETE", LIST, "app", query={"ids": ",".join(ids)})
    assert gone.data["deleted"] is True
    assert (await x.get(LIST, "app")).data == []


async def test_who_may_not(x: XClient) -> None:
    without = await x.user_token(DEV, "oauth2", scopes=["tweet.read", "users.read"])
    assert (await x.call("POST", LIST, without, body=order(), version=NEW)).status == 403
    assert (await x.call("POST", LIST, "owner", body=order(), version=NEW)).status == 403
    assert (await x.call("POST", LIST, "app", body=order(), version=NEW)).status == 403
    assert (await subscribe(x, order(SUPPORT))).status == 403
    assert (await x.get(LIST)).status == 403
    assert (await x.get(STREAM)).status == 403


async def test_what_is_no_order(x: XClient) -> None:
    # The refusal is in the names of the question, which are the older ones.
    for body in (
        order(event_type="like.delete"),
        {"event_type": "like.create", "filter": {}},
        order(webhook_id="12345"),
    ):
        assert (await subscribe(x, body, "2.165")).status == 400


async def test_a_second_one_is_a_duplicate_whatever_its_direction(x: XClient) -> None:
    await subscribe(x)
    again = order()
    again["filter"]["direction"] = "outbound"
    assert (await subscribe(x, again)).status == 409


@pytest.mark.parametrize("shape", ["subscription", "object", "list", "instance"])
async def test_the_shapes_of_a_created_one(x: XClient, shape: str) -> None:
    await trap(x, create_shape=shape, numbers=True)
    token = await x.user_token(DEV, "oauth2")
    url, headers = x.base + LIST, {"Authorization": f"Bearer {token}"}
    async with x.session.post(url, json=order(), headers=headers) as response:
        body = await response.json()
    data = body["data"][0] if shape == "list" else body["data"]
    one = data.get("subscription", data)
    assert one["subscription_id"] > 2**53
    assert body["meta"] == {"total_subscriptions": 1}


async def test_the_list_pages(x: XClient) -> None:
    await trap(x, page_size=1)
    for kind in ("like.create", "post.delete"):
        await subscribe(x, order(event_type=kind))
    first = await x.get(LIST, "app")
    token = first.body["meta"]["next_token"]
    second = await x.get(LIST, "app", pagination_token=token)
    assert [one["event_type"] for one in (*first.data, *second.data)] == [
        "like.create",
        "post.delete",
    ]
    assert "next_token" not in second.body["meta"]


async def test_an_event_and_its_price(x: XClient) -> None:
    await trap(x)
    await subscribe(x)
    liker = await x.make_user("liker")
    async with streaming(x) as stream:
        assert stream.response.status == 200
        await x.like(RESEARCH, liker)
        event = await stream.event()
    payload = event["payload"]
    assert payload["liked_tweet_id"] == RESEARCH
    assert payload["liked_tweet_author_id"] == DEV
    assert len(payload["id"]) == 32
    assert [user["id"] for user in event["includes"]["users"]] == [liker]
    charged = (await x.control("GET", "/charges"))["by_resource"]["like_event"]
    assert charged == {"count": 1, "usd": "0.001"}


async def test_what_nobody_hears_is_lost_and_costs_nothing(x: XClient) -> None:
    await trap(x)
    await subscribe(x)
    await x.like(RESEARCH, count=1)
    async with streaming(x) as stream:
        assert (await stream.next()).strip() == b""
    assert (await x.control("GET", "/charges"))["total_usd"] == "0.000"


async def one_event(x: XClient, **traps: Any) -> dict[str, Any]:
    """Return the event of a like, with these traps."""
    await subscribe(x)
    await trap(x, **traps)
    liker = await x.make_user("liker")
    async with streaming(x) as stream:
        await x.like(RESEARCH, liker)
        return await stream.event()


async def test_traps_of_an_events_shape(x: XClient) -> None:
    event = await one_event(
        x,
        numbers=True,
        includes="account_too",
        direction=False,
        author_name="tweet_author_id",
        new_names=True,
        negative_uuid=True,
    )
    assert event["event_uuid"].startswith("-")
    assert event["filter"] == {"user_id": DEV}
    assert event["payload"]["tweet_author_id"] == int(DEV)
    assert isinstance(event["payload"]["timestamp_ms"], int)
    users = event["includes"]["users"]
    assert users[0]["id"] == int(DEV)
    assert "post_count" in users[1]["public_metrics"]
    assert "posts" in event["includes"]


async def test_includes_that_are_missing_wrapped_or_late(x: XClient) -> None:
    assert "includes" not in await one_event(x, includes="missing")
    await trap(x, includes="wrapped")
    async with streaming(x) as stream:
        await x.like(RESEARCH, count=1)
        assert set((await stream.event())["includes"]["users"][0]) == {"data"}
        await trap(x, includes="late", late_s=0.05)
        await x.like(RESEARCH, count=1)
        first, second = await stream.event(), await stream.event()
    assert "includes" not in first
    assert first["payload"] == second["payload"]
    assert second["includes"]["users"]


async def test_whom_x_never_lists_it_does_not_name(x: XClient) -> None:
    await trap(x)
    await subscribe(x)
    protected = await x.make_user("protected", protected=True)
    async with streaming(x) as stream:
        await x.like(RESEARCH, protected)
        assert "users" not in (await stream.event())["includes"]


async def test_twice_in_another_order_and_lost(x: XClient) -> None:
    await trap(x, twice=True)
    await subscribe(x)
    async with streaming(x) as stream:
        await x.like(RESEARCH, count=1)
        assert (await stream.event())["event_uuid"] == (await stream.event())["event_uuid"]
        await trap(x, twice=False, other_order=True)
        first, second = await x.make_user("first"), await x.make_user("second")
        await x.like(RESEARCH, first)
        await x.like(RESEARCH, second)
        heard = [(await stream.event())["includes"]["users"][0]["id"] for _ in range(2)]
        assert heard == [second, first]
        await trap(x, other_order=False, lose=1)
        await x.like(RESEARCH, count=1)
        assert (await stream.next()).strip() == b""


async def test_too_many_connections_and_those_that_are_half_open(x: XClient) -> None:
    await trap(x, connections=1, half_open_s=60)
    async with streaming(x):
        async with streaming(x) as second:
            assert second.response.status == 429
            body = await second.response.json()
        assert body["connection_issue"] == "TooManyConnections"
    async with asyncio.timeout(GUARD_S):
        while (await x.control("GET", "/push"))["streams"]:
            pass
    async with streaming(x) as third:
        assert third.response.status == 429


async def test_who_hangs_up_before_the_first_line_is_no_error(
    x: XClient, caplog: pytest.LogCaptureFixture
) -> None:
    await trap(x, keep_alive_s=GUARD_S)
    headers = {"Authorization": f"Bearer {x.keys.bearer_token}"}

    async def ask() -> None:
        async with x.session.get(x.base + STREAM, headers=headers):
            raise AssertionError("there was a line")

    asking = asyncio.create_task(ask())
    async with asyncio.timeout(GUARD_S):
        while not (await x.control("GET", "/push"))["streams"]:
            pass
        asking.cancel()
        await asyncio.wait([asking])
        await x.control("POST", "/push", {"happens": "say", "line": {}})
        while (await x.control("GET", "/push"))["streams"]:
            pass

    assert [record.getMessage() for record in caplog.records] == []


async def test_backfill_is_refused(x: XClient) -> None:
    async with streaming(x, backfill_minutes="5") as stream:
        assert stream.response.status == 400


async def test_silence_stalls_and_cuts(x: XClient) -> None:
    await trap(x, keep_alive_s=0.02)
    await subscribe(x)
    async with streaming(x) as stream:
        await x.settings(push="silent")
        await x.like(RESEARCH, count=1)
        assert (await stream.next()).strip() == b""
        await x.control("POST", "/push", {"happens": "say", "line": {"errors": [{"title": "x"}]}})
        while not (line := (await stream.next()).strip()):
            pass
        assert json.loads(line) == {"errors": [{"title": "x"}]}
        await x.control("POST", "/push", {"happens": "stall"})
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):  # five times that in which one would come
                await stream.next()
        await x.control("POST", "/push", {"happens": "cut"})
        assert await stream.next() == b""


async def test_off_ends_what_there_is(x: XClient) -> None:
    await trap(x)
    async with streaming(x) as stream:
        await x.settings(push="off")
        while await stream.next():
            pass
    async with streaming(x) as stream:
        assert stream.response.status == 503
    assert (await x.get(LIST, "app")).status == 503


async def test_a_subscription_dropped_without_a_word(x: XClient) -> None:
    await subscribe(x)
    await x.control("POST", "/push", {"happens": "forget"})
    assert (await x.get(LIST, "app")).data == []


async def test_what_a_person_takes_back_is_told_and_their_subscriptions_go(x: XClient) -> None:
    await trap(x)
    token = await x.user_token(DEV, "oauth2")
    for kind in ("like.create", "oauth.revoke"):
        body = order(event_type=kind)
        assert (await x.call("POST", LIST, token, body=body, version=NEW)).status == 200
    async with streaming(x) as stream:
        await x.control("DELETE", f"/tokens/{token}")
        event = await stream.event()
    assert (event["event_type"], event["payload"]["user_id"]) == ("oauth.revoke", DEV)
    assert (await x.get(LIST, "app")).data == []


async def test_a_deleted_post_is_told(x: XClient) -> None:
    await trap(x)
    await subscribe(x, order(event_type="post.delete"))
    post = await x.make_post()
    async with streaming(x) as stream:
        await x.control("DELETE", f"/posts/{post}")
        event = await stream.event()
    assert event["payload"] == {"id": post, "author_id": DEV}

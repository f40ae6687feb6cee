import asyncio
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from sandbox.x.control.calls import _guarded
from tests.cases import in_turn
from tests.sandbox.x.client import DEV, RESEARCH, SUPPORT, TWITTER, XClient


async def refused(x: XClient, method: str, path: str, body: Any = None) -> tuple[int, str]:
    async with x.session.request(method, f"{x.base}/sandbox{path}", json=body) as response:
        return response.status, (await response.json())["error"]


async def test_a_user_and_a_post_are_made(x: XClient) -> None:
    user = await x.make_user("New_One", name="**New** @everyone", verified=True)
    post = await x.make_post("Hi & bye", user, created_at="2024-02-29T12:00:00Z")
    answer = await x.get(f"/2/tweets/{post}", tweet__fields="created_at", expansions="author_id")
    assert answer.data["created_at"] == "2024-02-29T12:00:00.000Z"
    assert answer.body["includes"]["users"][0]["name"] == "**New** @everyone"


async def test_a_chosen_id_tells_the_time(x: XClient) -> None:
    post = await x.make_post(id="1346889436626259968")
    answer = await x.get(f"/2/tweets/{post}", tweet__fields="created_at")
    assert answer.data["created_at"].startswith("2021-01-06T18:40:40")


async def test_posts_are_edited(x: XClient) -> None:
    await x.control("PATCH", f"/posts/{RESEARCH}", {"text": "Changed", "media": []})
    answer = await x.get(f"/2/tweets/{RESEARCH}", tweet__fields="attachments")
    assert answer.data["text"] == "Changed"
    assert "attachments" not in answer.data


async def test_likes_come_by_name_or_by_number(x: XClient) -> None:
    post = await x.make_post()
    assert await x.like(post, DEV, SUPPORT, DEV) == 2
    assert await x.like(post, count=150) == 152
    gone = await x.control("DELETE", f"/posts/{post}/likes", {"count": 50})
    assert gone == {"like_count": 102}
    gone = await x.control("DELETE", f"/posts/{post}/likes", {"user_ids": [DEV, DEV]})
    assert gone == {"like_count": 101}


async def test_the_world_shows_hidden_things(x: XClient) -> None:
    hidden = await x.make_user("hidden", protected=True)
    post = await x.make_post("A < B")
    await x.like(post, hidden)
    world = await x.control("GET", "/world")
    shown = next(each for each in world["posts"] if each["id"] == post)
    assert shown["like_count"] == 1
    assert shown["rendered_text"] == "A &lt; B"
    assert shown["likers"][0]["username"] == "hidden"
    assert shown["likers"][0]["visible"] is False
    assert isinstance(shown["likers"][0]["at"], float)
    assert {user["username"] for user in world["users"]} >= {"TwitterDev", "hidden"}
    assert world["settings"]["likers"] == "private"


@in_turn(
    "method, path, body, status",
    [
        ("POST", "/users", {"username": "has space"}, 400),
        ("POST", "/users", {"username": "twitterdev"}, 400),
        ("POST", "/users", {"username": "x", "colour": "red"}, 400),
        ("POST", "/users", {"username": "x", "created_at": "0001-01-01T00:00:00+05:00"}, 400),
        ("POST", "/posts", {"author_id": "1", "text": "x"}, 400),
        ("POST", "/posts", {"author_id": DEV, "text": "https://a.b/\ud800x"}, 400),
        ("POST", "/posts", {"author_id": DEV, "text": "x", "created_at": "9999-12-31"}, 400),
        ("POST", "/posts", {"author_id": DEV}, 400),
        ("POST", "/posts", {"author_id": DEV, "text": "x", "poll": {"options": ["one"]}}, 400),
        ("PATCH", f"/posts/{RESEARCH}", {"withheld_in": "DE"}, 400),
        ("PATCH", f"/posts/{RESEARCH}", {"referenced_tweets": [{"type": "quoted"}]}, 400),
        ("PATCH", "/posts/20", {}, 404),
        ("PATCH", "/users/20", {}, 404),
        ("DELETE", "/posts/20", None, 404),
        ("POST", f"/posts/{RESEARCH}/likes", {}, 400),
        ("POST", f"/posts/{RESEARCH}/likes", {"user_ids": ["20"]}, 400),
        ("POST", f"/posts/{RESEARCH}/likes", {"count": -1}, 400),
        ("POST", "/settings", {"liking": "maybe"}, 400),
        ("POST", "/settings", {"listing": "newest"}, 400),
        ("POST", "/settings", {"listing": None}, 400),
        ("POST", "/settings", {"list_order": "newest"}, 400),
        ("POST", "/settings", {"hidden": -1}, 400),
        ("POST", "/settings", {"hidden": 1.5}, 400),
        ("POST", "/settings", {"hidden": True}, 400),
        ("POST", "/settings", {"list_lag_s": -1}, 400),
        ("POST", "/settings", {"list_lag_s": "5"}, 400),
        ("POST", "/settings", {"list_lag_s": True}, 400),
        ("POST", "/settings", {"list_lag_s": 10**400}, 400),
        ("POST", "/settings", {"count_lag_s": float("inf")}, 400),
        ("POST", "/settings", {"count_lag_s": float("nan")}, 400),
        ("POST", "/settings", {"order": "newest_first"}, 400),
        ("POST", "/settings", {"edition": "2.166"}, 400),
        ("POST", "/clock", {"advance_s": -1}, 400),
        ("POST", "/clock", {"advance_s": 1e13}, 400),
        ("POST", "/clock", {"advance_s": float("inf")}, 400),
        ("POST", "/clock", {"advance_s": float("nan")}, 400),
        ("POST", "/clock", {"advance_s": "5"}, 400),
        ("POST", "/faults", {"times": 1}, 400),
        ("POST", "/faults", {"match": "* *", "times": float("inf")}, 400),
        ("POST", "/tokens", {"user_id": DEV, "kind": "magic"}, 400),
        ("POST", "/tokens", {"user_id": DEV, "kind": "oauth2", "scopes": ["all"]}, 400),
        ("POST", "/tokens", {"user_id": DEV, "kind": "oauth2", "scopes": 5}, 400),
        ("POST", "/tokens", {"user_id": DEV, "kind": "oauth2", "scopes": [{}]}, 400),
        ("POST", "/tokens", {"user_id": DEV}, 400),
        ("POST", "/tokens", {"user_id": "20", "kind": "oauth1"}, 400),
        ("DELETE", "/tokens/unknown", None, 404),
        ("POST", "/users", [], 400),
    ],
)
async def test_impossible_orders_get_a_sentence(
    x: XClient, method: str, path: str, body: Any, status: int
) -> None:
    got, sentence = await refused(x, method, path, body)
    assert got == status
    assert sentence


async def test_what_is_refused_leaves_no_trace(x: XClient) -> None:
    before = await x.control("GET", "/world")
    await refused(x, "POST", "/clock", {"advance_s": float("nan")})
    await refused(x, "POST", "/posts", {"author_id": DEV, "text": "https://a.b/\ud800x"})
    after = await x.control("GET", "/world")
    assert after["posts"] == before["posts"]
    assert after["now"] == pytest.approx(before["now"], abs=60)


async def test_the_clock_goes_far_and_everything_still_answers(x: XClient) -> None:
    await x.control("POST", "/clock", {"advance_s": 10 * 365 * 86_400})
    post = await x.make_post("Later", author_id=await x.make_user("later"))
    assert (await x.get(f"/2/tweets/{post}", tweet__fields="edit_controls")).status == 200
    assert (await refused(x, "POST", "/clock", {"advance_s": 60 * 365 * 86_400}))[0] == 400


async def test_requests_are_listed_without_secrets(x: XClient) -> None:
    await x.get("/2/tweets", auth="app", ids=RESEARCH)
    await x.get("/2/users/me")
    await x.get("/2/users/me", auth="wrong")
    token = await x.user_token(TWITTER, "oauth2")
    await x.get("/2/users/me", auth=token)
    entries = await x.control("GET", "/requests")
    seen = [(each["path"], each["status"], each["auth"], each["user_id"]) for each in entries]
    assert seen == [
        ("/2/tweets", 200, "bearer", None),
        ("/2/users/me", 200, "oauth1", DEV),
        ("/2/users/me", 401, "bearer", None),
        ("/2/users/me", 200, "oauth2", TWITTER),
    ]
    assert entries[0]["query"] == {"ids": RESEARCH}
    secrets = (x.keys.bearer_token, x.keys.access_token, x.keys.api_key, str(token))
    assert not any(secret in str(entries) for secret in secrets)
    await x.control("DELETE", "/requests")
    assert await x.control("GET", "/requests") == []


async def test_faults_happen_as_often_as_ordered(x: XClient) -> None:
    fault = {"match": "GET /2/users/:id", "times": 2, "status": 503, "body": "<html>busy</html>"}
    await x.control("POST", "/faults", fault)
    for status in (503, 503, 200):
        headers = {"Authorization": f"Bearer {x.keys.bearer_token}"}
        async with x.session.get(f"{x.base}/2/users/{DEV}", headers=headers) as response:
            assert response.status == status
    assert [entry["status"] for entry in await x.control("GET", "/requests")] == [503, 503, 200]


async def test_a_cut_connection(x: XClient) -> None:
    await x.control("POST", "/faults", {"match": "* *", "times": 9, "drop": True})
    with pytest.raises(aiohttp.ClientError):
        await x.get("/2/users/me")
    await x.control("DELETE", "/faults")
    assert (await x.get("/2/users/me")).status == 200
    assert (await x.control("GET", "/requests"))[0]["status"] == 0


async def test_control_calls_are_for_this_machine(x: XClient) -> None:
    handler = _guarded(lambda _: asyncio.sleep(0, web.Response()))
    stranger = make_mocked_request("GET", "/sandbox/world").clone(remote="192.0.2.1")
    assert (await handler(stranger)).status == 403
    neighbour = make_mocked_request("GET", "/sandbox/world").clone(remote="127.0.0.1")
    assert (await handler(neighbour)).status == 200
    assert x.base.startswith("http://127.")


async def test_the_calls_work_below_another_apps_prefix(x: XClient) -> None:
    app = web.Application()
    below = web.Application()
    below.add_routes(x.sandbox.control_routes())
    app.add_subapp("/x", below)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}/x"
    async with x.session.get(f"{base}/sandbox/world") as response:
        picture = (await response.json())["users"][0]["profile_image_url"]
    assert picture.startswith(base)
    async with x.session.get(picture) as response:
        assert response.content_type == "image/png"
    await runner.cleanup()


async def test_what_happens_is_told(x: XClient) -> None:
    async with x.sandbox.events.listen() as news:
        post = await x.make_post("News")
        await x.like(post, TWITTER)
        await x.control("DELETE", f"/posts/{post}/likes", {"user_ids": [TWITTER]})
        await x.control("DELETE", f"/posts/{post}")
        await x.settings(likers="public")
        heard = [await anext(news) for _ in range(5)]
    assert [event.type for event in heard] == [
        "post.create",
        "like.create",
        "like.delete",
        "post.delete",
        "settings",
    ]
    like = heard[1].data
    assert like["at"] == pytest.approx(x.sandbox.clock.time(), abs=60)
    assert {name: like[name] for name in ("post_id", "user_id", "username", "visible")} == {
        "post_id": post,
        "user_id": TWITTER,
        "username": "Twitter",
        "visible": True,
    }
    assert like["like_count"] == 1

"""Answers that are not quite as documented, requests whose answer is lost, IDs at the edges."""

import asyncio
from typing import Any

import aiohttp
import pytest

from bot.domain import Missing
from bot.domain.errors import (
    InvalidForX,
    NotInPlan,
    PostNotFound,
    PostNotShown,
    RateLimited,
    UsageCapped,
    XError,
    XUnavailable,
    XUnreadable,
)
from bot.x.asking.transport import RetryPolicy
from bot.x.client import XClient
from tests.x.clients import ME, LocalBooks, a_client
from tests.x.small_x import Reply, SmallX
from tests.x.stand import OTHERS_POST, TWITTER_DEV, Stand

POST = 1354143047324299264
DATA = {"id": str(POST), "text": "Hello", "public_metrics": {"like_count": 1}}
NOT_FOUND = {
    "type": "https://api.twitter.com/2/problems/resource-not-found",
    "title": "Not Found Error",
    "resource_id": "7",
    "value": "7",
}


@pytest.mark.parametrize("kind", ["text/html", "text/plain; charset=utf-8", "application/xml", ""])
async def test_the_content_type_does_not_matter_where_the_body_is_json(
    client: XClient, small_x: SmallX, kind: str
) -> None:
    small_x.answers(Reply({"data": [DATA]}, headers={"Content-Type": kind}))

    assert (await client.post(POST)).text == "Hello"
    assert len(small_x.asked) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"errors": None},
        {"errors": []},
        {"title": "unheard of", "novelties": [{"a": 1}]},
        {"meta": {"unheard_of": True}, "includes": {"novelties": [7]}},
    ],
    ids=["errors null", "errors empty", "unknown at the top", "unknown inside"],
)
async def test_what_stands_beside_the_data_does_not_hide_it(
    client: XClient, small_x: SmallX, more: dict[str, Any]
) -> None:
    small_x.answers(Reply({"data": [{**DATA, "colour": "red"}], **more}))

    assert (await client.post(POST)).text == "Hello"


async def test_absent_fields_have_their_defaults(client: XClient, small_x: SmallX) -> None:
    small_x.answers(Reply({"data": [{"id": str(POST)}]}))

    post = await client.whole_post(POST)

    assert (post.text, post.author, post.media, post.poll, post.references) == (
        "", None, (), None, (),
    )  # fmt: skip
    assert post.counts.likes == 0


async def test_of_several_posts_some_are_shown_and_the_others_explained(
    client: XClient, small_x: SmallX, books: LocalBooks
) -> None:
    small_x.answers(Reply({"data": [DATA], "errors": [NOT_FOUND]}))

    found = await client.counts([POST, 7])

    assert set(found.posts) == {POST}
    assert dict(found.missing) == {7: Missing.DELETED}
    assert [item.ids for _, item in books.booked] == [{POST}]


async def test_errors_alone_are_an_error(client: XClient, small_x: SmallX) -> None:
    small_x.answers(Reply({"errors": [NOT_FOUND]}))

    with pytest.raises(PostNotFound):
        await client.post(7)


def _errors(kind: str, **more: str) -> dict[str, Any]:
    address = f"https://api.x.com/2/problems/{kind}"
    return {"errors": [{"type": address, "title": "No", "detail": "No", **more}]}


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("internal-error", XUnavailable),
        ("usage-capped", UsageCapped),
        ("rate-limit-exceeded", RateLimited),
        ("client-forbidden", NotInPlan),
        ("invalid-request", InvalidForX),
    ],
)
async def test_a_refusal_in_a_200_is_one(
    client: XClient, small_x: SmallX, books: LocalBooks, kind: str, error: type[XError]
) -> None:
    """Else an empty page of likers would be taken for likes that are private."""
    small_x.answers(Reply(_errors(kind)))

    with pytest.raises(error):
        await client.likes.liking_users(POST)
    assert books.booked == []


@pytest.mark.parametrize(
    ("entry", "error"),
    [
        ({"code": 88, "message": "Rate limit exceeded"}, RateLimited),
        ({"code": 131, "message": "Internal error"}, XUnavailable),
        (
            {"title": "Something of tomorrow", "type": "https://api.x.com/2/problems/new"},
            XUnavailable,
        ),
        ({}, XUnavailable),
        ("trouble", XUnavailable),
    ],
)
async def test_errors_about_nothing_in_particular_are_no_empty_list(
    client: XClient, small_x: SmallX, entry: object, error: type[XError]
) -> None:
    small_x.answers(Reply({"errors": [entry], "meta": {"result_count": 0}}))

    with pytest.raises(error):
        await client.likes.liking_users(POST)


async def test_likers_who_are_not_shown_are_an_empty_list(client: XClient, small_x: SmallX) -> None:
    small_x.answers(Reply(_errors("resource-not-found", resource_id="7", resource_type="user")))

    assert (await client.likes.liking_users(POST)).users == ()


async def test_trouble_inside_x_passes(client: XClient, small_x: SmallX) -> None:
    small_x.answers(Reply(_errors("internal-error")), Reply({"data": [DATA]}))

    assert (await client.post(POST)).text == "Hello"


@pytest.mark.parametrize(
    "kind", ["internal-error", "field-hydration-failure", "field-unauthorized", "of-tomorrow"]
)
async def test_what_is_wrong_with_a_part_or_inside_x_deletes_no_post(
    client: XClient, small_x: SmallX, kind: str
) -> None:
    """A watch of it would be noted as deleted."""
    small_x.answers(Reply({"data": [DATA], **_errors(kind, resource_id="7")}))

    found = await client.counts([POST, 7])

    assert (set(found.posts), dict(found.missing)) == ({POST}, {})


async def test_a_post_of_which_x_says_what_nobody_knows_is_not_called_deleted(
    client: XClient, small_x: SmallX
) -> None:
    small_x.answers(Reply(_errors("of-tomorrow", resource_id="7")))

    with pytest.raises(XUnreadable):
        await client.post(7)


async def test_a_post_that_x_disallows_is_not_shown(client: XClient, small_x: SmallX) -> None:
    small_x.answers(Reply(_errors("disallowed-resource", resource_id="7")))

    with pytest.raises(PostNotShown):
        await client.post(7)


@pytest.mark.parametrize("post_id", [1, 9, 20, 10**18, 9_007_199_254_740_993, 2**63 - 1])
async def test_ids_reach_x_digit_by_digit(client: XClient, small_x: SmallX, post_id: int) -> None:
    """Above 2^53 a number would be rounded on its way: IDs are text everywhere."""
    small_x.answers(
        Reply({"data": [{"id": str(post_id), "text": "a"}]}),
        Reply({"data": []}),
        Reply({"data": {"liked": True}}),
        Reply({"data": {"liked": False}}),
    )

    assert (await client.post(post_id)).id == post_id
    assert small_x.last.query["ids"] == str(post_id)
    await client.likes.liking_users(post_id)
    assert small_x.last.path == f"/2/tweets/{post_id}/liking_users"
    await client.likes.like(post_id)
    assert small_x.last.body == {"tweet_id": str(post_id)}
    await client.likes.unlike(post_id)
    assert small_x.last.path == f"/2/users/{ME}/likes/{post_id}"
    assert small_x.last.body is None


@pytest.mark.parametrize("action", ["like", "unlike"])
async def test_a_like_whose_answer_is_lost_is_asked_for_again(x: Stand, action: str) -> None:
    """X answers a second like, and a second unlike, as it answered the first."""
    await x.settings(liking="allowed")
    act = getattr(x.client.likes, action)
    match = "POST /2/users/:id/likes" if action == "like" else "DELETE /2/users/:id/likes/:id"
    if action == "unlike":
        await x.client.likes.like(OTHERS_POST)
    await x.fault(match, after=True, drop=True)

    assert await act(OTHERS_POST) is (action == "like")

    likes = x.sandbox.world.posts[OTHERS_POST].likes
    assert (TWITTER_DEV in likes) is (action == "like")
    sent = [one["status"] for one in await x.requests() if "likes" in one["path"]]
    assert sent[-2:] == [0, 200]


async def test_pauses_between_tries_are_drawn_by_lot(
    http: aiohttp.ClientSession, small_x: SmallX, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that all who met the same outage do not come back at the same moment."""
    pauses: list[float] = []
    sleep = asyncio.sleep

    async def at_once(seconds: float) -> None:
        pauses.append(seconds)
        await sleep(0)

    monkeypatch.setattr(asyncio, "sleep", at_once)
    client = a_client(http, small_x.url, policy=RetryPolicy(tries=4, pause_s=0.5))
    small_x.answers(Reply(status=503))
    for _ in range(8):
        with pytest.raises(XUnavailable):
            await client.counts([POST])

    drawn = [pause for pause in pauses if pause]
    assert len(pauses) == 8 * 3
    assert len(set(drawn)) > len(drawn) / 2
    assert all(0 <= pause <= 0.5 for pause in pauses)

"""X refuses a name: it is asked again in the names that are left, and in these from then on."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

import aiohttp
import pytest

from bot.domain.errors import InvalidForX, RateLimited, RefusedName
from bot.x import fields
from bot.x.asking.learnt_names import LearntNames
from bot.x.asking.named_parameters import refused_names
from bot.x.asking.request import RequestSender
from bot.x.client import XClient
from bot.x.credentials import Credentials
from bot.x.limits import Endpoint
from tests.cases import in_turn
from tests.x.clients import HASTE, ME, TOKEN, LocalBooks
from tests.x.small_x import Reply, SmallX

POST = 1354143047324299264
INVALID = "https://api.twitter.com/2/problems/invalid-request"
LIKERS = Reply({"data": [{"id": "7", "username": "u", "name": "U"}]})
COUNTED = Reply({"data": [{"id": str(POST), "public_metrics": {"like_count": 3}}]})

Body = Mapping[str, Any]


def invalid(*errors: Body, **more: Any) -> Reply:
    return Reply({"type": INVALID, "title": "Invalid Request", "errors": [*errors], **more}, 400)


def _value(parameter: str, value: str) -> str:
    return f"The `{parameter}` query parameter value [{value}] is not one of [id,name,username]"


AFFILIATION = {
    "the value and in words": invalid(
        {
            "parameters": {"user.fields": ["affiliation"]},
            "message": _value("user.fields", "affiliation"),
        }
    ),
    "the whole list, and in words which": invalid(
        {
            "parameters": {"user.fields": [",".join(fields.USER_FIELDS)]},
            "message": _value("user.fields", "affiliation"),
        }
    ),
    "in words alone": invalid({"message": _value("user.fields", "affiliation")}),
    "the value alone": invalid({"parameters": {"user.fields": ["affiliation"]}}),
    "as the newer file has it": Reply(
        {
            "type": "https://api.x.com/2/problems/invalid-request",
            "title": "Invalid Request",
            "detail": "One or more parameters to your request was invalid.",
            "parameter": "user.fields",
            "value": "affiliation",
        },
        400,
    ),
    "in the detail": Reply({"type": INVALID, "detail": _value("user.fields", "affiliation")}, 400),
    "in a 200": Reply(
        {
            "errors": [
                {"type": INVALID, "title": "No", "message": _value("user.fields", "affiliation")}
            ]
        }
    ),
}


def _asked_for(small_x: SmallX, parameter: str) -> list[set[str]]:
    return [set(asked.query.get(parameter, "").split(",")) for asked in small_x.asked]


@pytest.mark.parametrize("refusal", AFFILIATION.values(), ids=AFFILIATION)
async def test_what_x_names_is_left_out_and_nothing_else(
    client: XClient, small_x: SmallX, refusal: Reply
) -> None:
    small_x.answers(refusal, LIKERS)

    page = await client.likes.liking_users(POST)

    assert [user.id for user in page.users] == [7]
    first, second = _asked_for(small_x, "user.fields")
    assert first - second == {"affiliation"}
    assert second < first


async def test_it_is_not_asked_for_again(client: XClient, small_x: SmallX) -> None:
    small_x.answers(AFFILIATION["the value alone"], LIKERS)
    await client.likes.liking_users(POST)

    await client.likes.liking_users(POST)

    assert len(small_x.asked) == 3
    assert "affiliation" not in _asked_for(small_x, "user.fields")[-1]


async def test_it_is_known_of_this_endpoint_alone(client: XClient, small_x: SmallX) -> None:
    small_x.answers(AFFILIATION["the value alone"], LIKERS)
    await client.likes.liking_users(POST)
    small_x.answers(Reply({"data": {"id": "7", "username": "u", "name": "U"}}))

    await client.user_by_username("u")

    assert "affiliation" in _asked_for(small_x, "user.fields")[-1]


@pytest.mark.parametrize(
    "refusal",
    [
        invalid(
            {
                "parameters": {"tweet.fields": ["public_metrics"]},
                "message": "The query parameter [tweet.fields] is not one of [expansions,ids]",
            }
        ),
        invalid({"parameters": {"tweet.fields": ["public_metrics"]}}),
        invalid({"parameters": {"tweet.fields": []}}),
        Reply({"type": INVALID, "parameter": "tweet.fields"}, 400),
    ],
)
async def test_a_parameter_that_x_has_renamed(
    client: XClient, small_x: SmallX, books: LocalBooks, refusal: Reply
) -> None:
    small_x.answers(refusal, COUNTED)

    found = await client.counts([POST])

    assert found.posts[POST].counts.likes == 3
    assert small_x.last.query == {"ids": str(POST), "post.fields": "public_metrics"}
    # It is a second request, in the books as at X.
    assert books.held == [5_000, 5_000]
    assert books.limits.allowance(f"user:{ME}", Endpoint.POSTS).remaining == 3_498


async def test_names_are_refused_one_by_one(client: XClient, small_x: SmallX) -> None:
    gone = ["affiliation", "parody", "most_recent_tweet_id"]
    small_x.answers(
        *(invalid({"parameters": {"user.fields": [name]}}) for name in gone),
        LIKERS,
    )

    assert (await client.likes.liking_users(POST)).users
    assert _asked_for(small_x, "user.fields")[-1] == set(fields.USER_FIELDS) - set(gone)


async def test_an_expansion_has_a_newer_name(client: XClient, small_x: SmallX) -> None:
    user = {"id": "7", "username": "u", "name": "U"}
    small_x.answers(
        invalid({"parameters": {"expansions": ["pinned_tweet_id"]}}), Reply({"data": user})
    )

    await client.profile("u")

    assert small_x.last.query["expansions"] == "pinned_post_id"


async def test_counts_are_never_left_out(client: XClient, small_x: SmallX) -> None:
    """A post without them would be taken for one that nobody likes."""
    small_x.answers(
        invalid({"parameters": {"tweet.fields": []}}), invalid({"parameters": {"post.fields": []}})
    )

    with pytest.raises(InvalidForX):
        await client.counts([POST])

    assert len(small_x.asked) == 2


@pytest.mark.parametrize(
    "refusal",
    [
        invalid({"parameters": {"ids": ["x"]}, "message": _value("ids", "x")}),
        invalid({"parameters": {"pagination_token": ["x"]}}),
        Reply({"type": INVALID, "parameter": "id", "value": "x"}, 400),
        Reply({"errors": [{"code": 25, "message": "Query parameters are missing."}]}, 400),
        Reply({"title": "Bad Request"}, 400),
        Reply("<html>", 400),
    ],
)
async def test_what_other_words_do_not_mend_is_asked_once(
    client: XClient, small_x: SmallX, refusal: Reply
) -> None:
    small_x.answers(refusal)

    with pytest.raises(InvalidForX):
        await client.likes.liking_users(POST)
    assert len(small_x.asked) == 1


async def test_a_like_has_no_other_words(client: XClient, small_x: SmallX) -> None:
    small_x.answers(invalid())

    with pytest.raises(InvalidForX):
        await client.likes.like(POST)
    assert len(small_x.asked) == 1


UNNAMED = invalid(detail="One or more parameters to your request was invalid.")


def _queries(small_x: SmallX) -> list[dict[str, str]]:
    chosen = [
        {name: value for name, value in asked.query.items() if "fields" in name or "exp" in name}
        for asked in small_x.asked
    ]
    small_x.asked.clear()
    return chosen


async def test_where_x_names_nothing_the_newer_names_are_tried(
    client: XClient, small_x: SmallX
) -> None:
    small_x.answers(UNNAMED, COUNTED)

    assert (await client.counts([POST])).posts
    assert _queries(small_x) == [
        {"tweet.fields": "public_metrics"},
        {"post.fields": "public_metrics"},
    ]


async def test_then_the_least_that_is_needed(client: XClient, small_x: SmallX) -> None:
    answer = Reply({"data": [{"id": str(POST), "text": "a", "author_id": "7"}]})
    small_x.answers(UNNAMED, UNNAMED, answer)

    assert (await client.post(POST)).author_id == 7
    whole, newer, least = _queries(small_x)
    assert set(whole) == {"expansions", "media.fields", "tweet.fields", "user.fields"}
    assert set(newer) == {"expansions", "media.fields", "post.fields", "user.fields"}
    assert least["expansions"] == "author_id"
    assert set(least["tweet.fields"].split(",")) >= {"author_id", "public_metrics"}
    assert least.keys() == {"expansions", "tweet.fields"}

    await client.post(POST)
    assert _queries(small_x) == [least]


async def test_and_then_it_is_given_up(client: XClient, small_x: SmallX) -> None:
    small_x.answers(UNNAMED)
    for _ in range(2):
        with pytest.raises(InvalidForX):
            await client.post(POST)
        words = _queries(small_x)
        assert len(words) == 4
        assert all(words.count(each) == 1 for each in words)


async def test_what_helped_is_tried_anew_after_an_hour(
    http: aiohttp.ClientSession, small_x: SmallX
) -> None:
    """X may have meant something else, and more was asked for then."""
    clock = [0.0]
    sender = RequestSender(http, small_x.url, LocalBooks(), HASTE)
    sender.names = LearntNames(lambda: clock[0])
    client = XClient(sender, Credentials(user=TOKEN))
    small_x.answers(UNNAMED, UNNAMED, LIKERS)
    await client.likes.liking_users(POST)
    whole, *_, least = _queries(small_x)

    clock[0] = 3_599
    await client.likes.liking_users(POST)
    clock[0] = 3_601
    await client.likes.liking_users(POST)

    assert _queries(small_x) == [least, whole]


def test_who_is_refused_what_another_has_just_learnt_asks_again_too() -> None:
    learnt = LearntNames()
    asked = {"ids": "1", "tweet.fields": "public_metrics,lang"}
    refusal = InvalidForX((RefusedName("tweet.fields", "lang"),), of_parameters=True)
    two = [learnt.wording(Endpoint.POSTS) for _ in range(2)]

    assert [wording.words(asked) for wording in two] == [asked] * 2
    assert [wording.has_others(refusal) for wording in two] == [True, True]
    assert [wording.words(asked) for wording in two] == [
        {"ids": "1", "tweet.fields": "public_metrics"}
    ] * 2


async def test_the_allowance_ends_the_search(client: XClient, small_x: SmallX) -> None:
    headers = {
        "x-rate-limit-limit": "75",
        "x-rate-limit-remaining": "0",
        "x-rate-limit-reset": "1785586500",  # 2026-08-01 12:15 UTC
    }
    refused = AFFILIATION["the value alone"]
    small_x.answers(Reply(refused.body, 400, headers))

    with pytest.raises(RateLimited):
        await client.likes.liking_users(POST)
    assert len(small_x.asked) == 1


async def test_it_is_logged_once(
    client: XClient, small_x: SmallX, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.x.asking.learnt_names")
    small_x.answers(AFFILIATION["the value alone"], LIKERS)
    for _ in range(3):
        await client.likes.liking_users(POST)

    (record,) = caplog.records
    assert "user.fields=affiliation at GET /2/tweets/:id/liking_users" in record.getMessage()


@in_turn(
    "problem, names",
    [
        ({}, []),
        ({"errors": None}, []),
        ({"errors": ["no", {"parameters": None}, {"parameters": ["x"]}]}, []),
        ({"errors": [{"message": 7, "parameters": {"user.fields": "a"}}]}, [("user.fields", None)]),
        ({"parameter": 7, "value": {}}, []),
        (
            {"errors": [{"parameters": {"user.fields": ["a,b", "c"], "expansions": ["d"]}}]},
            [("user.fields", "a"), ("user.fields", "b"), ("user.fields", "c"), ("expansions", "d")],
        ),
    ],
)
def test_any_shape_is_read(problem: Body, names: Iterable[tuple[str, str | None]]) -> None:
    assert refused_names(problem) == tuple(RefusedName(*name) for name in names)

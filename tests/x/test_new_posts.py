"""What an account has posted since a post that is known: asked for cheaply, refused by name."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain import Missing, ReferenceKind
from bot.domain.errors import AccountSuspended, NotInPlan, PostsOfUserNotShown, Refused
from bot.x.client import XClient
from bot.x.prices import MICRO_USD, Resource
from bot.x.snowflake import first_id_at
from tests.x.clients import ME, LocalBooks
from tests.x.small_x import Reply, SmallX

TYPES = "https://api.twitter.com/2/problems"
SOMEBODY, SINCE = 7, 1354143047324299264


async def _ask(client: XClient, user_id: int = SOMEBODY, **more: Any) -> Any:
    return await client.posts_since(user_id, SINCE, **{"replies": False, "reposts": False, **more})


@pytest.mark.parametrize(
    ("wanted", "left_out"),
    [
        ({}, "replies,retweets"),
        ({"replies": True}, "retweets"),
        ({"reposts": True}, "replies"),
        ({"replies": True, "reposts": True}, None),
    ],
)
async def test_what_is_not_wanted_is_not_asked_for(
    client: XClient, small_x: SmallX, wanted: dict[str, bool], left_out: str | None
) -> None:
    await _ask(client, **wanted, token="next")

    asked = small_x.last
    assert (asked.method, asked.path) == ("GET", f"/2/users/{SOMEBODY}/tweets")
    assert asked.query["since_id"] == str(SINCE)
    assert asked.query["pagination_token"] == "next"
    assert asked.query.get("exclude") == left_out
    # Users that come along are charged; the author is known.
    assert asked.query["expansions"] == "attachments.media_keys", "all else is charged"


async def test_a_page_tells_what_each_post_is(client: XClient, small_x: SmallX) -> None:
    post = {
        "id": "9",
        "text": "RT",
        "author_id": "7",
        "referenced_tweets": [{"type": "retweeted", "id": "5"}],
        "public_metrics": {"like_count": 3},
    }
    small_x.answers(Reply({"data": [post], "meta": {"next_token": "more"}}))

    page = await _ask(client)

    (found,) = page.posts
    assert (found.id, found.counts.likes, page.next_token) == (9, 3, "more")
    assert [(ref.kind, ref.id) for ref in found.references] == [(ReferenceKind.REPOSTED, 5)]


@pytest.mark.parametrize(
    ("user_id", "read"), [(SOMEBODY, Resource.POST_READ), (ME, Resource.OWNED_READ)]
)
async def test_ones_own_posts_are_held_at_their_own_price(
    client: XClient, books: LocalBooks, user_id: int, read: Resource
) -> None:
    await _ask(client, user_id)
    assert books.held == [10 * MICRO_USD[read]]


@pytest.mark.parametrize(
    ("reply", "missing"),
    [
        (Reply({"title": "Not Found"}, 404), Missing.DELETED),
        (Reply({"type": f"{TYPES}/resource-not-found"}, 403), Missing.DELETED),
        (Reply({"type": f"{TYPES}/not-authorized-for-resource"}, 403), Missing.PROTECTED),
        *(
            (
                Reply(
                    {
                        "errors": [
                            {"type": f"{TYPES}/{kind}", "title": "No", "resource_id": str(SOMEBODY)}
                        ]
                    }
                ),
                missing,
            )
            for kind, missing in (
                ("resource-not-found", Missing.DELETED),
                ("not-authorized-for-resource", Missing.PROTECTED),
                ("resource-unavailable", Missing.WITHHELD),
            )
        ),
    ],
)
async def test_an_account_that_x_does_not_show_is_told_with_the_reason(
    client: XClient, small_x: SmallX, reply: Reply, missing: Missing
) -> None:
    small_x.answers(reply)
    with pytest.raises(PostsOfUserNotShown) as refused:
        await _ask(client)
    assert refused.value.missing is missing


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"type": f"{TYPES}/client-forbidden"}, NotInPlan),
        ({"errors": [{"code": 326, "message": "locked"}]}, AccountSuspended),
        ({"title": "Forbidden"}, Refused),
    ],
)
async def test_trouble_of_our_own_is_not_the_accounts(
    client: XClient, small_x: SmallX, body: dict[str, Any], error: type[Exception]
) -> None:
    small_x.answers(Reply(body, 403))
    with pytest.raises(error):
        await _ask(client)


def test_an_id_is_as_old_as_its_moment() -> None:
    made = datetime(2021, 1, 26, 19, 3, 55, 900_000, tzinfo=UTC)
    assert first_id_at(made) <= SINCE < first_id_at(made + timedelta(milliseconds=1))
    assert first_id_at(datetime(2006, 3, 21, tzinfo=UTC)) == 0

"""What X's 403 means: likes that are private, or trouble with the app, the account, the post."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp
import pytest

from bot.domain.errors import (
    AccountSuspended,
    LikersNotShown,
    LikingRefused,
    NotInPlan,
    PermissionMissing,
    PostNotFound,
    PostNotShown,
    Refused,
    UnlikingRefused,
    UsageCapped,
    UserNotShown,
    XError,
    XNotFound,
)
from bot.x.asking.refusals import refusal, teaches
from bot.x.client import XClient
from tests.cases import in_turn
from tests.x.clients import LocalBooks, a_client
from tests.x.small_x import Reply, SmallX

POST = 1354143047324299264
TYPES = "https://api.twitter.com/2/problems"
LOCKED = "To protect our users from spam, this account has been temporarily locked. Please log in."

Body = Mapping[str, Any]


def of_type(kind: str) -> Body:
    return {"type": f"{TYPES}/{kind}", "title": "No", "status": 403}


def of_code(code: int, message: str = "no") -> Body:
    return {"errors": [{"code": code, "message": message}]}


FORBIDDEN: Body = {"type": "about:blank", "title": "Forbidden", "detail": "Forbidden"}
NO_TYPE: Body = {"title": "Forbidden"}
BLOCKED: Body = {**FORBIDDEN, "detail": "User has been suspended: [7]."}

# It is the app's or the account's trouble, whatever was asked for.
ABOUT_US: list[tuple[Body, type[XError]]] = [
    (of_type("oauth1-permissions"), PermissionMissing),
    (of_code(261), PermissionMissing),
    (of_type("usage-capped"), UsageCapped),
    ({"errors": [of_type("usage-capped")]}, UsageCapped),
    (of_code(64, "Your account is suspended."), AccountSuspended),
    (of_code(326), AccountSuspended),
    ({**FORBIDDEN, "detail": "Your account is suspended."}, AccountSuspended),
    ({**FORBIDDEN, "detail": LOCKED}, AccountSuspended),
    (of_type("of-tomorrow"), Refused),
]
NOT_IN_PLAN = [of_type("client-forbidden"), of_code(453)]
UNNAMED = [FORBIDDEN, NO_TYPE, BLOCKED, of_code(220), {"errors": [{"code": []}]}]
HIDDEN = [*UNNAMED, of_type("not-authorized-for-resource"), of_type("unsupported-authentication")]


async def refused(
    small_x: SmallX, body: Body, asking: Callable[[], Awaitable[object]]
) -> type[XError]:
    small_x.answers(Reply(dict(body), 403))
    with pytest.raises(XError) as error:
        await asking()
    return type(error.value)


@in_turn(
    "body, error",
    [
        *ABOUT_US,
        *((body, NotInPlan) for body in NOT_IN_PLAN),
        *((body, LikersNotShown) for body in HIDDEN),
        (of_type("resource-not-found"), PostNotFound),
        (of_type("resource-unavailable"), PostNotShown),
        (of_type("disallowed-resource"), PostNotShown),
    ],
)
async def test_likers_that_x_forbids(
    http: aiohttp.ClientSession, small_x: SmallX, body: Body, error: type[XError]
) -> None:
    client = a_client(http, small_x.url)
    assert await refused(small_x, body, lambda: client.likes.liking_users(POST)) is error


async def test_likers_of_a_post_that_is_gone(client: XClient, small_x: SmallX) -> None:
    small_x.answers(Reply({"title": "Not Found"}, 404))

    with pytest.raises(PostNotFound):
        await client.likes.liking_users(POST)


@in_turn(
    "body, error",
    [
        *ABOUT_US,
        *((body, NotInPlan) for body in NOT_IN_PLAN),
        *((body, UserNotShown) for body in HIDDEN),
        (of_type("resource-not-found"), XNotFound),
        (of_type("resource-unavailable"), UserNotShown),
    ],
)
async def test_liked_posts_that_x_forbids(
    http: aiohttp.ClientSession, small_x: SmallX, body: Body, error: type[XError]
) -> None:
    client = a_client(http, small_x.url)
    assert (
        await refused(small_x, body, lambda: client.likes.liked_posts(7, max_results=10)) is error
    )


@in_turn(
    "body, error",
    [
        *ABOUT_US,
        *((body, Refused) for body in UNNAMED),
        (of_type("unsupported-authentication"), Refused),
        (of_type("not-authorized-for-resource"), PostNotShown),
        (of_type("resource-unavailable"), PostNotShown),
        (of_type("resource-not-found"), PostNotFound),
    ],
)
async def test_a_like_that_x_forbids(
    http: aiohttp.ClientSession, small_x: SmallX, body: Body, error: type[XError]
) -> None:
    books = LocalBooks()
    client = a_client(http, small_x.url, books=books)
    for call in (client.likes.like, client.likes.unlike):
        assert await refused(small_x, body, lambda call=call: call(POST)) is error  # type: ignore[misc]
    assert books.booked == []


@pytest.mark.parametrize("body", NOT_IN_PLAN)
async def test_a_plan_without_liking_says_what_was_asked_for(
    client: XClient, small_x: SmallX, books: LocalBooks, body: Body
) -> None:
    assert await refused(small_x, body, lambda: client.likes.like(POST)) is LikingRefused
    assert await refused(small_x, body, lambda: client.likes.unlike(POST)) is UnlikingRefused
    assert books.booked == []


@pytest.mark.parametrize("kind", [NotInPlan, PermissionMissing, AccountSuspended])
def test_each_says_what_to_do_and_never_that_likes_are_private(kind: type[Refused]) -> None:
    sentence = str(kind())

    assert sentence != str(Refused())
    assert "private" not in sentence
    assert ("must" in sentence) or ("can change it" in sentence)


@in_turn(
    "problem, is_lesson",
    [
        ("client-forbidden", True),
        ("oauth1-permissions", True),
        ("unsupported-authentication", True),
        ("of-tomorrow", True),
        ("", False),
        ("about:blank", False),
        ("account-suspended", False),
        ("rate-limit-exceeded", False),
        ("not-authorized-for-resource", False),
        ("resource-not-found", False),
        ("resource-unavailable", False),
    ],
)
def test_only_what_is_said_of_the_endpoint_is_a_lesson(problem: str, *, is_lesson: bool) -> None:
    assert teaches(refusal(problem)) is is_lesson


def test_what_is_remembered_is_told_as_it_was_the_first_time() -> None:
    for kind in (NotInPlan, PermissionMissing):
        again = refusal(kind().problem)
        assert (type(again), again.problem) == (kind, kind().problem)

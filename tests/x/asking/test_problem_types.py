"""Every type of problem in X's OpenAPI files, wherever it stands: an error with a sentence."""

import json

import aiohttp
import pytest

from bot.domain.errors import PostNotFound, PostNotShown, XError
from tests.cases import in_turn
from tests.sandbox.x.specification import MISSING, is_present, path_of
from tests.x.calls import POST
from tests.x.clients import a_client
from tests.x.small_x import Reply, SmallX

pytestmark = pytest.mark.skipif(not is_present(), reason=MISSING)


def _types() -> list[str]:
    """Return the URIs of the types that either file lists, and those that only X itself sends."""
    found = {f"https://api.x.com/2/problems/{kind}" for kind in ("rate-limit-exceeded",)}
    for version in ("2.165", "2.167") if is_present() else ():
        file = json.loads(path_of(version).read_text(encoding="utf-8"))
        found |= set(file["components"]["schemas"]["Problem"]["discriminator"]["mapping"])
    return sorted(found)


TYPES = _types()
# What X says of the one post that was asked for.
ABOUT_THE_POST = {
    "disallowed-resource": PostNotShown,
    "not-authorized-for-resource": PostNotShown,
    "resource-not-found": PostNotFound,
    "resource-unavailable": PostNotShown,
}


def _problem(kind: str, **more: str | int) -> dict[str, str | int]:
    return {"type": kind, "title": "No", "detail": "Not now", **more}


def test_there_are_many() -> None:
    assert len(TYPES) > 20


@in_turn("kind", TYPES)
@in_turn("status", [400, 401, 402, 403, 404, 409, 429, 500, 503])
async def test_with_a_status_of_its_own(
    http: aiohttp.ClientSession, small_x: SmallX, kind: str, status: int
) -> None:
    client, problem = a_client(http, small_x.url), _problem(kind, status=status)
    for body in (problem, {"errors": [problem]}):
        small_x.answers(Reply(body, status))
        with pytest.raises(XError) as refused:
            await client.likes.liking_users(POST)
        assert str(refused.value).endswith(".")
        assert "Not now" not in str(refused.value)


@in_turn("kind", TYPES)
async def test_in_place_of_the_data_it_is_no_empty_answer(
    http: aiohttp.ClientSession, small_x: SmallX, kind: str
) -> None:
    expected = ABOUT_THE_POST.get(kind.rpartition("/")[2], XError)
    small_x.answers(Reply({"errors": [_problem(kind, resource_id=str(POST))]}))
    with pytest.raises(expected):
        await a_client(http, small_x.url).post(POST)


@in_turn("kind", TYPES)
async def test_beside_the_data_it_takes_nothing_away(
    http: aiohttp.ClientSession, small_x: SmallX, kind: str
) -> None:
    post = {"id": str(POST), "text": "Hello", "public_metrics": {"like_count": 1}}
    small_x.answers(Reply({"data": [post], "errors": [_problem(kind, resource_id="7")]}))
    found = await a_client(http, small_x.url).counts([POST, 7])
    assert found.posts[POST].id == POST

"""One stray answer of X's to who likes a post that is there, and then the truth again."""

from typing import Any

import pytest
from yarl import URL

from tests.sandbox.x.client import RESEARCH, XClient

LIKERS = f"/2/tweets/{RESEARCH}/liking_users"
PROBLEM_JSON = "application/problem+json"
HTML = "<!DOCTYPE html><html><title>403 Forbidden</title></html>"
NOT_FOUND = {
    "value": RESEARCH,
    "detail": f"Could not find tweet with id: [{RESEARCH}].",
    "title": "Not Found Error",
    "resource_type": "tweet",
    "parameter": "id",
    "resource_id": RESEARCH,
    "type": "https://api.twitter.com/2/problems/resource-not-found",
    "status": 404,
}
FORBIDDEN = {"title": "Forbidden", "detail": "Forbidden", "type": "about:blank", "status": 403}
UNAUTHORIZED = FORBIDDEN | {"title": "Unauthorized", "detail": "Unauthorized", "status": 401}
EMPTY = {"meta": {"result_count": 0}}


@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        (404, PROBLEM_JSON, NOT_FOUND),
        (200, "application/json", {"errors": [NOT_FOUND]}),
        (403, PROBLEM_JSON, FORBIDDEN),
        (403, "text/html", HTML),
        (401, PROBLEM_JSON, UNAUTHORIZED),
        (200, "application/json", EMPTY),
    ],
    ids=["404", "200 not found", "403 about:blank", "403 HTML", "401", "200 empty"],
)
async def test_it_comes_once(x: XClient, status: int, kind: str, body: Any) -> None:
    fault = {"match": "GET /2/tweets/:id/liking_users", "times": 1, "status": status, "body": body}
    await x.control("POST", "/faults", {**fault, "headers": {"Content-Type": kind}})
    headers = x.headers("GET", URL(x.base + LIKERS), x.owner)
    async with x.session.get(x.base + LIKERS, headers=headers) as response:
        assert (response.status, response.content_type) == (status, kind)
        answered = await (response.text() if kind == "text/html" else response.json())
    assert answered == body
    assert (await x.control("GET", "/charges"))["total_usd"] == "0.000"
    assert (await x.get(f"/2/tweets/{RESEARCH}")).data["id"] == RESEARCH
    assert (await x.get(LIKERS)).data


async def test_it_meets_no_other_post(x: XClient) -> None:
    await x.control("POST", "/faults", {"match": f"GET {LIKERS}", "status": 404})
    other = await x.make_post()
    assert (await x.get(f"/2/tweets/{other}/liking_users")).status == 200
    assert (await x.get("/2/tweets", ids=RESEARCH)).status == 200

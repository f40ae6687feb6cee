"""Lists of likers read as a program reads them, and what people do to them."""

from typing import Any

from tests.sandbox.x.client import XClient


async def crowd(x: XClient, count: int, start: int = 0) -> list[str]:
    return [await x.make_user(f"person{start + number}") for number in range(count)]


async def pages(x: XClient, post: str, size: int = 100) -> list[list[str]]:
    """Read a whole list, page by page."""
    found: list[list[str]] = []
    query: dict[str, Any] = {"max_results": size}
    while True:
        answer = await x.get(f"/2/tweets/{post}/liking_users", **query)
        found.append([user["id"] for user in answer.body.get("data", [])])
        if "next_token" not in answer.body["meta"]:
            return found
        query["pagination_token"] = answer.body["meta"]["next_token"]


async def listed(x: XClient, post: str, size: int = 100) -> list[str]:
    return [user for page in await pages(x, post, size) for user in page]


async def counted(x: XClient, post: str) -> int:
    answer = await x.get(f"/2/tweets/{post}", tweet__fields="public_metrics,organic_metrics")
    likes = int(answer.data["public_metrics"]["like_count"])
    assert answer.data["organic_metrics"]["like_count"] == likes
    return likes


async def unlike(x: XClient, post: str, *user_ids: str) -> None:
    await x.control("DELETE", f"/posts/{post}/likes", {"user_ids": user_ids})


async def wait(x: XClient, seconds: float) -> None:
    await x.control("POST", "/clock", {"advance_s": seconds})

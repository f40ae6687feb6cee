"""A forum of the demo, in which each watched post has a post of its own, with the forum's tags."""

from datetime import UTC, datetime
from typing import Any

import aiohttp

from sandbox.x.control.made_to_order import make_post
from sandbox.x.world.rows import Post
from sandbox.x.world.seed import TWITTER_DEV
from sandbox.x.world.state import World

_NAME = "showcase"
_TAGS = ("Launch", "Talk", "Feed")
# Older than what the account posted last, which is left for the visitor. The bot gives the tags
# that are called as the label of a watch, or as its style.
_POSTS = (
    ("Launch", datetime(2021, 1, 12, 17, 0, tzinfo=UTC), "The new developer portal is open."),
    ("Talk", datetime(2021, 1, 19, 16, 30, tzinfo=UTC), "Slides of our talk on streaming."),
)


async def open_showcase(http: aiohttp.ClientSession, world: World) -> list[Post]:
    """Open the forum and watch posts in it, as an admin would; return those."""
    made = await _asked(http, "channels", name=_NAME, kind="forum", tags=_TAGS)
    forum = str(made["id"])
    posts = []
    for label, written, text in _POSTS:
        order = {"author_id": str(TWITTER_DEV), "text": text, "created_at": written.isoformat()}
        post = make_post(world, order)
        await _watch(http, post, forum, label)
        posts.append(post)
    return posts


async def _watch(http: aiohttp.ClientSession, post: Post, forum: str, label: str) -> None:
    address = f"https://x.com/i/status/{post.id}"
    added = {"post": address, "channel": forum}
    await _asked(http, "interactions", command="watch add", options=added)
    opened = await _asked(http, "interactions", command="watch edit", options={"watch": address})
    values = {"channel": [forum], "style": ["server"], "when": "", "label": label, "also": []}
    modal = {"custom_id": opened["modal"]["custom_id"], "values": values}
    await _asked(http, "interactions", modal=modal)


async def _asked(http: aiohttp.ClientSession, path: str, **what: object) -> dict[str, Any]:
    async with http.post(f"/sandbox/{path}", json=what) as response:
        answer: dict[str, Any] = await response.json()
    if not response.ok or answer.get("error"):
        raise RuntimeError(f"{path} {what}: {answer}")
    return answer

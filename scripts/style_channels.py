"""A channel for each style in the demo: posts that are watched there, liked, and told of."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp

STYLES = ("card", "milestones", "digest")
_TWITTER_DEV = "2244994945"
_TOPICS = {
    "card": "Each post has one card, kept up to date",
    "milestones": "A message when the likes come to a round number",
    "digest": "What came of all posts, once a day",
}
_POSTS = {
    "card": ("The new dashboard is here: every like of a launch, on one page.",),
    "milestones": ("We are open source from today on. Come and read the code.",),
    "digest": (
        "Ten years of our API, in ten numbers.",
        "Office hours are back: ask us anything on Thursday.",
        "A short video on how rate limits are counted.",
    ),
}
_GOAL = "10, 25; goal 40"
_LIKES = {"card": 4, "milestones": 5, "digest": 2}
"""How many people like each post at once, again and again."""

_TIMES, _PAUSE_S = 6, 5.0
_WITHIN_S = 240.0


@dataclass(frozen=True, slots=True)
class Server:
    """The demo's Discord, and a member who manages it."""

    http: aiohttp.ClientSession
    admin_id: str
    guild_id: str

    async def open_channel(self, name: str) -> str:
        made = await self._post("/discord/sandbox/channels", {"name": name, "topic": _TOPICS[name]})
        return str(made["id"])

    async def ask(self, channel_id: str, **what: object) -> dict[str, Any]:
        asked = {"guild_id": self.guild_id, "channel_id": channel_id, "user_id": self.admin_id}
        answer = await self._post("/discord/sandbox/interactions", {**asked, **what})
        if answer.get("error"):
            raise RuntimeError(f"{what}: {answer['error']}")
        return answer

    async def watch(self, post_id: str, channel_id: str, style: str, when: str) -> None:
        """Watch a post in a channel, and choose how it is told of."""
        post = f"https://x.com/i/status/{post_id}"
        chosen = {"post": post, "channel": channel_id}
        await self.ask(channel_id, command="watch add", options=chosen)
        opened = await self.ask(channel_id, command="watch edit", options={"watch": post})
        values = {"channel": [channel_id], "style": [style], "when": when, "label": "", "also": []}
        custom_id = opened["modal"]["custom_id"]
        await self.ask(channel_id, modal={"custom_id": custom_id, "values": values})

    async def write_post(self, text: str) -> str:
        made = await self._post("/x/sandbox/posts", {"author_id": _TWITTER_DEV, "text": text})
        return str(made["id"])

    async def like(self, post_id: str, count: int) -> None:
        await self._post(f"/x/sandbox/posts/{post_id}/likes", {"count": count})

    async def told(self, channel_id: str) -> bool:
        """Say whether something is announced in a channel, beside answers to commands."""
        path = f"/discord/sandbox/channels/{channel_id}/messages"
        async with self.http.get(path) as answer:
            messages = await answer.json()
        return any(not message.get("interaction_metadata") for message in messages)

    async def _post(self, path: str, body: dict[str, object]) -> dict[str, Any]:
        async with self.http.post(path, json=body) as answer:
            if not answer.ok:
                raise RuntimeError(f"{path}: {await answer.text()}")
            found: dict[str, Any] = await answer.json()
            return found


async def fill(url: str) -> None:
    """Fill the channels of all styles; it takes until the next minutes of a clock."""
    async with aiohttp.ClientSession(url) as http:
        async with http.get("/discord/sandbox/world") as answer:
            (guild,) = (await answer.json())["guilds"]
        admin = next(member for member in guild["members"] if member["admin"])
        server = Server(http, admin["id"], guild["id"])
        channels = {style: await server.open_channel(style) for style in STYLES}
        digest_at = datetime.now(UTC) + timedelta(minutes=2)
        posts = await _watched(server, channels, f"{digest_at:%H:%M}")
        for _ in range(_TIMES):
            for style, post_ids in posts.items():
                for number, post_id in enumerate(post_ids):
                    await server.like(post_id, _LIKES[style] + number)
            await asyncio.sleep(_PAUSE_S)
        # The page is told of all that happens; in the demo something always does.
        async with asyncio.timeout(_WITHIN_S), http.get("/events") as news:
            async for _ in news.content:
                if all([await server.told(channel) for channel in channels.values()]):
                    return


async def _watched(
    server: Server, channels: dict[str, str], digest_at: str
) -> dict[str, Sequence[str]]:
    """Write the posts, and have each told of in the channel of its style."""
    when = {"card": "goal 40", "milestones": _GOAL, "digest": digest_at}
    posts: dict[str, Sequence[str]] = {}
    for style, channel_id in channels.items():
        posts[style] = [await server.write_post(text) for text in _POSTS[style]]
        for post_id in posts[style]:
            await server.watch(post_id, channel_id, style, when[style])
    return posts

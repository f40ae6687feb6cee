"""What the bot should have announced, and what it did: counted from X's and Discord's side.

A like counts when X shows it to the bot's account and the post was being watched. An
announcement is any message of the bot's in which the liker's profile and the post stand together.
"""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any

from bot.sandbox.clock import Clock
from bot.sandbox.events import Event

_POST = re.compile(r"/status/(\d+)")
_PROFILE = re.compile(r"https://x\.com/(\w+)(?![\w/])")

Like = tuple[str, str]  # post ID, username


@dataclass(slots=True)
class Score:
    """Keeps the tally while news come in."""

    clock: Clock
    watched: set[str] = field(default_factory=set)
    _liked_at: dict[Like, float] = field(default_factory=dict)
    _announced_at: dict[Like, float] = field(default_factory=dict)
    _times: Counter[Like] = field(default_factory=Counter)
    _heard: asyncio.Event = field(default_factory=asyncio.Event)

    def hear_x(self, event: Event) -> None:
        """Take note of a like, or of one that was taken back before anybody told of it."""
        data = event.data
        if data.get("post_id") not in self.watched:
            return
        like = (data["post_id"], data["username"].lower())
        if event.type == "like.create" and data["visible"]:
            self._liked_at.setdefault(like, self.clock.time())
        elif event.type == "like.delete" and not self._times[like]:
            self._liked_at.pop(like, None)
            self._heard.set()

    def hear_discord(self, event: Event) -> None:
        """Take note of the likers in a new message of the bot's."""
        if event.type != "message.create" or event.data.get("visible_to"):
            return
        message = event.data["message"]
        if not message["author"].get("bot") or message.get("interaction_metadata"):
            return
        for like in _likes_in(message):
            self._times[like] += 1
            self._announced_at.setdefault(like, self.clock.time())
        self._heard.set()

    async def wait_until_told(self) -> None:
        """Wait until no like is missing."""
        while self.missing:
            self._heard.clear()
            await self._heard.wait()

    @property
    def missing(self) -> int:
        return sum(not self._times[like] for like in self._liked_at)

    def result(self) -> dict[str, Any]:
        """Return the tally; the seconds are from the like to its announcement."""
        announced = [like for like in self._liked_at if self._times[like]]
        waited = sorted(self._announced_at[like] - self._liked_at[like] for like in announced)
        return {
            "likes": len(self._liked_at),
            "announced": len(announced),
            "missing": self.missing,
            "twice": sum(max(0, self._times[like] - 1) for like in self._liked_at),
            "p50_s": _percentile(waited, 50),
            "p95_s": _percentile(waited, 95),
        }


def _likes_in(message: dict[str, Any]) -> Collection[Like]:
    """Return the likes that a message tells of; each container is about one post."""
    found: list[Like] = []
    for part in message.get("components") or message.get("embeds") or [message]:
        text = json.dumps(part)
        posts = set(_POST.findall(text))
        if len(posts) == 1:
            (post_id,) = posts
            found.extend((post_id, name.lower()) for name in _PROFILE.findall(text))
    return found


def _percentile(ordered: list[float], percent: int) -> float | None:
    if len(ordered) < 2:
        return round(ordered[0], 2) if ordered else None
    return round(quantiles(ordered, n=100, method="inclusive")[percent - 1], 2)

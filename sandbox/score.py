"""What the bot should have announced, and what it did: counted from X's and Discord's side.

A like counts when X shows it to the bot's account and the post was being watched. An
announcement is any message of the bot's in which the liker's profile and the post stand together,
or that says of the post how many more they are; it is told twice where one channel has it twice.
When a like that was told is taken back, the bot may tell of that in the same form.

Whom a message counts without naming them is not to be seen. So where one of them takes the like
back while another is untold, nobody knows which of the two was told of: neither is called missing.
"""

import asyncio
import json
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any

from sandbox.clock import Clock
from sandbox.events import Event
from sandbox.told import Like, Said, ToldLikes

POST = re.compile(r"/status/(\d+)")
_PROFILE = re.compile(r"https://x\.com/(\w+)(?![\w/])")
# Who wrote a post is named with it, and need not like it; a handle beside a name is no second name.
_HANDLE = re.compile(r"(?:by |\()\[@[^\]]*\]\(https://x\.com/\w+\)")
_MORE = re.compile(r"\*\*([\d,]+) more\*\*")
_NEWS = ("message.create", "message.update")


def named_in(text: str) -> list[str]:
    """Return the usernames of those whom a text names, but for authors of posts."""
    return _PROFILE.findall(_HANDLE.sub("", text))


@dataclass(slots=True)
class Score:
    """Keeps the tally while news come in.

    `account_id` is whose posts count: X shows the bot who likes those. None: everybody's.
    """

    clock: Clock
    watched: set[str] = field(default_factory=set)
    account_id: str | None = None
    _liked_at: dict[Like, float] = field(default_factory=dict)
    _announced_at: dict[Like, float] = field(default_factory=dict)
    _told: dict[str | None, ToldLikes] = field(default_factory=lambda: defaultdict(ToldLikes))
    _ever: dict[str, dict[Like, None]] = field(default_factory=lambda: defaultdict(dict))
    _taken_back: set[Like] = field(default_factory=set)
    _not_sure: Counter[str] = field(default_factory=Counter)
    _heard: asyncio.Event = field(default_factory=asyncio.Event)

    def count(self, watched: Collection[str]) -> None:
        """Count the likes of these posts; what was not told of any other need not be told."""
        self.watched = set(watched)
        for like in [like for like in self._untold if like[0] not in self.watched]:
            del self._liked_at[like]
        self._heard.set()

    def hear_x(self, event: Event) -> None:
        """Take note of a like, or of one that was taken back before anybody told of it."""
        data = event.data
        if event.type not in ("like.create", "like.delete"):
            return
        like = (data["post_id"], data["username"].lower())
        if event.type == "like.create" and data["visible"]:
            self._ever[data["post_id"]].setdefault(like)
        if data["post_id"] not in self.watched or not self._is_ours(data):
            return
        if event.type == "like.create" and data["visible"]:
            self._taken_back.discard(like)
            self._liked_at.setdefault(like, self.clock.time())
        elif event.type == "like.delete":
            self._take_back(like)

    def hear_discord(self, event: Event) -> None:
        """Take note of the likers in a new message of the bot's, or in one that it changed."""
        if event.type not in _NEWS or event.data.get("visible_to"):
            return
        message = event.data["message"]
        if not message["author"].get("bot") or message.get("interaction_metadata"):
            return
        for post, names, more in _likes_in(message):
            said = Said(message.get("id"), post, names, more)
            self._hear(event.data.get("channel_id"), said)
        self._heard.set()

    def _hear(self, channel: str | None, said: Said) -> None:
        names = said.names
        gone = [like for like in names if like in self._taken_back and like in self._announced_at]
        if names and len(gone) == len(names):
            return
        # Nobody need be told of those who liked it before, or took it back.
        ever = sorted(self._ever[said.post], key=lambda like: like not in self._liked_at)
        for like in self._told[channel].hear(said, ever, gone):
            self._announced_at.setdefault(like, self.clock.time())

    async def wait_until_told(self) -> None:
        """Wait until no like is missing."""
        while self.missing:
            self._heard.clear()
            await self._heard.wait()

    def _take_back(self, like: Like) -> None:
        post, _ = like
        self._taken_back.add(like)
        if like in self._announced_at and not self._is_named(like) and self._untold_of(post):
            self._not_sure[post] += 1
        if like not in self._announced_at:
            self._liked_at.pop(like, None)
            self._heard.set()

    def _is_named(self, like: Like) -> bool:
        return any(like in told.named for told in self._told.values())

    def _untold_of(self, post: str) -> int:
        return sum(like[0] == post for like in self._untold)

    @property
    def missing(self) -> int:
        """How many likes nobody was told of, whoever of those who are counted alone these are."""
        untold = Counter(post for post, _ in self._untold)
        return (untold - self._not_sure).total()

    def result(self) -> dict[str, Any]:
        """Return the tally; the seconds are from the like to its announcement."""
        announced = [like for like in self._liked_at if like in self._announced_at]
        waited = sorted(self._announced_at[like] - self._liked_at[like] for like in announced)
        return {
            "likes": len(self._liked_at),
            "announced": len(announced),
            "missing": self.missing,
            "twice": self._twice,
            "p50_s": _percentile(waited, 50),
            "p95_s": _percentile(waited, 95),
        }

    @property
    def _untold(self) -> Iterator[Like]:
        return (like for like in self._liked_at if like not in self._announced_at)

    @property
    def _twice(self) -> int:
        return sum(
            sum(times - 1 for like, times in told.named.items() if like in self._liked_at)
            + sum(more for post, more in told.surplus.items() if post in self.watched)
            for told in self._told.values()
        )

    def _is_ours(self, like: dict[str, Any]) -> bool:
        return self.account_id is None or like["author_id"] == self.account_id


def _likes_in(message: dict[str, Any]) -> Iterator[tuple[str, list[Like], int]]:
    """Yield the likes that a message tells of; each container is about one post."""
    for part in message.get("components") or message.get("embeds") or [message]:
        text = json.dumps(part)
        posts = set(POST.findall(text))
        if len(posts) == 1:
            (post,) = posts
            names = [(post, name.lower()) for name in named_in(text)]
            more = sum(int(number.replace(",", "")) for number in _MORE.findall(text))
            if names or more:
                yield post, names, more


def _percentile(ordered: list[float], percent: int) -> float | None:
    if len(ordered) < 2:
        return round(ordered[0], 2) if ordered else None
    return round(quantiles(ordered, n=100, method="inclusive")[percent - 1], 2)

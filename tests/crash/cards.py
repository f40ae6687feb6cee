"""Whether cards are up to date where nothing goes wrong: what they say, held to what is known."""

import asyncio
import json
import re
from collections import Counter, deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from sqlmodel import col, func, select

from sandbox.score import POST, named_in
from storage.models import Announcement, AnnouncementKind
from tests.crash.happenings import Happenings
from tests.crash.truth import LEFT
from tests.e2e import state
from tests.e2e.harness import Scene
from tests.e2e.seen import Seen

MOST_BEHIND_S = 60.0
_LOOKS_EVERY_S = 1.0
_MORE = re.compile(r"\*\*([\d,]+) more\*\*")


@dataclass(slots=True)
class Cards:
    """Looks at the posts that are told as cards, each with the channel that it is told in.

    Known is what waits to be told or was; told is what all messages about the post say by now,
    counted in the channel: so a card that was set back to what it said before is behind.
    """

    scene: Scene
    posts: Mapping[str, str]
    behind: list[str] = field(default_factory=list)
    longest_s: float = 0.0
    looks: int = 0
    _untold: dict[str, deque[tuple[float, int]]] = field(default_factory=dict)

    async def follow(self, happenings: Happenings, until: asyncio.Future[None]) -> None:
        """Look again and again until something has come to an end."""
        self._untold.clear()
        while not until.done():
            await self._look()
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOKS_EVERY_S):
                    await happenings.after(1)

    async def catch_up(self, happenings: Happenings) -> None:
        """Look until all that is known is told, for a minute at most, and note what is not."""
        self._untold.clear()
        clock = asyncio.get_running_loop().time
        give_up = clock() + MOST_BEHIND_S
        while not (is_told := await self._look()) and clock() < give_up:
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOKS_EVERY_S):
                    await happenings.after(1)
        if not is_told:
            known, told = await self._known(), await self._told()
            self.behind += [
                f"post {post}: {told[post]} of {known[post]} likes are told"
                for post in self.posts
                if told[post] != known[post]
            ]

    async def _look(self) -> bool:
        """Compare; return whether each card tells what is known, no less and no more."""
        self.looks += 1
        known, told = await self._known(), await self._told()
        now = asyncio.get_running_loop().time()
        for post in self.posts:
            waiting = self._untold.setdefault(post, deque())
            if not waiting or waiting[-1][1] < known[post]:
                waiting.append((now, known[post]))
            while waiting and waiting[0][1] <= told[post]:
                since, _ = waiting.popleft()
                self.longest_s = max(self.longest_s, now - since)
            if waiting and now - waiting[0][0] > MOST_BEHIND_S:
                self.behind.append(f"post {post}: {told[post]} of {waiting[0][1]} for a minute")
                waiting.clear()
        return all(told[post] == known[post] for post in self.posts)

    async def _known(self) -> Counter[str]:
        query = (
            select(Announcement.post_id, func.sum(Announcement.liker_count))
            .where(
                col(Announcement.kind) == AnnouncementKind.LIKES,
                col(Announcement.post_id).in_([int(post) for post in self.posts]),
            )
            .group_by(col(Announcement.post_id))
        )
        url = self.scene.database_url
        async with state.opened(url) as database, database.reading() as session:
            return Counter({str(post): int(likes) for post, likes in await session.exec(query)})

    async def _told(self) -> Counter[str]:
        told = Counter[str]()
        for channel in set(self.posts.values()):
            for message in await self.scene.messages(channel):
                if not message.raw.get("interaction_metadata"):
                    told.update(_told_in(message))
        return told


def _told_in(message: Seen) -> Counter[str]:
    """Return of how many likes a message tells, of each post."""
    told = Counter[str]()
    for part in message.raw.get("components") or ():
        said, posts = Seen({"components": [part]}).text, set(POST.findall(json.dumps(part)))
        if len(posts) == 1 and said and not LEFT.search(said):
            more = sum(int(count.replace(",", "")) for count in _MORE.findall(said))
            told[posts.pop()] += len(named_in(said)) + more
    return told

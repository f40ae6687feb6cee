"""How soon a full outbox is empty, held against what Discord's limits allow."""

import asyncio
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
from sqlmodel import col, update

from benchmarks.liked import LikedPost, fill_database, make_posts
from benchmarks.load.databases import NewDatabase, in_file
from benchmarks.load.scene import running, stage_and_http
from bot.run.clock import Clock
from sandbox.score import named_in
from sandbox.stage import Stage
from storage.database import Database
from storage.models import Announcement, AnnouncementKind, Watch

# Discord's limit for a bot, over all channels; none here gets more than a channel's own.
REQUESTS_A_SECOND = 50
MOST_OF_ALLOWED = 1.1
_WITHIN_S = 600.0


@dataclass(frozen=True, slots=True)
class Delivered:
    """Seconds are from the first message to the last; several announcements share a message."""

    announcements: int
    channels: int
    messages: int
    limited: int
    seconds: float

    @property
    def allowed_s(self) -> float:
        """Return how long Discord's limit makes so many messages take."""
        return self.messages / REQUESTS_A_SECOND


async def deliver(
    announcements: int, channels: int, new_database: NewDatabase = in_file
) -> Delivered:
    """Fill an outbox, start the bot, and wait until every channel was told everything."""
    now = Clock().now()
    posts = make_posts(channels, now)
    with tempfile.TemporaryDirectory(prefix="likecord-load-") as name:
        url = await new_database(Path(name))
        await fill_database(url, posts, now)
        async with stage_and_http() as (stage, http):
            ids = [await _open_channel(http, number) for number in range(channels)]
            await _fill_outbox(url, posts, ids, announcements // channels, now)
            told = asyncio.create_task(_told(stage, announcements))
            async with running(stage, http, {"DATABASE_URL": url, "PROBE_SECONDS": "3600"}):
                messages, seconds = await told
            limited = sum(each["status"] == 429 for each in await _requests(http))
    return Delivered(announcements, channels, messages, limited, round(seconds, 1))


async def _open_channel(http: aiohttp.ClientSession, number: int) -> int:
    async with http.post("/sandbox/channels", json={"name": f"load-{number}"}) as response:
        return int((await response.json())["id"])


async def _requests(http: aiohttp.ClientSession) -> list[Mapping[str, int]]:
    async with http.get("/sandbox/requests") as response:
        return list(await response.json())


async def _fill_outbox(
    url: str, posts: Sequence[LikedPost], channels: Sequence[int], each: int, now: datetime
) -> None:
    """Watch each post in a channel of its own, where so many announcements wait."""
    people = [liker for post in posts for liker in post.liker_ids]
    database = Database(url)
    try:
        async with database.transaction() as session:
            for number, (post, channel_id) in enumerate(zip(posts, channels, strict=True)):
                await session.exec(
                    update(Watch).where(col(Watch.post_id) == post.id).values(channel_id=channel_id)
                )
                session.add_all(
                    Announcement(
                        watch_id=number + 1,
                        channel_id=channel_id,
                        post_id=post.id,
                        kind=AnnouncementKind.LIKES,
                        liker_ids=[people[number * each + turn]],
                        liker_count=1,
                        to_count=turn + 1,
                        created_at=now,
                        not_before=now,
                    )
                    for turn in range(each)
                )
    finally:
        await database.close()


async def _told(stage: Stage, announcements: int) -> tuple[int, float]:
    """Return in how many messages, and within how many seconds, all was told."""
    told = messages = 0
    first = last = 0.0
    async with asyncio.timeout(_WITHIN_S), stage.discord.events.listen() as news:
        async for event in news:
            if event.type != "message.create":
                continue
            last = time.perf_counter()
            first = first or last
            messages += 1
            parts = event.data["message"].get("components") or ()
            told += sum(len(set(named_in(text))) for text in _texts(parts))
            if told >= announcements:
                break
    return messages, last - first


def _texts(parts: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the texts of a message's components; each announcement here is of one liker."""
    for part in parts:
        if "content" in part:
            yield part["content"]
        yield from _texts(part.get("components") or ())

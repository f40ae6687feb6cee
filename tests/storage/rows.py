"""Rows to store, with everything filled in that a test does not care about."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from storage.database import Database
from storage.models import (
    Announcement,
    AnnouncementKind,
    Post,
    PostKind,
    PostState,
    Watch,
    XUser,
)
from storage.server_figures import Figure, server_figures
from storage.upsert import Row

NOW = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)

POST = 1354143047324299264
GUILD = 1100000000000000001
CHANNEL = 1200000000000000002
MEMBER = 1300000000000000003


async def figure(
    database: Database, which: Figure, guild_id: int = GUILD, now: datetime = NOW
) -> int:
    """Return one of the things that are counted of a guild."""
    async with database.reading() as session:
        return (await server_figures(session, guild_id, now))[which].number


def user_row(user_id: int, name: str = "somebody") -> Row:
    return {
        "id": user_id,
        "username": f"user{user_id}",
        "name": name,
        "profile_image_url": None,
        "verified_type": None,
        "protected": False,
        "followers": None,
    }


def a_watch(
    *,
    post_id: int = POST,
    guild_id: int = GUILD,
    channel_id: int = CHANNEL,
    paused_at: datetime | None = None,
    expires_at: datetime | None = None,
    ended_at: datetime | None = None,
    unlikes: bool = False,
) -> Watch:
    return Watch(
        guild_id=guild_id,
        channel_id=channel_id,
        post_id=post_id,
        created_by=MEMBER,
        created_at=NOW,
        paused_at=paused_at,
        expires_at=expires_at,
        ended_at=ended_at,
        unlikes=unlikes,
    )


def an_announcement(
    watch_id: int,
    *,
    channel_id: int = CHANNEL,
    kind: AnnouncementKind = AnnouncementKind.LIKES,
    not_before: datetime = NOW,
    likers: Iterable[int] = (1,),
    counts: tuple[int, int] = (0, 0),
) -> Announcement:
    ids = list(likers)
    return Announcement(
        watch_id=watch_id,
        channel_id=channel_id,
        post_id=POST,
        kind=kind,
        liker_ids=ids,
        liker_count=len(ids),
        from_count=counts[0],
        to_count=counts[1],
        created_at=NOW,
        not_before=not_before,
    )


async def store_users(database: Database, *ids: int) -> None:
    async with database.transaction() as session:
        session.add_all(XUser(**user_row(user_id)) for user_id in ids)


async def store_post(
    database: Database,
    post_id: int = POST,
    *,
    author_id: int | None = None,
    state: PostState = PostState.LIVE,
    kind: PostKind = PostKind.PENDING,
    like_count: int = 0,
    collected_count: int = 0,
    probed_at: datetime | None = None,
    collected_at: datetime | None = None,
    **more: Any,
) -> None:
    async with database.transaction() as session:
        session.add(
            Post(
                id=post_id,
                author_id=author_id,
                state=state,
                kind=kind,
                like_count=like_count,
                collected_count=collected_count,
                probed_at=probed_at,
                collected_at=collected_at,
                **more,
            )
        )


async def store_watch(database: Database, watch: Watch | None = None) -> int:
    """Store a watch (of a post that is there) and return its ID."""
    watch = watch or a_watch()
    async with database.transaction() as session:
        session.add(watch)
        await session.flush()
        assert watch.id is not None
        return watch.id


async def store_announcements(database: Database, *announcements: Announcement) -> list[int]:
    """Store announcements in the order given; return their IDs."""
    ids = []
    for announcement in announcements:
        async with database.transaction() as session:
            session.add(announcement)
            await session.flush()
            assert announcement.id is not None
            ids.append(announcement.id)
    return ids

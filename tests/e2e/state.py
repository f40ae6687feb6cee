"""What is stored, on the bot's side and on X's: to see that something changed, or nothing did."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from sqlalchemy.orm.attributes import set_attribute
from sqlmodel import SQLModel, col, delete, select

from sandbox.x.world.state import World
from storage.models import (
    Announcement,
    AnnouncementState,
    Guild,
    Lease,
    MemberSpend,
    MoneyHold,
    Post,
    PostLike,
    StoredAllowance,
    Watch,
    WindowShare,
)
from tests.databases import OpenDatabases

# What polling and bookkeeping move by themselves is not among them.
_KEPT: dict[type[SQLModel], tuple[str, ...]] = {
    Guild: ("id", "channel_id", "like_role_id"),
    Post: ("id",),
    PostLike: ("post_id", "user_id"),
    Watch: ("id", "guild_id", "channel_id", "post_id"),
    Announcement: ("id", "watch_id", "liker_ids"),
}


opened = OpenDatabases().of


async def stored(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return what people asked the bot to do, and what it knows and has announced."""
    found = {}
    async with opened(url) as database, database.reading() as session:
        for table, names in _KEPT.items():
            rows = await session.exec(select(table))
            found[table.__name__] = sorted(
                (tuple(getattr(row, name) for name in names) for row in rows), key=repr
            )
    return found


async def told_of(url: str) -> dict[int, set[int]]:
    """Return of whom the messages of each post told, as they are booked."""
    told: defaultdict[int, set[int]] = defaultdict(set)
    async with opened(url) as database, database.reading() as session:
        query = select(Announcement.post_id, Announcement.liker_ids).where(
            col(Announcement.state) == AnnouncementState.SENT
        )
        for post_id, liker_ids in await session.exec(query):
            told[post_id or 0].update(liker_ids)
    return told


async def unsent(url: str) -> list[Announcement]:
    async with opened(url) as database, database.reading() as session:
        query = select(Announcement).where(col(Announcement.state) != AnnouncementState.SENT)
        return list(await session.exec(query))


async def let_time_pass(url: str, time: timedelta) -> None:
    """Make everything that waits to be sent, or was begun, or is leased, so much older."""
    async with opened(url) as database, database.transaction() as session:
        query = select(Announcement).where(col(Announcement.state) != AnnouncementState.SENT)
        for row in await session.exec(query):
            for name in ("created_at", "not_before", "claimed_until", "first_tried_at"):
                moment = getattr(row, name)
                set_attribute(row, name, moment - time if moment else None)
            session.add(row)
        for lease in await session.exec(select(Lease)):
            lease.until -= time
            session.add(lease)


async def let_leases_run_out(url: str) -> None:
    """Let nobody lead who does not run any more."""
    async with opened(url) as database, database.transaction() as session:
        await session.exec(delete(Lease))


async def forget_allowances(url: str) -> None:
    """Let X's allowances be whole again for the bot: X's answers cannot make them larger.

    Whose people have used how much of them, and what members have spent, is forgotten too; so is
    the money that a killed process has kept.
    """
    async with opened(url) as database, database.transaction() as session:
        for table in (StoredAllowance, WindowShare, MemberSpend, MoneyHold):
            await session.exec(delete(table))


def likes_on_x(world: World) -> dict[int, list[int]]:
    return {post.id: sorted(post.likes) for post in world.posts.values()}

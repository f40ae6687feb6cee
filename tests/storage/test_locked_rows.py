"""Two processes on one PostgreSQL: whoever only looks waits for nobody, and no deadlock is news."""

import asyncio

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.watching.message_edits import MessageEditQueue
from storage.announcements import Announcements
from storage.database import Database
from storage.guilds import Guilds
from storage.message_edits import Message, MessageEdits
from storage.models import AnnouncementState, EditReason, Guild
from storage.outages import why_away
from storage.posts import Posts
from tests.at_once import until_waiting
from tests.databases import on_postgres, opened
from tests.storage.rows import (
    CHANNEL,
    GUILD,
    NOW,
    POST,
    a_watch,
    an_announcement,
    store_announcements,
    store_post,
    store_users,
    store_watch,
)

pytestmark = on_postgres
OTHER_POST = POST + 1
KEY, MESSAGE = "a-delivery", 77


async def test_what_a_message_is_to_say_is_read_while_somebody_claims_more_of_it(
    database: Database, database_url: str
) -> None:
    await store_users(database, 1)
    await store_post(database)
    row = an_announcement(await store_watch(database, a_watch()))
    row.state, row.delivery_key, row.message_id = AnnouncementState.SENT, KEY, MESSAGE
    await store_announcements(database, row)
    async with database.transaction() as session:
        message = Message(MESSAGE, CHANNEL, None, KEY)
        await MessageEdits(session).add_message(message, EditReason.ASKED, NOW)

    async with opened(database_url) as other, other.transaction() as claiming:
        assert len(await Announcements(claiming).of_delivery(KEY)) == 1
        queue = MessageEditQueue(database, lambda: NOW)
        # In a task of its own, as the other process has: this one holds a session.
        (retold,) = await asyncio.create_task(queue.due())
        await asyncio.create_task(queue.done(retold))
    assert await queue.due() == ()


async def test_who_is_told_to_go_again_knows_that_it_helps(
    database: Database, database_url: str
) -> None:
    for post_id in (POST, OTHER_POST):
        await store_post(database, post_id)
    holding = asyncio.Barrier(2)

    async def lock(which: Database, *post_ids: int) -> None:
        async with which.transaction() as session:
            # By itself PostgreSQL looks for a deadlock after a second.
            await session.exec(text("SET LOCAL deadlock_timeout = '20ms'"))
            await Posts(session).get(post_ids[0], lock=True)
            await holding.wait()
            await Posts(session).get(post_ids[1], lock=True)

    async with opened(database_url) as other:
        both = (lock(database, POST, OTHER_POST), lock(other, OTHER_POST, POST))
        (error,) = filter(None, await asyncio.gather(*both, return_exceptions=True))

    assert isinstance(error, DBAPIError)
    assert why_away(error) == "another transaction stood in the way"


async def test_two_that_start_at_once_note_owners_and_languages_of_the_same_servers(
    database: Database, database_url: str
) -> None:
    one, two = GUILD, GUILD + 1
    async with database.transaction() as session:
        session.add_all(Guild(id=each) for each in (one, two))

    async def note_languages() -> None:
        async with database.transaction() as session:
            await Guilds(session).set_discord_languages({one: "fr", two: "de"})

    async def note_owners() -> None:
        async with database.transaction() as session:
            await Guilds(session).set_owned({one: True, two: True})

    tasks: list[asyncio.Task[None]] = []
    async with opened(database_url) as other, opened(database_url) as watching:
        async with other.transaction() as holding:
            await Guilds(holding).lock(two)
            for work in (note_languages, note_owners):
                tasks.append(asyncio.create_task(work()))
                await until_waiting(watching, tasks)
        await asyncio.gather(*tasks)

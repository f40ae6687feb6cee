"""The questions that push asks of the database."""

from storage.abilities import EndpointAbilities
from storage.database import Database
from storage.likes import Likes, NewLike
from storage.models import Guild, PostLike
from storage.posts import Posts
from tests.storage.rows import GUILD, MINUTE, NOW, POST, a_watch, store_post, store_users


async def test_likes_that_x_dates_and_those_that_were_doubtful(database: Database) -> None:
    await store_users(database, 1, 2, 3)
    await store_post(database)
    rows = [NewLike(1, 1, doubtful=True, seen_at=NOW - MINUTE), NewLike(2, 2, doubtful=True)]
    async with database.transaction() as session:
        await Likes(session).add(POST, [*rows, NewLike(3, 3)], NOW)
        assert await Likes(session).settle_some(POST, []) == set()
        assert await Likes(session).settle_some(POST, [1, 3]) == {1}
        assert await Likes(session).settle_some(POST, [1, 3]) == set()
    async with database.reading() as session:
        first = await session.get(PostLike, (POST, 1))
        second = await session.get(PostLike, (POST, 2))
    assert first is not None
    assert second is not None
    assert (first.first_seen_at, first.doubtful) == (NOW - MINUTE, False)
    assert (second.first_seen_at, second.doubtful) == (NOW, True)


async def test_whose_posts_are_watched_by_whom(database: Database) -> None:
    await store_users(database, 7)
    await store_post(database, author_id=7)
    async with database.transaction() as session:
        session.add(Guild(id=GUILD, budget_micro_usd=5))
        session.add(a_watch())
        session.add(a_watch(channel_id=9))
        session.add(a_watch(channel_id=10, guild_id=11, ended_at=NOW))
    async with database.reading() as session:
        assert await Posts(session).watched_authors() == ({7: (GUILD,)}, {GUILD: 5})
        assert await Posts(session).guilds_of([POST, 1]) == {POST: (GUILD,)}


async def test_whether_anything_was_ever_allowed(database: Database) -> None:
    async with database.transaction() as session:
        abilities = EndpointAbilities(session)
        assert not await abilities.any_allowed("POST /x")
        row = {"account": "a", "endpoint": "POST /x", "learnt_at": NOW, "confirmed": True}
        await abilities.save({**row, "problem": "client-forbidden"})
        assert not await abilities.any_allowed("POST /x")
        await abilities.save({**row, "problem": None})
        assert await abilities.any_allowed("POST /x")

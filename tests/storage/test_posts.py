"""Which posts are asked about next, and what the polling knows of them."""

import pytest

from storage.database import Database
from storage.models import Guild, Post, PostKind, PostState, XAccount
from storage.posts import Posts
from storage.server_figures import AsksX, Figure, server_figures
from tests.storage.rows import (
    GUILD,
    MEMBER,
    MINUTE,
    NOW,
    POST,
    SECOND,
    a_watch,
    figure,
    store_post,
    store_users,
    store_watch,
)

OTHER_GUILD = GUILD + 1


async def _pending(database: Database) -> list[int]:
    async with database.reading() as session:
        found, _ = await Posts(session).pending(NOW)
        return sorted(each.post.id for each in found)


async def _watched(database: Database) -> list[int]:
    async with database.reading() as session:
        found, _ = await Posts(session).watched(NOW)
        return sorted(post.id for post in found)


async def _post(database: Database, post_id: int = POST) -> Post:
    async with database.reading() as session:
        post = await Posts(session).get(post_id)
        assert post is not None
        return post


async def test_what_nobody_watches_is_not_counted(database: Database) -> None:
    for post_id in (1, 2, 3, 4, 5):
        await store_post(database, post_id)
    await store_watch(database, a_watch(post_id=2, paused_at=NOW))
    await store_watch(database, a_watch(post_id=3, expires_at=NOW))
    await store_watch(database, a_watch(post_id=5, ended_at=NOW))
    await store_watch(database, a_watch(post_id=4, expires_at=NOW + SECOND))

    # Whose time is over is counted and read once more, before the watch ends.
    assert await _watched(database) == [3, 4]
    assert await _pending(database) == [3, 4]


async def test_when_a_watch_was_over_that_has_a_last_count_to_come(database: Database) -> None:
    for post_id, probed_at in ((1, NOW - SECOND), (2, NOW), (3, None), (4, NOW)):
        await store_post(database, post_id, probed_at=probed_at)
    for post_id in (1, 2, 3):
        await store_watch(database, a_watch(post_id=post_id, channel_id=1, expires_at=NOW - SECOND))
        await store_watch(database, a_watch(post_id=post_id, channel_id=2, expires_at=NOW))
        await store_watch(database, a_watch(post_id=post_id, channel_id=3))
    await store_watch(database, a_watch(post_id=4, expires_at=NOW + SECOND))

    async with database.reading() as session:
        found, _ = await Posts(session).watched(NOW)
    assert [post.over_at for post in found] == [NOW, NOW, NOW, None]
    assert [post.has_last_count_to_come for post in found] == [True, False, True, False]


async def test_one_watch_of_several_is_enough_and_counts_once(database: Database) -> None:
    await store_post(database)
    await store_watch(database, a_watch(channel_id=1, paused_at=NOW))
    await store_watch(database, a_watch(channel_id=2))
    await store_watch(database, a_watch(channel_id=3))

    assert await _watched(database) == [POST]


async def test_who_watches_a_post_and_what_they_may_spend(database: Database) -> None:
    await store_post(database)
    await store_post(database, 2)
    await store_post(database, 3)
    for guild_id, channel_id in ((OTHER_GUILD, 1), (GUILD, 2), (GUILD, 3)):
        await store_watch(database, a_watch(guild_id=guild_id, channel_id=channel_id))
    await store_watch(database, a_watch(post_id=2, guild_id=OTHER_GUILD))
    async with database.transaction() as session:
        session.add(Guild(id=GUILD, budget_micro_usd=7))

    async with database.reading() as session:
        posts = Posts(session)
        watched, budgets = await posts.watched(NOW)
        pending, budgets_too = await posts.pending(NOW)
        one = await posts.with_guilds(2)

    expected = {POST: (GUILD, OTHER_GUILD), 2: (OTHER_GUILD,)}
    assert {post.id: post.guild_ids for post in watched} == expected
    assert {each.post.id: each.guild_ids for each in pending} == expected
    assert budgets == budgets_too == {GUILD: 7}
    assert one is not None
    assert one.guild_ids == (OTHER_GUILD,)


async def test_who_has_paused_or_whose_watch_has_ended_pays_nothing(database: Database) -> None:
    await store_post(database)
    await store_watch(database, a_watch(guild_id=1, channel_id=1, paused_at=NOW))
    await store_watch(database, a_watch(guild_id=2, channel_id=2, ended_at=NOW))
    await store_watch(database, a_watch(guild_id=4, channel_id=4, expires_at=NOW))

    async with database.reading() as session:
        ((post,), _) = await Posts(session).watched(NOW)
        one = await Posts(session).with_guilds(POST)
    assert post.guild_ids == (4,)
    assert one is not None
    assert one.guild_ids == (4,)


async def test_what_decides_when_to_count_a_post_comes_along(database: Database) -> None:
    await store_users(database, 7)
    await store_post(
        database, author_id=7, kind=PostKind.NAMES, like_count=40, probed_at=NOW - MINUTE
    )
    await store_watch(database)

    async with database.reading() as session:
        ((post,), _) = await Posts(session).watched(NOW)

    assert (post.id, post.author_id, post.state, post.kind, post.like_count) == (
        POST,
        7,
        PostState.LIVE,
        PostKind.NAMES,
        40,
    )
    assert (post.created_at, post.probed_at, post.heat) == (None, NOW - MINUTE, 0.0)


async def test_of_posts_that_did_not_move_only_the_time_is_noted(database: Database) -> None:
    for post_id in (1, 2, 3):
        await store_post(database, post_id, like_count=post_id, probed_at=NOW - MINUTE)

    async with database.transaction() as session:
        await Posts(session).counted([1, 3, 404], NOW)

    posts = [await _post(database, post_id) for post_id in (1, 2, 3)]
    assert [post.probed_at for post in posts] == [NOW, NOW - MINUTE, NOW]
    assert [post.like_count for post in posts] == [1, 2, 3]


@pytest.mark.parametrize("state", PostState)
async def test_posts_out_of_sight_are_still_counted_but_not_read(
    database: Database, state: PostState
) -> None:
    await store_post(database, state=state)
    await store_watch(database)

    assert await _watched(database) == [POST]
    assert await _pending(database) == ([POST] if state is PostState.LIVE else [])


async def test_storing_a_text_keeps_what_the_polling_knows(database: Database) -> None:
    await store_users(database, 7)
    await store_post(database, like_count=40, kind=PostKind.NAMES, probed_at=NOW)

    async with database.transaction() as session:
        row = {"id": POST, "author_id": 7, "text": "Hello", "created_at": NOW - MINUTE}
        await Posts(session).save(row)

    post = await _post(database)
    assert (post.text, post.author_id, post.created_at) == ("Hello", 7, NOW - MINUTE)
    assert (post.like_count, post.kind, post.probed_at) == (40, PostKind.NAMES, NOW)


async def test_a_post_stored_for_the_first_time_waits_to_be_read(database: Database) -> None:
    async with database.transaction() as session:
        await Posts(session).save({"id": POST, "text": "Hello"})

    post = await _post(database)
    assert (post.state, post.kind) == (PostState.LIVE, PostKind.PENDING)
    assert (post.like_count, post.collected_at) == (0, None)


async def test_reopening_asks_again_for_an_authors_hidden_likers_alone(database: Database) -> None:
    await store_users(database, 7, 8)
    read = {"collected_at": NOW, "like_count": 9, "collected_count": 9}
    await store_post(database, 1, author_id=7, kind=PostKind.COUNTS, **read)
    await store_post(database, 2, author_id=7, kind=PostKind.NAMES, **read)
    await store_post(database, 3, author_id=8, kind=PostKind.COUNTS, **read)
    for post_id in (1, 2, 3):
        await store_watch(database, a_watch(post_id=post_id))

    async with database.transaction() as session:
        await Posts(session).show_likers(7)

    assert await _pending(database) == [1]
    kinds = [(await _post(database, post_id)).kind for post_id in (1, 2, 3)]
    assert kinds == [PostKind.PENDING, PostKind.NAMES, PostKind.COUNTS]


async def test_posts_watched_are_counted_once_each(database: Database) -> None:
    for post_id in (1, 2):
        await store_post(database, post_id)
    await store_watch(database, a_watch(post_id=1, channel_id=1))
    await store_watch(database, a_watch(post_id=1, channel_id=2))
    await store_watch(database, a_watch(post_id=2, channel_id=3, guild_id=GUILD + 1))

    assert await figure(database, Figure.POSTS) == 1
    assert await figure(database, Figure.WATCHES) == 2
    assert await figure(database, Figure.POSTS, 404) == 0


async def test_the_last_probe_is_the_newest(database: Database) -> None:
    async with database.reading() as session:
        assert (await server_figures(session, GUILD, NOW))[Figure.PROBED].since is None
    await store_post(database, 1, probed_at=NOW)
    await store_post(database, 2, probed_at=NOW - MINUTE)
    await store_post(database, 3)

    async with database.reading() as session:
        assert (await server_figures(session, GUILD, NOW))[Figure.PROBED].since == NOW


async def test_some_posts_of_many(database: Database) -> None:
    for post_id in (1, 2, 3):
        await store_post(database, post_id)

    async with database.transaction() as session:
        assert set(await Posts(session).some([1, 3, 404])) == {1, 3}
        assert list(await Posts(session).lock_some([3, 1, 404])) == [1, 3]


async def test_how_much_is_shown_of_watched_posts_by_others(database: Database) -> None:
    await store_users(database, 1, 2, 3)
    for post_id, author_id, kind in (
        (1, 1, PostKind.NAMES),
        (2, 2, PostKind.COUNTS),
        (3, 2, PostKind.COUNTS),
        (4, 3, PostKind.STALLED),
    ):
        await store_post(database, post_id, author_id=author_id, kind=kind)
    for post_id in (1, 2, 3):
        await store_watch(database, a_watch(post_id=post_id))

    shown, counted = Figure.OTHERS_SHOWN, Figure.OTHERS_COUNTED
    assert await _of_others(database, 1) == {counted}
    assert await _of_others(database, 0) == {counted, shown}
    async with database.transaction() as session:
        session.add(XAccount(x_user_id=2, username="two", owner_id=MEMBER, created_at=NOW))
    assert await _of_others(database, 1) == set()


async def _of_others(database: Database, own_id: int) -> set[Figure]:
    async with database.reading() as session:
        figures = await server_figures(session, GUILD, NOW, AsksX(user_id=own_id))
    return figures.keys() & {Figure.OTHERS_SHOWN, Figure.OTHERS_COUNTED}


async def test_an_account_that_comes_or_goes_changes_what_is_asked(database: Database) -> None:
    await store_users(database, 1, 2)
    for post_id, author_id, kind in (
        (1, 1, PostKind.COUNTS),
        (2, 1, PostKind.NAMES),
        (3, 2, PostKind.COUNTS),
    ):
        waits = {"look_at": NOW + MINUTE, "dark_since": NOW}
        await store_post(
            database, post_id, author_id=author_id, kind=kind, collected_at=NOW, **waits
        )

    async with database.transaction() as session:
        await Posts(session).show_likers(1)
    shown = [await _post(database, post_id) for post_id in (1, 2, 3)]
    async with database.transaction() as session:
        await Posts(session).hide_likers(1)
    hidden = await _post(database, 2)

    assert [post.kind for post in shown] == [PostKind.PENDING, PostKind.NAMES, PostKind.COUNTS]
    assert [post.collected_at for post in shown] == [None, NOW, NOW]
    assert (hidden.kind, hidden.collected_at) == (PostKind.PENDING, NOW)
    times = [(post.look_at, post.dark_since) for post in (shown[0], hidden, shown[2])]
    assert times == [(None, None), (None, None), (NOW + MINUTE, NOW)]

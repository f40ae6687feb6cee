"""Whatever ends the process, and whenever: nothing is missing afterwards, and nothing is twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path

from tests.e2e import state
from tests.e2e.harness import Scene
from tests.e2e.opening import open_scene

SEND = "POST /channels/:id/messages"
# Longer than a claim lasts, and than the bot trusts Discord to remember a nonce.
LONG = timedelta(minutes=10)
FOREVER_S = 60


@asynccontextmanager
async def likes_pouring_in(scene: Scene, posts: list[int]) -> AsyncIterator[None]:
    """Let people like faster than the bot looks: if it was told of each, Discord would limit it."""
    scene.stage.x.events.hearers.remove(scene.tell_bots_of_x)
    crowd = scene.stage.crowd(rate_per_minute=900, posts=lambda: posts)
    task = asyncio.create_task(crowd.run())
    yield
    scene.stage.x.events.hearers.append(scene.tell_bots_of_x)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_stopped_while_likes_pour_in(database_url: str, tmp_path: Path) -> None:
    async with open_scene(tmp_path, database_url) as scene:
        await scene.start_bot()
        posts = [scene.post("One", likes=3), scene.post("Another")]
        channels = [await scene.new_channel() for _ in posts]
        for post, channel_id in zip(posts, channels, strict=True):
            await scene.watch(post, channel_id)
        async with likes_pouring_in(scene, [post.id for post in posts]):
            # Of a burst some are named and the others counted: who is, nobody knows.
            await scene.another_message(channels[0])
            assert await scene.bot.stop() == 0
            # With PostgreSQL other processes might be sending: a claim holds until it runs out.
            await state.let_time_pass(database_url, LONG)
            await scene.start_bot()
            await scene.another_message(channels[1])
        await scene.all_told()

        async def is_booked() -> bool | None:
            return not await state.unsent(database_url) or None

        await scene.keep_asking(is_booked, "all that was told is booked as sent")
        assert await scene.bot.stop() == 0


async def test_killed_after_discord_took_a_message(database_url: str, tmp_path: Path) -> None:
    async with open_scene(tmp_path, database_url) as scene:
        await scene.start_bot()
        post, channel_id = scene.post(), await scene.new_channel()
        await scene.watch(post, channel_id)
        answer_is_lost = scene.discord_fault(SEND, after=True, delay_s=FOREVER_S)
        scene.like(post)
        await scene.wait_for(answer_is_lost.struck.wait(), "the message is there")

        await scene.bot.kill()
        if database_url.startswith("postgresql"):
            await state.let_time_pass(database_url, LONG)
        await scene.start_bot()

        await scene.announcement(scene.like(post), channel_id)
        await scene.all_told(likes=2)
        assert len(await scene.messages(channel_id)) == 2


async def test_killed_before_discord_took_a_message(own_scene: Scene) -> None:
    scene = own_scene
    await scene.start_bot()
    post, channel_id = scene.post(), await scene.new_channel()
    await scene.watch(post, channel_id)
    never_arrives = scene.discord_fault(SEND, delay_s=FOREVER_S)
    liker = scene.like(post)
    await scene.wait_for(never_arrives.struck.wait(), "the message is on its way")

    await scene.bot.kill()
    await scene.start_bot()

    await scene.announcement(liker, channel_id)
    await scene.all_told(likes=1)


async def test_killed_between_count_and_likers(own_scene: Scene) -> None:
    scene = own_scene
    await scene.start_bot()
    post, channel_id = scene.post(likes=2), await scene.new_channel()
    await scene.watch(post, channel_id)
    unanswered = scene.x_fault("GET /2/tweets/:id/liking_users", delay_s=FOREVER_S)
    likers = [scene.like(post), scene.like(post)]
    await scene.wait_for(unanswered.struck.wait(), "the likers are asked for")

    await scene.bot.kill()
    await scene.start_bot()

    for liker in likers:
        await scene.announcement(liker, channel_id)
    await scene.all_told(likes=2)


async def test_killed_so_long_ago_that_discord_forgot_the_nonce(own_scene: Scene) -> None:
    scene = own_scene
    await scene.start_bot()
    post, channel_id = scene.post(), await scene.new_channel()
    await scene.watch(post, channel_id)
    answer_is_lost = scene.discord_fault(SEND, after=True, delay_s=FOREVER_S)
    scene.like(post)
    await scene.wait_for(answer_is_lost.struck.wait(), "the message is there")

    await scene.bot.kill()
    await state.let_time_pass(scene.database_url, LONG)
    scene.stage.clock.advance(LONG.total_seconds())
    await scene.start_bot()

    await scene.announcement(scene.like(post), channel_id)
    await scene.all_told(likes=2)
    assert len(await scene.messages(channel_id)) == 2
    assert await scene.bot.stop() == 0
    assert await state.unsent(scene.database_url) == []


async def test_what_happened_while_it_was_away_is_told(own_scene: Scene) -> None:
    scene = own_scene
    await scene.start_bot()
    post, channel_id = scene.post(likes=2), await scene.new_channel()
    await scene.watch(post, channel_id)
    assert await scene.bot.stop() == 0

    likers = [scene.like(post) for _ in range(5)]
    scene.unlike(post, likers[0])
    await scene.start_bot()

    await scene.announcement(likers[4], channel_id)
    await scene.all_told(likes=4)


async def test_of_two_processes_one_goes_on_when_the_other_is_killed(
    postgres_url: str, tmp_path: Path
) -> None:
    async with open_scene(tmp_path, postgres_url) as scene:
        first = await scene.start_bot()
        post, channel_id = scene.post(), await scene.new_channel()
        await scene.watch(post, channel_id)
        logs_in = scene.discord_fault("GET /users/@me")
        await scene.begin_bot(X_REDIRECT_URL="")  # its port is taken
        await scene.wait_for(logs_in.struck.wait(), "the second logs in")
        await scene.announcement(scene.like(post), channel_id)

        await first.kill()
        # It may have been about to note that its message was sent: its claim runs out first.
        await state.let_time_pass(postgres_url, LONG)

        await scene.announcement(scene.like(post), channel_id)
        await scene.all_told(likes=2)

"""Whole accounts, watches that end, likes taken back, and posts that go and come back."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, update

from sandbox.x.world.seed import TWITTER
from storage.models import Watch
from tests.e2e import state
from tests.e2e.harness import Scene, address
from tests.e2e.hurried import SHORTER
from tests.e2e.opening import open_scene

SEND = "POST /channels/:id/messages"
FOREVER_S = 60
# Longer than a claim lasts, and than the bot trusts Discord to remember a nonce.
LONG = timedelta(minutes=10)


async def _watch_account(scene: Scene, channel_id: str, **options: str) -> str:
    answer = await scene.command("watch account", user="@TwitterDev", channel=channel_id, **options)
    assert answer.private
    if "Start watching" in answer.message.buttons:
        answer = await scene.press(answer, "Start watching")
    return answer.text


async def _let_watches_end(scene: Scene) -> None:
    """Let the time of every watch be over that has an end."""
    async with state.opened(scene.database_url) as database, database.transaction() as session:
        await session.exec(
            update(Watch)
            .where(col(Watch.expires_at).is_not(None))
            .values(expires_at=datetime.now(UTC) - timedelta(seconds=1))
        )


async def test_a_new_post_of_an_account_is_watched_and_its_first_like_announced(
    own_scene: Scene,
) -> None:
    scene = own_scene
    await scene.start_bot()
    channel_id = await scene.new_channel()
    scene.post("From before", likes=2)
    told = await _watch_account(scene, channel_id, days="3")
    assert "### Watching the new posts of [@TwitterDev](https://x.com/TwitterDev)" in told
    assert "Each new post is watched for 3 days" in told
    assert "Replies and reposts do not count." in told

    post = scene.post("Fresh from the account")
    scene.score.watched.add(str(post.id))
    likers = [scene.like(post) for _ in range(3)]
    seen = await scene.announcement(likers[0], channel_id)
    await scene.all_told(likes=3)

    assert "Fresh from the account" in seen.text
    listed = await scene.command("watch list")
    assert "### 1 account and 1 post watched here" in listed.text
    assert "each for 3 days · 1 post watched now" in listed.text
    assert "From before" not in listed.text
    choices = await scene.autocomplete("watch remove", "watch", "@twitterdev: new")
    (value,) = choices.values()
    removed = await scene.command("watch remove", watch=value)
    assert "No longer watching the new posts of" in removed.text
    assert "1 post of this account ended with it." in removed.text
    assert "Nothing is watched yet" in (await scene.command("watch list")).text


async def test_a_watch_that_ends_says_once_what_came_of_it_even_after_a_power_cut(
    database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async with open_scene(tmp_path_factory.mktemp("scene"), database_url) as scene:
        await scene.start_bot()
        channel_id = await scene.new_channel()
        await _watch_account(scene, channel_id)
        post = scene.post("Here for a week")
        await scene.announcement(scene.like(post), channel_id)

        answer_is_lost = scene.discord_fault(SEND, after=True, delay_s=FOREVER_S)
        await _let_watches_end(scene)
        await scene.wait_for(answer_is_lost.struck.wait(), "the summary is there")
        await scene.bot.kill()
        await state.let_time_pass(database_url, LONG)
        scene.stage.clock.advance(LONG.total_seconds())
        await scene.start_bot()

        listed = await scene.command("watch list")
        assert "### 1 account watched here" in listed.text
        # Something after it in the same channel: by then it would be there twice.
        another = scene.post("The next one")
        await scene.announcement(scene.like(another), channel_id)
        messages = [message.text for message in await scene.messages(channel_id)]
        ended = [text for text in messages if "has ended" in text]
        assert len(ended) == 1
        assert "1 like announced by name; 1 like in total." in ended[0]
        assert "Here for a week" in ended[0]


async def test_likes_taken_back_are_told_where_that_was_asked_for(own_scene: Scene) -> None:
    scene = own_scene
    await scene.start_bot(**{SHORTER: "unlikes"})
    asking, silent = await scene.new_channel(), await scene.new_channel()
    post = scene.post("Fickle")
    added = await scene.command(
        "watch add", post=address(post), channel=asking, unlikes="true", where=asking
    )
    assert "is for looking once a day who took a like back." in added.text
    added = await scene.press(added, "Start watching")
    assert "I'll also announce likes that are taken back" in added.text
    await scene.watch(post, silent)
    fickle, faithful = scene.like(post), scene.like(post)
    for channel_id in (asking, silent):
        await scene.announcement(faithful, channel_id)

    scene.unlike(post, fickle)
    seen = await scene.message_with("no longer likes", asking)

    assert f"https://x.com/{fickle.username})" in seen.text
    assert faithful.username not in seen.text
    assert "-# 1 like" in seen.text
    assert not any("no longer" in message.text for message in await scene.messages(silent))
    assert "likes taken back too" in (await scene.command("watch list")).text


async def test_a_post_that_goes_is_told_of_once_and_again_when_it_comes_back(
    own_scene: Scene,
) -> None:
    scene = own_scene
    await scene.start_bot()
    channel_id, other = await scene.new_channel(), await scene.new_channel()
    post = scene.post("Now you see me")
    await scene.watch(post, channel_id)
    foreign = scene.post("Of another account", author_id=str(TWITTER))
    await scene.command("watch add", post=str(foreign.id), channel=other)

    scene.stage.x.world.delete_post(post)
    gone = await scene.message_with("X no longer has this post.", channel_id)
    assert str(post.id) in gone.text
    assert "Now you see me" not in gone.text
    scene.stage.x.world.add_post(post)
    await scene.message_with("X shows this post again.", channel_id)
    liker = scene.like(post)
    await scene.announcement(liker, channel_id)

    assert len(await scene.messages(channel_id)) == 3

"""A trouble is told once to those who can mend it, and /status says what is worst."""

from datetime import timedelta

from sqlmodel import select

from bot.watching.troubles import CHANNEL_SHUT_FOR
from storage.models import ShutChannel
from tests.e2e.harness import ADA, Scene
from tests.e2e.seen import Seen
from tests.e2e.state import opened

BEFORE = CHANNEL_SHUT_FOR + timedelta(seconds=5)


async def _shut_long_ago(scene: Scene, channel_id: str) -> None:
    """Take a permission away, and make it as if that had been a while ago."""
    await scene.discord("PATCH", f"/channels/{channel_id}", {"deny": ["SEND_MESSAGES"]})
    await scene.repeat_until("watch list", f"I can't post in <#{channel_id}>")
    async with opened(scene.database_url) as database, database.transaction() as session:
        query = select(ShutChannel).where(ShutChannel.channel_id == int(channel_id))
        row = (await session.exec(query)).one()
        row.since -= BEFORE


async def _direct(scene: Scene) -> list[Seen]:
    direct = scene.stage.discord.world.direct_with(int(ADA))
    return [] if direct is None else await scene.messages(str(direct.id))


async def test_who_added_the_watch_is_told_alone_and_the_card_turns_red_and_green(
    own_scene: Scene,
) -> None:
    scene = own_scene
    await scene.start_bot()
    post, channel_id = scene.post(), await scene.new_channel()
    await scene.watch(post, channel_id)
    assert "### All is well" in (await scene.command("status")).text

    await _shut_long_ago(scene, channel_id)

    async def told() -> list[Seen]:
        return await _direct(scene)

    (message,) = await scene.until(told, "a direct message")
    assert f"I can't post in <#{channel_id}>. Give me the permission" in message.text
    waiting = scene.like(post)
    status = await scene.command("status")
    assert "### Nothing new is announced\n**I have not been able to announce" in status.text
    listed = await scene.press(status, "Show watches")
    assert f"I can't post in <#{channel_id}>" in listed.text

    await scene.discord("PATCH", f"/channels/{channel_id}", {"deny": []})
    await scene.announcement(waiting, channel_id)
    again = await scene.press(status, "Check again")
    assert "### All is well" in again.text
    assert len(await _direct(scene)) == 1


async def test_a_server_may_name_a_channel_for_troubles(own_scene: Scene) -> None:
    scene = own_scene
    await scene.start_bot()
    post, channel_id, alerts = scene.post(), await scene.new_channel(), await scene.new_channel()
    chosen = await scene.command("config alerts", channel=alerts)
    assert f"**Troubles** <#{alerts}>" in chosen.text
    await scene.watch(post, channel_id)

    await _shut_long_ago(scene, channel_id)

    told = await scene.message_with(f"I can't post in <#{channel_id}>", alerts)
    cleared = await scene.command("config alerts")
    assert "**Troubles** whoever added the watch, in private" in cleared.text
    assert await scene.messages(alerts) == [told]
    assert await _direct(scene) == []

"""A backup while the bot goes on, and its way back."""

from tests.e2e.harness import Scene
from tests.e2e.process import run_command


async def test_a_backup_of_a_running_bot_comes_back(own_scene: Scene) -> None:
    scene = own_scene
    bot = await scene.start_bot()
    first, second, channel_id = scene.post("One"), scene.post("Two"), await scene.new_channel()
    await scene.watch(first, channel_id)

    saved = await run_command("backup", "saved.db", folder=scene.folder, settings=scene.settings)
    assert (saved.code, saved.err) == (0, "")
    assert "Linked accounts need your SECRET_KEY besides." in saved.out
    await scene.watch(second, channel_id)
    refused = await run_command("restore", "saved.db", folder=scene.folder, settings=scene.settings)
    assert (refused.code, refused.out) == (78, "")
    assert f"process {bot.process.id}" in refused.err

    assert await bot.stop() == 0
    back = await run_command("restore", "saved.db", folder=scene.folder, settings=scene.settings)
    assert (back.code, back.err) == (0, "")
    await scene.start_bot()
    watched = await scene.command("watch list")
    assert "One" in watched.text
    assert "Two" not in watched.text

"""One bot on one SQLite file: a second one says so and ends, whatever the file is called."""

import signal

from tests.e2e.harness import Scene
from tests.e2e.process import run_command


async def test_a_second_bot_on_one_file_refuses_to_start(own_scene: Scene) -> None:
    scene = own_scene
    bot = await scene.start_bot()
    file = scene.database_url.removeprefix("sqlite+aiosqlite:///")
    (scene.folder / "other-name.db").symlink_to(file)
    again = {**scene.settings, "DATABASE_URL": "sqlite:///other-name.db"}

    for number in (signal.SIGSTOP, signal.SIGCONT):
        bot.process.send_signal(number)
        ended = await run_command("run", folder=scene.folder, settings=again)
        assert (ended.code, ended.out) == (78, "")
        assert ended.err == (
            f"DATABASE_URL: another Likecord runs on {file} (process {bot.process.id}); "
            "stop it first. Several can run together on PostgreSQL\n"
        )

    exported = await run_command("export", folder=scene.folder, settings=scene.settings)
    assert exported.code == 0, "which looks only"
    await bot.kill()
    await scene.start_bot()

"""Several processes on one token: each interaction is answered by one, and is an error to none."""

import asyncio
from pathlib import Path

from tests.e2e.harness import GRACE, Scene, address
from tests.e2e.opening import add_guild, open_scene
from tests.e2e.process import Bot, run_command

NEXT_SHARD = 1 << 22
_TRIES = 3
EVERYWHERE = {"DISCORD_GUILD_ID": ""}
ALONE = {"X_REDIRECT_URL": ""}  # its port is taken by the first


async def second_beside(scene: Scene, **changed: str) -> Bot:
    bot = await scene.begin_bot(**ALONE, **changed)
    await bot.says("connected to Discord as")
    return bot


async def test_without_shards_the_one_that_leads_answers(postgres_url: str, tmp_path: Path) -> None:
    """On a machine that stands still for a third of a second another may begin to answer, too.

    Discord takes one then. So it is tried again, with other bots: their logs say it once a minute.
    """
    for number in range(_TRIES):
        folder = tmp_path / str(number)
        folder.mkdir()
        async with open_scene(folder, postgres_url) as scene:
            logs = await _who_leads_answers(scene)
        if not any("40060" in log for log in logs):
            return
    raise AssertionError("\n".join(logs))


async def _who_leads_answers(scene: Scene) -> tuple[str, str]:
    """Return what two processes log while one leads and answers."""
    first = await scene.start_bot()
    await first.says("connected to Discord as")
    second = await second_beside(scene)
    post = scene.post("Who answers?")

    for _ in range(5):
        answer = await scene.command("post", post=address(post), by=GRACE)
        assert "Who answers?" in answer.text
    await asyncio.gather(*(scene.autocomplete("watch remove", "watch") for _ in range(5)))

    assert await first.stop() == 0
    await second.says("this process leads from now on")
    assert "Who answers?" in (await scene.command("post", post=address(post), by=GRACE)).text
    logs = first.log, second.log
    assert "unforeseen" not in "".join(logs)
    return logs


async def test_who_led_was_killed_and_the_others_answer_at_once(
    postgres_url: str, tmp_path: Path
) -> None:
    """Nobody leads until its lease has run out; one answers each interaction all the same."""
    async with open_scene(tmp_path, postgres_url) as scene:
        first = await scene.start_bot()
        await first.says("connected to Discord as")
        others = [await second_beside(scene), await second_beside(scene)]
        post = scene.post("Who answers?")
        await scene.command("post", post=address(post), by=GRACE)
        await first.kill()

        for _ in range(4):
            answer = await scene.command("config show")
            assert len(answer.messages) == 1
            assert answer.acked_ms < 1000
        await asyncio.gather(*(scene.autocomplete("watch remove", "watch") for _ in range(4)))

        assert "this process leads" not in "".join(bot.log for bot in others)
        for bot in others:
            assert "40060" not in bot.log


async def test_each_process_has_its_shards(postgres_url: str, tmp_path: Path) -> None:
    async with open_scene(tmp_path, postgres_url) as scene:
        scene.stage.discord.world.application.shards = 2
        first_guild = scene.stage.discord.world.first_guild.id
        guild_id, elsewhere = add_guild(scene.stage, guild_id=first_guild + NEXT_SHARD)
        mine, others = (first_guild >> 22) % 2, (int(guild_id) >> 22) % 2
        assert mine != others, "so that each process has one"
        bots = [
            await scene.begin_bot(SHARDS=f"{mine}/2", **EVERYWHERE),
            await scene.begin_bot(SHARDS=f"{others}/2", **ALONE, **EVERYWHERE),
        ]
        for bot in bots:
            await bot.says("in 1 server")

        post, channel_id = scene.post("In both"), await scene.new_channel()
        await scene.watch(post, channel_id)
        await scene.command("watch add", post=address(post), channel=elsewhere, where=elsewhere)
        liker = scene.like(post)

        await scene.announcement(liker, channel_id)
        await scene.announcement(liker, elsewhere)
        for bot in bots:
            assert "40060" not in bot.log


async def test_one_process_has_as_many_as_discord_advises(own_scene: Scene) -> None:
    scene = own_scene
    scene.stage.discord.world.application.shards = 2
    _, elsewhere = add_guild(
        scene.stage, guild_id=scene.stage.discord.world.first_guild.id + NEXT_SHARD
    )

    await scene.start_bot(SHARDS="auto", **EVERYWHERE)
    await scene.bot.says("in 2 servers")

    post = scene.post("Everywhere")
    for channel_id in (await scene.new_channel(), elsewhere):
        answer = await scene.command("post", post=address(post), where=channel_id)
        assert "Everywhere" in answer.messages[0].text


async def test_discord_wants_shards(own_scene: Scene) -> None:
    scene = own_scene
    scene.stage.discord.world.application.shards = 2

    ended = await run_command("run", folder=scene.folder, settings=scene.settings)

    assert (ended.code, ended.out) == (78, "")
    assert ended.err.splitlines()[-1] == (
        "SHARDS: this bot is in too many servers for one connection (Discord's limit is 2,500); "
        "set SHARDS=auto"
    )
    wrong = await run_command(
        "run", "--shards", "3/3/4", folder=scene.folder, settings=scene.settings
    )
    assert wrong.err == (
        "SHARDS: must be auto, a number of shards such as 8, or some of them such as 0-3/8\n"
    )

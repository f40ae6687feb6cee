"""The end waits for commands that are answering, and not for ever."""

import asyncio

from bot.chat.tasks.commands_running import CommandsRunning


async def test_nothing_is_waited_for_when_nothing_is_run() -> None:
    await CommandsRunning().finish(within_s=60)


async def test_the_end_comes_when_the_last_command_has_answered() -> None:
    commands = CommandsRunning()
    commands.began(1)
    commands.began(2)
    end = asyncio.create_task(commands.finish(within_s=60))
    commands.ended(1)
    await asyncio.sleep(0)
    assert not end.done()

    commands.ended(2)
    await end


async def test_a_command_that_hangs_is_left() -> None:
    commands = CommandsRunning()
    commands.began(1)
    await commands.finish(within_s=0)

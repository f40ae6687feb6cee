"""A process that stands still loses the lead, and notices before it asks or writes anything."""

import asyncio
import signal
from pathlib import Path

from tests.e2e.hurried import SHORTER
from tests.e2e.opening import open_scene

TAKEN_OVER_WITHIN_S = 30.0
# A lease has to run out: two starts, and up to half a minute.
COUNTS = "GET /2/users/:id/tweets"


async def test_another_takes_over_from_one_that_stands_still(
    postgres_url: str, tmp_path: Path
) -> None:
    async with open_scene(tmp_path, postgres_url) as scene:
        frozen = await scene.start_bot(**{SHORTER: "lease"})
        post, channel_id = scene.post(), await scene.new_channel()
        await scene.watch(post, channel_id)
        await scene.announcement(scene.like(post), channel_id)
        logs_in = scene.discord_fault("GET /users/@me")
        await scene.begin_bot(X_REDIRECT_URL="", **{SHORTER: "lease"})  # its port is taken
        await scene.wait_for(logs_in.struck.wait(), "the second logs in")

        # It stands still with X's answer on its way to it.
        slow = scene.x_fault("GET /2/tweets", delay_s=1, after=True)
        slower = scene.x_fault(COUNTS, delay_s=1, after=True)
        await scene.wait_for(
            asyncio.wait(
                [asyncio.create_task(fault.struck.wait()) for fault in (slow, slower)],
                return_when=asyncio.FIRST_COMPLETED,
            ),
            "it asks",
        )
        frozen.process.send_signal(signal.SIGSTOP)
        scene.mend()
        loop = asyncio.get_running_loop()
        since = loop.time()
        await scene.announcement(scene.like(post), channel_id)
        assert loop.time() - since < TAKEN_OVER_WITHIN_S

        frozen.process.send_signal(signal.SIGCONT)
        await frozen.says("another process leads by now")
        await scene.announcement(scene.like(post), channel_id)
        await scene.all_told(likes=3)
        assert {entry["status"] for entry in await scene.x("GET", "/requests")} == {200}

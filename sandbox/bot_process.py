"""The real bot as a process of its own, as on any other day: only its settings differ."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

_PROJECT = Path(__file__).resolve().parents[1]
_STOPS_WITHIN_S = 8.0


@asynccontextmanager
async def bot_process(
    settings: Mapping[str, str], folder: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the bot in `folder`, where no .env of the user's is found, and stop it at the end."""
    inherited = {name: value for name, value in os.environ.items() if not _is_setting(name)}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        cwd=folder,
        env={**inherited, "PYTHONPATH": str(_PROJECT), **settings},
        stdin=asyncio.subprocess.DEVNULL,
        # Ctrl-C in the terminal is for the demo, which then stops the bot.
        start_new_session=True,
    )
    try:
        yield process
    finally:
        await _stop(process)


def _is_setting(name: str) -> bool:
    return name.startswith(("DISCORD_", "X_")) or name in {
        "DATABASE_URL",
        "SECRET_KEY",
        "PROBE_SECONDS",
        "MONTHLY_BUDGET_USD",
        "METRICS_PORT",
    }


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(_STOPS_WITHIN_S):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()

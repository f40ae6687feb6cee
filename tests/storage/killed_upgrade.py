"""An upgrade that is killed: run by a process of its own, which imports no more than it needs."""

import asyncio
import os
import signal

from sqlalchemy import Engine, event

from storage.database import Database
from tests.e2e.forked import PRELOADED
from tests.e2e.forks import Fork


def _upgrade_until(url: str, version: str) -> None:
    """Upgrade, and be killed when this version's changes are made and not yet noted."""

    @event.listens_for(Engine, "before_cursor_execute")
    def _about_to(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if f"SET version_num='{version}'" in statement:
            os.kill(os.getpid(), signal.SIGKILL)

    asyncio.run(Database(url).upgrade())


async def killed_in(url: str, version: str) -> None:
    ended = Fork(PRELOADED, _upgrade_until, url, version)
    assert await asyncio.to_thread(ended.join) == -signal.SIGKILL

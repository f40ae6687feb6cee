"""Two that do the same at the same moment on one PostgreSQL, without a sleep or a race.

Its own locks hold them: whoever wants to write waits until the other is as far.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from sqlalchemy import text
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.database import Database
from tests.databases import opened

Result = TypeVar("Result")
_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


async def until_waiting(database: Database, tasks: list["asyncio.Task[Any]"]) -> None:
    """Wait until each of these waits for a lock of the database, or is done."""
    while True:
        async with database.reading() as session:
            waiting: int = (await session.exec(_WAITING)).scalar_one()
        if waiting >= sum(not task.done() for task in tasks):
            return
        await asyncio.sleep(0.005)


async def all_looking_before_any_writes(
    url: str, table: type[SQLModel], *works: Coroutine[Any, Any, Result]
) -> list[Any]:
    """Let all of these look at a table, one after the other, before any writes to it.

    Who is the first to write is known only where the others have to wait for them.
    """
    name = str(table.__tablename__)
    tasks: list[asyncio.Task[Result]] = []
    async with opened(url) as holding, opened(url) as watching, holding.always() as session:
        # Others may read it, and lock its rows.
        await session.exec(text(f"LOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE"))
        for work in works:
            tasks.append(asyncio.create_task(work))
            await until_waiting(watching, tasks)
    return await asyncio.gather(*tasks, return_exceptions=True)


async def before_it_is_stored(
    url: str,
    first: Callable[[AsyncSession], Awaitable[object]],
    *others: Coroutine[Any, Any, Any],
) -> list[Any]:
    """Do the others, one after the other, after the first has written and before it is stored."""
    tasks: list[asyncio.Task[Any]] = []
    async with opened(url) as holding, opened(url) as watching, holding.always() as session:
        await first(session)
        for other in others:
            tasks.append(asyncio.create_task(other))
            await until_waiting(watching, tasks)
    return await asyncio.gather(*tasks)


async def while_another_waits(
    url: str,
    first: Callable[[AsyncSession], Awaitable[object]],
    other: Coroutine[Any, Any, Result],
    then: Callable[[AsyncSession], Awaitable[object]],
) -> Result:
    """Do one half of a transaction, let another come as far as it can, and do the other half.

    Where each has by then what the other wants, PostgreSQL ends one of them.
    """
    async with opened(url) as holding, opened(url) as watching:
        async with holding.transaction() as session:
            await first(session)
            task = asyncio.create_task(other)
            await until_waiting(watching, [task])
            try:
                await then(session)
            except BaseException:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                raise
        return await task

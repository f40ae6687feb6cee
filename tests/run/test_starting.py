"""What the database refuses at a start ends it with a sentence, or is tried again."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.orm.exc import StaleDataError

from bot.domain.errors import SettingsError
from bot.run import app
from bot.run.settings import Settings
from storage.database import Database
from storage.models import CommandScope
from storage.upsert import insert_if_missing

Start = Callable[[], Coroutine[Any, Any, None]]


async def _run(url: str, monkeypatch: pytest.MonkeyPatch, *starts: Start) -> list[float]:
    """Be the bot, whose first tries to start do this; return how long it waited between them."""
    coming, waited = list(starts), list[float]()

    async def start(*_: object) -> None:
        await coming.pop(0)()

    async def pause(_stop: asyncio.Event, seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(app, "_run_until", start)
    monkeypatch.setattr(app, "pause", pause)
    monkeypatch.setattr(app, "stop_on_signals", asyncio.Event)
    monkeypatch.setattr(app, "point_at", lambda *_: None)
    given = {"database_url": url, "discord_token": "d1sc0rdd1sc0rd", "x_bearer_token": "b3ar3r"}
    await app.run(Settings.model_validate(given))
    assert coming == []
    return waited


async def _is_well() -> None:
    pass


async def test_what_another_process_wrote_a_moment_ago_is_found_by_the_next_try(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def writes_what_is_there() -> None:
        async with database.transaction() as session:
            await insert_if_missing(session, CommandScope, {"guild_id": 1})
            await session.exec(text("INSERT INTO command_scope (guild_id) VALUES (1)"))

    async def changes_what_is_not_there() -> None:
        raise StaleDataError

    tries = (writes_what_is_there, changes_what_is_not_there, _is_well)
    assert await _run(database_url, monkeypatch, *tries) == [1, 2]


async def test_what_no_second_try_mends_ends_it_with_a_sentence(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def reads_what_is_not_there() -> None:
        async with database.reading() as session:
            await session.exec(text("SELECT * FROM nowhere"))

    with pytest.raises(SettingsError, match=r"the database cannot be used at .*nowhere"):
        await _run(database_url, monkeypatch, reads_what_is_not_there)


async def test_a_mistake_of_ours_is_told_whole(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def makes_a_mistake() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await _run(sqlite_url, monkeypatch, makes_a_mistake)


async def test_who_may_not_write_is_told_so(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def may_not() -> None:
        raise asyncpg.InsufficientPrivilegeError("permission denied for table charge")

    with pytest.raises(SettingsError, match="permission denied for table charge"):
        await _run(postgres_url, monkeypatch, may_not)

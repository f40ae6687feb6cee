"""A database that cannot be opened says why in one line."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, literal, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from storage.database import Database
from storage.outages import CannotOpen, why_away
from tests.databases import SqliteFiles, opened


async def _why_not(url: str) -> str:
    async with opened(url) as database:
        with pytest.raises(CannotOpen) as caught:
            await database.upgrade()
    return str(caught.value)


async def test_a_server_that_is_not_there() -> None:
    assert "Connect call failed" in await _why_not("postgresql+asyncpg://127.0.0.1:9/x")


async def test_a_server_that_ends_a_connection_as_soon_as_it_is_there(postgres_url: str) -> None:
    """It says so before it does, and asyncpg is asked in between."""
    said = b"SFATAL\0C57P01\0Mterminating connection due to administrator command\0\0"
    database = Database(postgres_url)

    def end_it(connection: Any, _record: object) -> None:
        driver = connection.driver_connection
        driver._protocol.data_received(b"E" + (len(said) + 4).to_bytes(4, "big") + said)

    try:
        async with database.reading() as session:
            await session.exec(select(literal(1)))
        await database.close()
        event.listen(database._engine.sync_engine, "connect", end_it, insert=True)
        async with database.reading() as session:
            with pytest.raises(DBAPIError) as caught:
                await session.exec(select(literal(1)))
        assert why_away(caught.value) == "there is no connection to it"
        event.remove(database._engine.sync_engine, "connect", end_it)
        event.listen(database._engine.sync_engine, "connect", end_it, insert=True, once=True)
        async with database.reading() as session:
            assert (await session.exec(select(literal(1)))).one() == 1
    finally:
        await database.close()


async def test_a_database_that_the_server_does_not_have(postgres_url: str) -> None:
    address, _, query = postgres_url.partition("?")
    nowhere = f"{address.rpartition('/')[0]}/nowhere?{query}"

    assert await _why_not(nowhere) == 'database "nowhere" does not exist'


async def test_a_file_in_no_folder() -> None:
    assert await _why_not("sqlite+aiosqlite:////no/x.db") == "unable to open database file"


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear database, " * 100, encoding="utf-8")

    assert await _why_not(f"sqlite+aiosqlite:///{file}") == "file is not a database"


async def test_tables_of_a_newer_likecord_are_left_alone(own_database_url: str) -> None:
    async with opened(own_database_url) as database, database.transaction() as session:
        connection = await session.connection()
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    assert await _why_not(own_database_url) == "its tables are of a newer Likecord"


async def test_of_tables_of_a_newer_likecord_no_copy_is_made(
    sqlite_files: SqliteFiles, tmp_path: Path
) -> None:
    newer = sqlite_files.copy(tmp_path / "newer.db")
    await test_tables_of_a_newer_likecord_are_left_alone(newer)

    assert _names_in(tmp_path) == ["newer.db"]


def _names_in(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())

"""The migrations make the tables that the models describe, once, and take them back."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import SQLModel

from storage.database import Database
from storage.migrating import alembic_config
from storage.models import Post
from tests.databases import SqliteFiles, opened
from tests.storage.rows import store_post


def _tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def test_migrated_tables_equal_the_models(database_url: str) -> None:
    """`Database.upgrade` has made those that all tests are given."""

    def differences(connection: Connection) -> object:
        context = MigrationContext.configure(connection)
        return compare_metadata(context, SQLModel.metadata)

    engine = create_async_engine(database_url)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
        assert await connection.run_sync(_tables) == {*SQLModel.metadata.tables, "alembic_version"}
    await engine.dispose()


async def test_upgrading_twice_keeps_what_is_there(database: Database) -> None:
    await store_post(database, 7)

    await database.upgrade()

    async with database.reading() as session:
        assert await session.get(Post, 7) is not None


async def test_processes_that_start_at_once_all_find_the_tables(empty_database_url: str) -> None:
    databases = [Database(empty_database_url) for _ in range(3)]

    await asyncio.gather(*(database.upgrade() for database in databases))

    for number, database in enumerate(databases, start=1):
        await store_post(database, number)
        await database.close()


async def test_a_new_file_that_another_process_writes_is_waited_for(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "new.db")) as other:
        other.execute("BEGIN EXCLUSIVE")
        database = Database(SqliteFiles.url(tmp_path / "new.db"))
        upgrade = asyncio.create_task(database.upgrade())
        await asyncio.wait({upgrade}, timeout=0.2)

        other.rollback()

    await upgrade
    await store_post(database, 7)
    await database.close()


async def test_downgrading_takes_every_table_back(own_database_url: str) -> None:
    def downgrade(connection: Connection) -> None:
        command.downgrade(alembic_config(connection), "base")

    engine = create_async_engine(own_database_url)

    async with engine.begin() as connection:
        await connection.run_sync(downgrade)
        assert await connection.run_sync(_tables) == {"alembic_version"}
    await engine.dispose()

    async with opened(own_database_url) as database:
        await database.upgrade()

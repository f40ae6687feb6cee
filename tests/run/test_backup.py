"""Backups: everything is in one file while the bot goes on, and comes back on either database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import SQLModel, select

from bot.domain.errors import Mistake, SettingsError
from bot.run.backup import backup, copy, restore
from storage.database import Database
from storage.lead import Lead
from storage.models import Announcement, Guild, Post, PostLike, Watch, XAccount, XUser
from storage.one_process import only_process
from tests.databases import SqliteFiles, opened
from tests.storage.rows import CHANNEL, GUILD, NOW, POST, a_watch, store_post

_TABLES: tuple[type[SQLModel], ...] = (XUser, XAccount, Guild, Post, PostLike, Watch, Announcement)


async def fill(database: Database) -> None:
    await store_post(database, POST)
    async with database.transaction() as session:
        session.add(Guild(id=GUILD, channel_id=CHANNEL))
        session.add(XUser(id=7, username="ada", name="Ada 🤖"))
        account = {"username": "ada", "scopes": "", "created_at": NOW, "oauth1": b"\x00sealed"}
        session.add(XAccount(x_user_id=7, **account))
        await session.flush()
        session.add(PostLike(post_id=POST, user_id=7, first_seen_at=NOW))
        session.add(a_watch())


async def held(database: Database) -> list[object]:
    async with database.reading() as session:
        return [row.model_dump() for table in _TABLES for row in await session.exec(select(table))]


async def add_watch(database: Database) -> int | None:
    async with database.transaction() as session:
        watch = a_watch(channel_id=CHANNEL + 1)
        session.add(watch)
        await session.flush()
        return watch.id


@pytest.fixture
async def elsewhere(postgres_url: str) -> AsyncIterator[Database]:
    async with opened(postgres_url) as database:
        yield database


async def test_a_backup_comes_back(database: Database, database_url: str, tmp_path: Path) -> None:
    await fill(database)
    before = await held(database)

    await backup(database_url, tmp_path / "saved.db")
    await add_watch(database)
    await restore(database_url, tmp_path / "saved.db")

    assert len(before) == 6
    assert await held(database) == before
    assert await add_watch(database) == 2, "numbers go on"
    assert [file.name for file in _files(tmp_path)] == ["saved.db"]


async def test_a_backup_holds_what_was_written_last(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    """Also what SQLite has in its log beside the file."""
    await fill(database)
    await backup(database_url, tmp_path / "saved.db")

    async with opened(SqliteFiles.url(tmp_path / "saved.db")) as saved:
        assert await held(saved) == await held(database)


async def test_sqlite_moves_to_postgresql(
    sqlite: Database, sqlite_url: str, elsewhere: Database, postgres_url: str
) -> None:
    await fill(sqlite)

    rows = await copy(sqlite_url, postgres_url)

    assert rows == len(await held(sqlite)) == 6
    assert await held(elsewhere) == await held(sqlite)
    assert await add_watch(elsewhere) == 2, "numbers go on"
    with pytest.raises(Mistake, match="rows already"):
        await copy(sqlite_url, postgres_url)


async def test_what_a_bot_runs_on_is_not_replaced(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    await fill(database)
    await backup(database_url, tmp_path / "saved.db")
    lead = Lead(database)
    assert await lead.is_ours()

    with only_process(database_url), pytest.raises((Mistake, SettingsError), match=r"runs on|stop"):
        await restore(database_url, tmp_path / "saved.db")

    await lead.give_up()
    await restore(database_url, tmp_path / "saved.db")


async def test_files_that_are_no_backup(sqlite_url: str, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear database, " * 100, encoding="utf-8")
    with pytest.raises(Mistake, match="file is not a database"):
        await restore(sqlite_url, letter)
    with pytest.raises(Mistake, match="is not there"):
        await restore(sqlite_url, tmp_path / "no.db")
    with pytest.raises(Mistake, match="already"):
        await backup(sqlite_url, letter)
    with pytest.raises(Mistake, match=r"No such file|unable to open"):
        await backup(sqlite_url, tmp_path / "no" / "saved.db")
    assert letter.read_text(encoding="utf-8").startswith("Dear")


def _files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())

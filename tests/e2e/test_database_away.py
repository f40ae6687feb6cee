"""A database that is away at the start, and a disk that is full, are waited for and told of."""

import asyncio
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import asyncpg
import pytest

from sandbox.stage import free_port
from tests.databases import SqliteFiles
from tests.e2e.hurried import SHORTER
from tests.e2e.opening import open_scene

_END_ALL = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid != pg_backend_pid()"
)
AWAY, BACK = "the database cannot be reached", "the database can be reached again"


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
    writer.close()


@asynccontextmanager
async def server_on(port: int, socket_folder: str) -> AsyncIterator[None]:
    """Let a PostgreSQL that listens in a folder be reached at a port; then cut it off."""
    ends: list[asyncio.StreamWriter] = []

    async def come(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = f"{socket_folder}/.s.PGSQL.5432"
        there, back = await asyncio.open_unix_connection(path)
        ends.extend((back, writer))
        await asyncio.gather(_pass_on(reader, back), _pass_on(there, writer))

    server = await asyncio.start_server(come, "127.0.0.1", port)
    try:
        yield
    finally:
        server.close()
        for end in ends:
            end.close()


def at_a_free_port(postgres_url: str) -> tuple[str, int, str]:
    """Return an address with a port that leads nowhere yet, the port, and the server's folder."""
    port = free_port()
    address, _, folder = postgres_url.partition("?host=")
    return f"{address.replace('@/', f'@127.0.0.1:{port}/')}?ssl=disable", port, folder


async def test_a_server_that_goes_while_the_bot_runs(postgres_url: str, tmp_path: Path) -> None:
    url, port, folder = at_a_free_port(postgres_url)
    async with open_scene(tmp_path, url) as scene:
        async with server_on(port, folder):
            bot = await scene.start_bot()
            post, channel_id = scene.post(), await scene.new_channel()
            await scene.watch(post, channel_id)
        await bot.says("the database cannot be used: ")
        await bot.says("Connect call failed")
        async with server_on(port, folder):
            await scene.announcement(scene.like(post), channel_id)
            assert "Traceback" not in bot.log, bot.log
            assert await bot.stop() == 0


@asynccontextmanager
async def connection_to(postgres_url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    server = await asyncpg.connect(postgres_url.replace("+asyncpg", ""))
    try:
        yield server
    finally:
        await server.close()


async def test_a_server_that_is_restarted(postgres_url: str, tmp_path: Path) -> None:
    """It ends every connection, as a restart does, in the middle of whatever is done in it."""
    async with open_scene(tmp_path, postgres_url) as scene:
        bot = await scene.start_bot()
        post, channel_id = scene.post(), await scene.new_channel()
        await scene.watch(post, channel_id)
        async with connection_to(postgres_url) as server:
            for _ in range(3):
                liker = scene.like(post)
                await server.execute(_END_ALL)
                await scene.announcement(liker, channel_id)
        assert "Traceback" not in bot.log, bot.log
        assert await bot.stop() == 0


async def test_a_server_that_is_away_at_the_start(postgres_url: str, tmp_path: Path) -> None:
    url, port, folder = at_a_free_port(postgres_url)
    async with open_scene(tmp_path, url) as scene:
        bot = await scene.begin_bot()
        await bot.says(AWAY)
        assert "Connect call failed" in bot.log
        async with server_on(port, folder):
            await scene.connected()
            assert BACK in bot.log
            assert bot.log.count(AWAY) == 1
            assert await bot.stop() == 0


async def test_stopped_while_the_database_is_away(tmp_path: Path) -> None:
    async with open_scene(tmp_path, "postgresql://bot:hunter22@127.0.0.1:9/x") as scene:
        bot = await scene.begin_bot()
        await bot.says(AWAY)
        assert await bot.stop() == 0
        assert "hunter22" not in bot.log


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, which is soon full."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:  # noqa: S603
        pytest.skip("only root can mount a small disk")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S603, S607


async def test_a_full_disk_at_the_start(
    small_disk: Path, sqlite_files: SqliteFiles, tmp_path: Path
) -> None:
    url = sqlite_files.copy(small_disk / "likecord.db")
    filler = small_disk / "filler"
    with pytest.raises(OSError, match="No space left"):
        filler.write_bytes(b"\0" * 4_000_000)
    async with open_scene(tmp_path, url) as scene:
        bot = await scene.begin_bot()
        await bot.says(AWAY)
        assert "its disk is full" in bot.log
        filler.unlink()
        await scene.connected()
        assert BACK in bot.log


async def test_a_disk_that_is_full_while_the_bot_runs(
    small_disk: Path, sqlite_files: SqliteFiles, tmp_path: Path
) -> None:
    url = sqlite_files.copy(small_disk / "likecord.db")
    async with open_scene(tmp_path, url) as scene:
        bot = await scene.start_bot()
        post, channel_id = scene.post(), await scene.new_channel()
        await scene.watch(post, channel_id)
        filler = small_disk / "filler"
        with pytest.raises(OSError, match="No space left"):
            filler.write_bytes(b"\0" * 4_000_000)
        liker = scene.like(post)
        await bot.says("the database cannot be used: its disk is full")
        filler.unlink()
        await scene.announcement(liker, channel_id)
        assert "Traceback" not in bot.log, bot.log
        assert await bot.stop() == 0


async def test_a_file_that_another_program_has_locked(sqlite_url: str, tmp_path: Path) -> None:
    file = sqlite_url.removeprefix("sqlite+aiosqlite:///")
    async with open_scene(tmp_path, sqlite_url) as scene:
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            bot = await scene.begin_bot(**{SHORTER: "locks"})
            await bot.says(AWAY)
            assert "another program has it locked" in bot.log
            other.execute("ROLLBACK")
        await scene.connected()
        assert BACK in bot.log

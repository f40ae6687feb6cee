"""Commands end quietly, and with the right code, whatever becomes of their output."""

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlmodel import insert

from storage.models import PostLike, XUser
from tests.databases import opened
from tests.e2e.forked import Start, fork
from tests.e2e.harness import Scene
from tests.e2e.process import _command, _environment, run_command, start_command
from tests.storage.rows import NOW, POST, store_post

NAME = "Zoë 🤖 ليلى"
FULL = b"The output cannot be written: No space left on device.\n"


@pytest.fixture
async def full(sqlite_url: str) -> dict[str, str]:
    """The settings for a database whose export is longer than a pipe holds."""
    async with opened(sqlite_url) as database:
        await store_post(database)
        people = [{"id": i, "username": f"user_{i}", "name": NAME} for i in range(1, 2001)]
        likes = [{"post_id": POST, "user_id": i, "first_seen_at": NOW} for i in range(1, 2001)]
        async with database.transaction() as session:
            connection = await session.connection()
            await connection.execute(insert(XUser), people)
            await connection.execute(insert(PostLike), likes)
    return {"DATABASE_URL": sqlite_url}


async def test_a_reader_that_has_enough(full: dict[str, str], tmp_path: Path) -> None:
    """What it has read is UTF-8, whatever the console is."""
    console = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"}
    process = await start_command("export", folder=tmp_path, settings={**full, **console})
    assert process.stdout is not None
    assert process.stderr is not None
    await process.stdout.readline()
    assert NAME in (await process.stdout.readline()).decode()
    process.stdout._transport.close()  # type: ignore[attr-defined]
    told = await process.stderr.read()
    assert (await process.wait(), told) == (141, b"")


async def test_a_reader_that_has_enough_of_a_check(own_scene: Scene) -> None:
    own_scene.x_fault("GET /2/users/me", delay_s=0.5)  # the rest comes when nobody reads
    folder = own_scene.folder
    out, err = folder / "out", folder / "err"
    os.mkfifo(out)
    start = Start(["check"], _environment(own_scene.settings), folder, out, err)
    process = fork(start)
    with await asyncio.to_thread(out.open, "rb") as reader:
        await asyncio.to_thread(reader.readline)
    assert await process.wait() == 141
    assert err.read_bytes() == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("command", ["key", "--help"])
async def test_a_device_that_is_full(tmp_path: Path, command: str) -> None:
    device = os.open("/dev/full", os.O_WRONLY)
    process = await asyncio.create_subprocess_exec(
        *_command(command),
        cwd=tmp_path,
        env=_environment({}),
        stdout=device,
        stderr=asyncio.subprocess.PIPE,
    )
    os.close(device)
    _, told = await process.communicate()
    assert process.returncode == 74
    assert told == FULL


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
async def test_an_export_to_a_device_that_is_full(full: dict[str, str], tmp_path: Path) -> None:
    told = tmp_path / "err"
    process = fork(Start(["export"], _environment(full), tmp_path, Path("/dev/full"), told))
    assert await process.wait() == 74
    assert told.read_bytes() == FULL


async def test_an_output_that_is_closed(tmp_path: Path) -> None:
    """A file that is opened later takes its place, in which nothing is then written."""
    process = await asyncio.create_subprocess_exec(
        *("sh", "-c", 'exec "$0" "$@" <&- >&-', *_command("db", "upgrade")),
        cwd=tmp_path,
        env=_environment({}),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    _, told = await process.communicate()
    assert (process.returncode, told) == (0, b"")
    with closing(sqlite3.connect(tmp_path / "likecord.db")) as database:
        assert database.execute("SELECT count(*) FROM watch").fetchall() == [(0,)]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
async def test_a_file_on_a_full_device(full: dict[str, str], tmp_path: Path) -> None:
    ended = await run_command("export", "--output", "/dev/full", folder=tmp_path, settings=full)
    assert (ended.code, ended.out) == (64, "")
    assert ended.err == "/dev/full cannot be written: No space left on device.\n"

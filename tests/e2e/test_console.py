"""Commands end quietly, and with the right code, whatever becomes of their output."""

import asyncio
import os
from pathlib import Path

import pytest
from sqlmodel import insert

from storage.models import PostLike, XUser
from tests.databases import opened
from tests.e2e.harness import Scene
from tests.e2e.process import _command, _environment, run_command, start_command
from tests.storage.rows import NOW, POST, store_post

NAME = "Zoë 🤖 ليلى"


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
    process = await start_command("export", folder=tmp_path, settings=full)
    assert process.stdout is not None
    assert process.stderr is not None
    await process.stdout.readline()
    process.stdout._transport.close()  # type: ignore[attr-defined]
    told = await process.stderr.read()
    assert (await process.wait(), told) == (141, b"")


async def test_a_reader_that_has_enough_of_a_check(own_scene: Scene) -> None:
    own_scene.x_fault("GET /2/users/me", delay_s=0.5)  # the rest comes when nobody reads
    settings = {**own_scene.settings, "PYTHONUNBUFFERED": "1"}
    process = await start_command("check", folder=own_scene.folder, settings=settings)
    assert process.stdout is not None
    assert process.stderr is not None
    await process.stdout.readline()
    process.stdout._transport.close()  # type: ignore[attr-defined]
    told = await process.stderr.read()
    assert (await process.wait(), told) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("command", [["export"], ["key"], ["--help"]])
async def test_a_device_that_is_full(
    full: dict[str, str], tmp_path: Path, command: list[str]
) -> None:
    device = os.open("/dev/full", os.O_WRONLY)
    process = await asyncio.create_subprocess_exec(
        *_command(*command),
        cwd=tmp_path,
        env=_environment(full),
        stdout=device,
        stderr=asyncio.subprocess.PIPE,
    )
    os.close(device)
    _, told = await process.communicate()
    assert process.returncode == 74
    assert told == b"The output cannot be written: No space left on device.\n"


async def test_an_output_that_is_closed(full: dict[str, str], tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *("sh", "-c", 'exec "$0" "$@" <&- >&-', *_command("export", "--post", "12")),
        cwd=tmp_path,
        env=_environment(full),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    _, told = await process.communicate()
    assert (process.returncode, told) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
async def test_a_file_on_a_full_device(full: dict[str, str], tmp_path: Path) -> None:
    ended = await run_command("export", "--output", "/dev/full", folder=tmp_path, settings=full)
    assert (ended.code, ended.out) == (64, "")
    assert ended.err == "/dev/full cannot be written: No space left on device.\n"


async def test_utf_8_whatever_the_console_is(full: dict[str, str], tmp_path: Path) -> None:
    console = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"}
    process = await start_command("export", folder=tmp_path, settings={**full, **console})
    out, err = await process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert NAME in out.decode()


async def test_what_the_sandbox_prints_is_settings_alone(tmp_path: Path) -> None:
    ports = [f"--{name}-port=0" for name in ("x", "discord", "web")]
    process = await start_command("sandbox", *ports, folder=tmp_path)
    assert process.stdout is not None
    lines = []
    while not lines or "READY" not in lines[-1]:
        lines.append((await process.stdout.readline()).decode())
    process.terminate()
    rest, _ = await process.communicate()
    assert [line for line in lines if not line.startswith("#") and "=" not in line] == []
    assert rest == b""

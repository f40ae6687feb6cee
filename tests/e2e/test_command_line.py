"""The other commands: sandbox, db upgrade, export."""

import asyncio
import csv
import io
import json
import signal
import sqlite3
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import aiohttp
import pytest

from tests.databases import opened
from tests.e2e.harness import Scene
from tests.e2e.process import Ended, run_command, start_command
from tests.patience import GUARD_S

# Enough to be complete, and good for nothing.
COMPLETE = {"DISCORD_TOKEN": "MTE.sandbox.a-token", "X_BEARER_TOKEN": "b3ar3r"}


@asynccontextmanager
async def running(*arguments: str, folder: Path) -> AsyncIterator[Process]:
    """Run a command that goes on until it is stopped; see that it then ends well."""
    process = await start_command(*arguments, folder=folder)
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(GUARD_S):
            rest, _ = await process.communicate()
        assert (process.returncode, rest) == (0, b"")
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def read_until(stream: asyncio.StreamReader | None, word: str) -> list[str]:
    """Return the lines before the one that holds this word."""
    assert stream is not None
    lines: list[str] = []
    async with asyncio.timeout(GUARD_S):
        while line := (await stream.readline()).decode():
            if word in line:
                return lines
            lines.append(line)
    raise AssertionError(f"no {word} in {lines}")


async def test_a_bot_works_with_what_the_sandbox_prints(tmp_path: Path) -> None:
    home, elsewhere = tmp_path / "bot", tmp_path / "sandbox"
    home.mkdir()
    elsewhere.mkdir()
    ports = [f"--{name}-port=0" for name in ("x", "discord", "web")]
    async with running("sandbox", *ports, folder=elsewhere) as sandbox:
        lines = await read_until(sandbox.stdout, "READY")
        assert [line for line in lines if not line.startswith("#") and "=" not in line] == []
        # Its last line as well, as in a file that its output goes to.
        (home / ".env").write_text("".join([*lines, "# READY\n"]))
        told = (line.rstrip("\n") for line in lines if not line.startswith("#"))
        settings = dict(line.split("=", 1) for line in told)
        async with running("run", folder=home) as bot:
            await read_until(bot.stderr, "connected to Discord")
            url = f"{settings['X_API_URL']}/sandbox/requests"
            async with aiohttp.ClientSession() as http, http.get(url) as response:
                asked = await response.json()
            assert ("/2/users/me", 200) in [(each["path"], each["status"]) for each in asked]
    assert (home / "likecord.db").exists()


async def test_db_upgrade_makes_the_tables(empty_database_url: str, tmp_path: Path) -> None:
    settings = {"DATABASE_URL": empty_database_url}

    async with opened(empty_database_url) as database:
        ended = await run_command("db", "upgrade", folder=tmp_path, settings=settings)

        async with database.reading() as session:
            connection = await session.connection()
            tables = await connection.run_sync(lambda sync: sync.dialect.get_table_names(sync))
    assert {"guild", "watch", "post", "post_like", "announcement"} <= set(tables)
    assert ended == Ended(0, "The tables are up to date.\n", "")


async def test_export_writes_the_likes_that_are_stored(own_scene: Scene) -> None:
    scene = own_scene
    await scene.start_bot()
    post, other = scene.post(), scene.post()
    channel_id = await scene.new_channel()
    names = ["=1+1", 'Zoë, "Z" 🦊']
    likers = [scene.like(post, scene.person(name)) for name in names]
    scene.like(other)
    await scene.watch(post, channel_id)
    await scene.watch(other, channel_id)
    await scene.announcement(scene.like(other), channel_id)

    async def export(*options: str) -> str:
        ended = await run_command("export", *options, folder=scene.folder, settings=scene.settings)
        assert (ended.code, ended.err) == (0, "")
        return ended.out

    as_json = [json.loads(line) for line in (await export("--format", "json")).splitlines()]
    assert await export("--post", str(post.id), "--output", "likes.csv") == ""
    written = (scene.folder / "likes.csv").read_text(encoding="utf-8")
    as_csv = list(csv.DictReader(io.StringIO(written)))

    assert len(as_json) == 4
    assert [row["name"] for row in as_json[:2]] == names
    assert [row["username"] for row in as_csv] == [liker.username for liker in likers]
    assert [row["name"] for row in as_csv] == [f"'{names[0]}", names[1]]
    assert all(row["post_id"] == str(post.id) for row in as_csv)


async def test_export_of_what_is_no_post(tmp_path: Path) -> None:
    ended = await run_command("export", "--post", "nonsense", folder=tmp_path)

    assert ended.code == 64
    assert ended.out == ""
    assert ended.err.startswith("I can't find an X post in that. Paste its link, such as https:")
    assert "`" not in ended.err


async def test_a_port_that_cannot_be_one(tmp_path: Path) -> None:
    ended = await run_command("demo", "--port", "65536", folder=tmp_path)

    assert (ended.code, ended.out) == (2, "")
    assert ended.err.endswith("argument --port: 65536 is not a port: 0 to 65535\n")


async def test_export_into_a_folder_that_is_not_there(tmp_path: Path) -> None:
    ended = await run_command("export", "--output", "no/likes.csv", folder=tmp_path)

    assert ended == Ended(64, "", "no/likes.csv cannot be written: No such file or directory.\n")


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("postgresql://bot:hunter22@127.0.0.1:9/x", "Connect call failed"),
        ("sqlite:///no/likecord.db", "unable to open database file"),
    ],
)
async def test_a_database_that_is_not_there(tmp_path: Path, address: str, reason: str) -> None:
    ended = await run_command("export", folder=tmp_path, settings={"DATABASE_URL": address})

    assert (ended.code, ended.out) == (78, "")
    (line,) = ended.err.splitlines()
    assert line.startswith("DATABASE_URL: the database cannot be opened at ")
    assert reason in line
    assert "hunter22" not in line


async def test_a_bot_without_its_database_ends(tmp_path: Path) -> None:
    """It waits for one that is away; a folder that is not there is a mistake."""
    settings = {**COMPLETE, "DATABASE_URL": "sqlite:///no/likecord.db"}

    ended = await run_command("run", folder=tmp_path, settings=settings)

    line = "DATABASE_URL: the database cannot be opened at sqlite+aiosqlite:///no/likecord.db"
    assert ended == Ended(78, "", f"{line} (unable to open database file)\n")


async def test_a_database_of_a_newer_version(tmp_path: Path) -> None:
    await run_command("db", "upgrade", folder=tmp_path)
    with closing(sqlite3.connect(tmp_path / "likecord.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")

    for command in ("run", "export"):
        ended = await run_command(command, folder=tmp_path, settings=COMPLETE)
        line = "DATABASE_URL: the database cannot be opened at sqlite+aiosqlite:///likecord.db"
        assert ended == Ended(78, "", f"{line} (its tables are of a newer Likecord)\n")


async def test_only_the_database_is_needed_to_look_after_it(tmp_path: Path) -> None:
    settings = {"DISCORD_TOKEN": "your-token-here", "PROBE_SECONDS": "soon"}

    upgraded = await run_command("db", "upgrade", folder=tmp_path, settings=settings)
    exported = await run_command("export", folder=tmp_path, settings=settings)

    assert (upgraded.code, exported.code) == (0, 0)
    assert exported.out.startswith("post_id,user_id,")

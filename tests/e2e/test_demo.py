"""The demo as its own process: how it ends, and that it tells each like once."""

import asyncio
import json
import signal
from pathlib import Path

import pytest

from tests.e2e.process import run_command, start_command
from tests.patience import GUARD_S

KEYS = ["likes", "announced", "missing", "twice", "p50_s", "p95_s"]


@pytest.mark.timeout(200)
async def test_with_seconds_it_ends_by_itself_with_its_score(tmp_path: Path) -> None:
    options = ("--seconds", "3", "--rate", "600", "--port", "0")

    ended = await run_command("demo", *options, folder=tmp_path, within_s=180)

    assert ended.code == 0, ended.err
    (line,) = ended.out.splitlines()
    score = json.loads(line)
    assert list(score) == KEYS
    assert score["likes"] > 0
    assert score["likes"] == score["announced"]
    assert (score["missing"], score["twice"]) == (0, 0)
    assert "goes on for 3 s" in ended.err
    assert "Traceback" not in ended.err


async def test_without_seconds_ctrl_c_ends_it_with_a_farewell(tmp_path: Path) -> None:
    demo = await start_command("demo", "--port", "0", folder=tmp_path)
    assert demo.stderr is not None
    async with asyncio.timeout(GUARD_S):
        async for line in demo.stderr:
            if b"goes on until Ctrl-C" in line:
                break
        demo.send_signal(signal.SIGINT)
        out, err = await demo.communicate()

    assert demo.returncode == 0, err.decode()
    assert out == b""
    assert err.decode().endswith("The demo has ended.\n")


async def test_it_ends_with_its_bot(tmp_path: Path) -> None:
    ended = await run_command("demo", "--port", "0", "--db", "nonsense", folder=tmp_path)

    assert ended.code == 1
    assert ended.out == ""
    assert "DATABASE_URL" in ended.err
    assert ended.err.endswith("The bot ended by itself, and so did the demo.\n")

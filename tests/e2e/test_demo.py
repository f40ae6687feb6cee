"""The demo as its own process: how it ends, and that it tells each like once."""

import json
import signal
from pathlib import Path

from tests.e2e.forked import AS_SHIPPED, Start, fork
from tests.e2e.hurried import SHORTER
from tests.e2e.process import Bot, _environment, run_command

KEYS = ["likes", "announced", "missing", "twice", "p50_s", "p95_s"]


async def test_with_seconds_it_ends_by_itself_with_its_score(tmp_path: Path) -> None:
    options = ("--seconds", "1", "--rate", "60", "--port", "0")

    # Here few likes are enough: what may be pushed yet, or was counted and not listed when the
    # watch began, is not waited for.
    settings = {"PUSH": "off", SHORTER: "looks"}
    ended = await run_command("demo", *options, folder=tmp_path, settings=settings)

    assert ended.code == 0, ended.err
    (line,) = ended.out.splitlines()
    score = json.loads(line)
    assert list(score) == KEYS
    assert score["likes"] > 0
    assert score["likes"] == score["announced"]
    assert (score["missing"], score["twice"]) == (0, 0)
    assert "goes on for 1 s" in ended.err
    assert "Traceback" not in ended.err


async def test_without_seconds_ctrl_c_ends_it_with_a_farewell(tmp_path: Path) -> None:
    said, told = tmp_path / "out", tmp_path / "err"
    arguments = ["demo", "--port", "0"]
    demo = Bot(fork(Start(arguments, _environment({}), tmp_path, said, told)), told)
    await demo.says("goes on until Ctrl-C")
    await demo.says("likes come by themselves")

    assert await demo.stop(signal.SIGINT) == 0, demo.log

    assert said.read_text() == ""
    assert demo.log.endswith("The demo has ended.\n")


async def test_it_ends_with_its_bot(tmp_path: Path) -> None:
    """The bot is started as users' demos start it."""
    options = ("--port", "0", "--db", "nonsense")
    ended = await run_command("demo", *options, folder=tmp_path, settings={AS_SHIPPED: "1"})

    assert ended.code == 1
    assert ended.out == ""
    assert "DATABASE_URL" in ended.err
    assert ended.err.endswith("The bot ended by itself, and so did the demo.\n")

"""The long soak: `make soak`, or with other numbers `python -m tests.crash --kills 300`.

Prints one JSON line for each kind of database and number of processes; exits 1 when anything was
lost, told twice, untrue, or refused by X for our own pace.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from tests.crash.soak import Course, Result, Soak
from tests.databases import PostgresServer, SqliteFiles
from tests.e2e.opening import open_scene
from tests.postgres_server import running_postgres

_CALM_LASTS = 60
_KINDS = (("sqlite", 1), ("postgresql", 1), ("postgresql", 4))


def main() -> None:
    options = _parser().parse_args()
    course = Course(
        kills=options.kills,
        minutes=options.minutes,
        likes_at_once=options.likes_at_once,
        longest_life=options.longest_life,
        posts=options.posts,
        as_shipped=True,
        calm_every=options.calm_every,
        calm_lasts=_CALM_LASTS,
        seed=options.seed,
    )
    wrong = False
    for database, processes in _KINDS:
        if options.only in (None, f"{database}-{processes}"):
            began = time.monotonic()
            result = _soak(database, replace(course, processes=processes), options.folder)
            told = _told(database, processes, result, time.monotonic() - began)
            print(json.dumps({**told, "seed": options.seed}), flush=True)
            wrong = wrong or bool(result.wrong)
    sys.exit(int(wrong))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="for each kind (100)")
    parser.add_argument("--minutes", type=float, help="end before, when so much time is over")
    parser.add_argument("--likes-at-once", type=int, default=3, help="mean of each burst (3)")
    parser.add_argument("--longest-life", type=int, default=12, help="in things that happen (12)")
    parser.add_argument("--calm-every", type=int, default=25, help="so many kills (25)")
    parser.add_argument("--posts", type=int, default=10, help="that are watched (10)")
    parser.add_argument(
        "--seed", type=int, default=random.randrange(10**6), help="of what goes wrong"
    )
    parser.add_argument(
        "--only", choices=[f"{database}-{processes}" for database, processes in _KINDS]
    )
    parser.add_argument("--folder", type=Path, help="keep logs and database here")
    return parser


def _soak(database: str, course: Course, kept: Path | None) -> Result:
    with _folder(kept) as folder, _database(database, folder) as url:
        return asyncio.run(_run(folder, url, course))


async def _run(folder: Path, url: str, course: Course) -> Result:
    async with open_scene(folder, url) as scene:
        return await Soak(scene, course, _tell).run()


def _tell(what: str) -> None:
    print(time.strftime("%H:%M:%S"), what, file=sys.stderr, flush=True)


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="likecord-soak-") as name:
        yield Path(name)


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield SqliteFiles.url(folder / "likecord.db")
        return
    with (
        running_postgres() as socket_dir,
        closing(PostgresServer(socket_dir)) as server,
        server.migrated() as url,
    ):
        yield url


def _told(database: str, processes: int, result: Result, seconds: float) -> dict[str, object]:
    return {
        "database": database,
        "processes": processes,
        "seconds": round(seconds),
        "kills": result.kills.total(),
        "steps": dict(result.kills),
        "troubles": result.troubles.total(),
        "unlikes": result.unlikes,
        **result.score,
        "untrue": len(result.untrue),
        "calms": result.calms,
        "cards_looked_at": result.cards_looked_at,
        "cards_behind_s": result.cards_behind_s,
        "429 of X": len(result.refused_by_x),
        "wrong": result.wrong,
    }


if __name__ == "__main__":
    main()

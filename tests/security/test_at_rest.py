"""What is stored, logged and served on this machine is for its operator alone."""

import argparse
import io
import logging
import os
import socket
import sqlite3
import stat
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from bot.__main__ import _export
from bot.run.logs import set_up_logs
from bot.run.metrics import Metrics
from bot.run.settings.model import Settings
from storage.backups import copy_sqlite, put_back
from storage.database import Database
from storage.models import XUser
from tests.databases import opened
from tests.linking import Party, an_x
from tests.run.test_logs import as_before

__all__ = ["as_before"]
SECRET = "what-a-member-wrote"
OTHER_ADDRESS = "127.0.0.2"  # of this machine too, as those of its network are
LINK_KEY = "Zm9yLXdob2V2ZXItb3BlbnMtaXQtMTIz"


@pytest.fixture(autouse=True)
def _generous_umask() -> Iterator[None]:
    before = os.umask(0o000)
    yield
    os.umask(before)


def _modes(folder: Path) -> dict[str, int]:
    return {path.name: _mode(path) for path in folder.iterdir()}


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


class TestFiles:
    async def test_a_database_and_all_beside_it(self, tmp_path: Path) -> None:
        async with opened(f"sqlite+aiosqlite:///{tmp_path / 'likecord.db'}") as database:
            await database.upgrade()
            async with database.transaction() as session:
                session.add(XUser(id=1, username=SECRET, name=SECRET))
                await session.flush()
                beside = _modes(tmp_path)
        assert beside == {
            "likecord.db": 0o600, "likecord.db-wal": 0o600, "likecord.db-shm": 0o600
        }  # fmt: skip

    async def test_a_database_that_is_there_stays_as_its_owner_made_it(
        self, tmp_path: Path
    ) -> None:
        path = tmp_path / "likecord.db"
        with closing(sqlite3.connect(path)):
            path.touch()
            path.chmod(0o640)
        async with opened(f"sqlite+aiosqlite:///{path}") as database:
            await database.upgrade()
        assert _mode(path) == 0o640

    def test_copies_of_a_database(self, tmp_path: Path) -> None:
        with closing(sqlite3.connect(tmp_path / "likecord.db")) as database:
            database.execute("CREATE TABLE kept (secret)")
        copy_sqlite(tmp_path / "likecord.db", tmp_path / "copy.db")
        put_back(tmp_path / "copy.db", tmp_path / "back.db")
        assert {_mode(tmp_path / "copy.db"), _mode(tmp_path / "back.db")} == {0o600}

    async def test_what_the_command_line_exports(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'likecord.db'}")
        output = tmp_path / "likes.csv"
        options = argparse.Namespace(format="csv", post=None, output=str(output))
        assert await _export(options) == 0
        assert _mode(output) == 0o600


class TestLogs:
    async def test_no_error_of_the_database_tells_its_values(self, database: Database) -> None:
        async with database.transaction() as session:
            session.add(XUser(id=1, username=SECRET, name=SECRET))
        with pytest.raises(IntegrityError) as raised:
            async with database.transaction() as session:
                session.add(XUser(id=1, username=SECRET, name=SECRET))
        assert SECRET not in str(raised.value)

    async def test_no_line_tells_what_is_stored(
        self, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stream = io.StringIO()
        monkeypatch.setattr(sys, "stderr", stream)
        set_up_logs("DEBUG", "text", [])
        async with opened(sqlite_url) as database, database.transaction() as session:
            session.add(XUser(id=1, username=SECRET, name=SECRET))
        assert SECRET not in stream.getvalue()

    @pytest.mark.parametrize("log_format", ["text", "json"])
    @pytest.mark.parametrize(
        "line",
        [
            "unforeseen failure in component account-pin:{}, guild 1",
            "{{'custom_id': 'account-pin-modal:{}', 'components': []}}",
            "GET /x/back?link={} HTTP/1.1",
            "GET /x/back?state={}.aaaaaaaaaaaaaaaa&code=b",
        ],
    )
    def test_no_line_tells_the_key_of_a_link(
        self, monkeypatch: pytest.MonkeyPatch, log_format: str, line: str
    ) -> None:
        stream = io.StringIO()
        monkeypatch.setattr(sys, "stderr", stream)
        set_up_logs("DEBUG", log_format, [])
        logging.getLogger("any").error("%s", line.format(LINK_KEY))
        assert "[hidden]" in stream.getvalue()
        assert LINK_KEY not in stream.getvalue()


async def test_figures_are_for_this_machine_alone(sqlite: Database) -> None:
    async with an_x() as x:
        party = Party(x, sqlite)
        metrics = Metrics(party.allowances, "app", party.ledger)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        with metrics.serve(port, Settings.model_fields["metrics_host"].default):
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection((OTHER_ADDRESS, port), timeout=5)

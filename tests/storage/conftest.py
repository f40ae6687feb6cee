"""What the tests of a migration have together."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import PostgresServer, SqliteFiles
from tests.postgres_server import in_memory


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def old_database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each kind of database in turn, without a table: one for all tests of a file.

    What a migration makes of all their rows is looked at after one way there and back, for that
    way takes as long as a hundred other tests.
    """
    if request.param == "sqlite":
        with tempfile.TemporaryDirectory(prefix="likecord-old-", dir=in_memory()) as folder:
            yield SqliteFiles.url(Path(folder, "old.db"))
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.empty() as url:
        yield url

"""Rows as older versions wrote them, for the tests of migrations."""

from collections.abc import Callable, Sequence
from typing import Any

from alembic import command
from sqlalchemy import Connection, MetaData, Table, func, select, text

from storage.database import Database
from storage.migrating import alembic_config
from tests.storage.rows import CHANNEL, GUILD, MEMBER, NOW, POST


class OldDatabase:
    """A database as an older version left it, by its tables as they are at the moment."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._engine = database._engine
        # Reading what columns a table has takes as long as ten insertions.
        self._tables: dict[str, Table] = {}
        self.now = NOW.replace(tzinfo=None) if database.is_sqlite else NOW

    async def upgrade(self, revision: str = "head") -> None:
        """Upgrade as `Database.upgrade` does, as far as a revision."""
        self._tables.clear()
        async with (
            self._engine.connect() as connection,
            self._database._loosely(connection),
            connection.begin(),
        ):
            await connection.run_sync(
                lambda inner: command.upgrade(alembic_config(inner), revision)
            )

    async def downgrade(self, revision: str = "0005") -> None:
        self._tables.clear()
        await self._run(lambda connection: command.downgrade(alembic_config(connection), revision))

    async def _run(self, work: Callable[[Connection], None]) -> None:
        async with self._engine.begin() as connection:
            await connection.run_sync(work)

    async def add(self, table: str, **values: object) -> None:
        def insert(connection: Connection) -> None:
            connection.execute(self._table(connection, table).insert().values(values))

        await self._run(insert)

    def _table(self, connection: Connection, name: str) -> Table:
        if name not in self._tables:
            self._tables[name] = _read_table(connection, name)
        return self._tables[name]

    async def version(self) -> str:
        (version,) = await self.column("alembic_version", "version_num")
        return str(version)

    async def count(self, table: str) -> int:
        async with self._engine.connect() as connection:
            return (
                await connection.execute(select(func.count()).select_from(text(table)))
            ).scalar_one()

    async def rows(self, table: str, by: Sequence[str] = ("id",)) -> list[dict[str, Any]]:
        def read(connection: Connection) -> list[dict[str, Any]]:
            found = self._table(connection, table)
            order = [found.c[name] for name in by]
            rows = connection.execute(found.select().order_by(*order)).mappings()
            return [dict(row) for row in rows]

        async with self._engine.connect() as connection:
            return await connection.run_sync(read)

    async def column(self, table: str, name: str) -> list[Any]:
        def read(connection: Connection) -> list[Any]:
            found = self._table(connection, table)
            return list(connection.execute(found.select().order_by(found.c[name])).mappings())

        async with self._engine.connect() as connection:
            return [row[name] for row in await connection.run_sync(read)]

    async def post(self, number: int = POST, kind: str = "names", **values: object) -> None:
        counts = dict.fromkeys(("like_count", "collected_count", "surplus", "hidden_count"), 0)
        post = {"text": "", "state": "live", "heat": 0.0, **counts, **values}
        await self.add("post", id=number, kind=kind, **post)

    async def watch(self, number: int, trouble: str | None = None) -> None:
        await self.add(
            "watch",
            id=number,
            guild_id=GUILD,
            channel_id=CHANNEL + number,
            post_id=POST,
            created_by=MEMBER,
            created_at=self.now,
            unlikes=False,
            trouble=trouble,
        )

    async def account(self, number: int, trouble: str | None) -> None:
        await self.add(
            "account_watch",
            id=number,
            guild_id=GUILD,
            channel_id=CHANNEL,
            x_user_id=number,
            username="Twitter",
            days=7,
            replies=False,
            reposts=False,
            since_id=0,
            created_by=MEMBER,
            created_at=self.now,
            trouble=trouble,
        )

    async def announcement(
        self, number: int, kind: str, note: str | None, state: str = "waiting"
    ) -> None:
        await self.add(
            "announcement",
            id=number,
            watch_id=1,
            channel_id=CHANNEL,
            post_id=POST,
            kind=kind,
            liker_ids=[],
            liker_count=0,
            from_count=0,
            to_count=7,
            state=state,
            attempts=0,
            created_at=self.now,
            not_before=self.now,
            note=note,
        )


def _read_table(connection: Connection, name: str) -> Table:
    return Table(name, MetaData(), autoload_with=connection, resolve_fks=False)

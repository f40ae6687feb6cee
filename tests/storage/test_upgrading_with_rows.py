"""A database of the first release, and of every one since, is upgraded with all that it holds."""

from pathlib import Path

from tests.databases import SqliteFiles, opened
from tests.storage.killed_upgrade import killed_in
from tests.storage.old_database import OldDatabase
from tests.storage.rows import CHANNEL, GUILD, MEMBER, POST

VERSIONS = sorted(path.name[:4] for path in Path("storage/migrations/versions").glob("0*.py"))
KEPT = {"post": 2, "post_like": 2, "watch": 2, "announcement": 2, "guild": 1, "charge": 1}


async def first_release(old: OldDatabase) -> None:
    """Fill the tables as they were at first."""
    await old.upgrade("0001")
    await old.add("guild", id=GUILD, channel_id=CHANNEL)
    await old.add("x_user", id=1, username="ada", name="Ada", protected=False)
    charged = {"resource": "user", "count": 3, "micro_usd": 30_000}
    await old.add("charge", day=old.now.date(), guild_id=GUILD, **charged)
    counts = dict.fromkeys(("like_count", "collected_count", "surplus", "hidden_count"), 0)
    for number in (1, 2):
        post_id = POST + number
        post = {"author_id": 1, "text": "A post", "state": "live", "kind": "names"}
        await old.add("post", id=post_id, **post, **counts)
        await old.add("post_like", post_id=post_id, user_id=1, first_seen_at=old.now)
        watch = {"guild_id": GUILD, "channel_id": CHANNEL, "post_id": post_id}
        await old.add("watch", id=number, created_by=MEMBER, created_at=old.now, **watch)
        await old.add(
            "announcement",
            id=number,
            watch_id=number,
            channel_id=CHANNEL,
            post_id=post_id,
            kind="likes",
            liker_ids=[1],
            liker_count=1,
            from_count=0,
            to_count=1,
            state="waiting",
            attempts=0,
            created_at=old.now,
            not_before=old.now,
        )


async def what_is_left(old: OldDatabase) -> dict[str, int]:
    return {table: await old.count(table) for table in KEPT}


async def test_a_kill_while_upgrading_leaves_what_can_be_upgraded(empty_database_url: str) -> None:
    """The kill comes when the last version's changes are made: whichever were committed, stay."""
    async with opened(empty_database_url) as database:
        old = OldDatabase(database)
        await first_release(old)
        await database.close()

        await killed_in(empty_database_url, VERSIONS[-1])
        assert await old.version() == VERSIONS[0]
        assert await what_is_left(old) == KEPT

        await database.upgrade()
        assert await old.version() == VERSIONS[-1]
        assert await what_is_left(old) == KEPT


async def test_from_each_version_to_the_next(empty_database_url: str) -> None:
    async with opened(empty_database_url) as database:
        old = OldDatabase(database)
        await first_release(old)

        for version in VERSIONS[1:]:
            await old.upgrade(version)
            assert await what_is_left(old) == KEPT, f"upgraded to {version}"

        await database.upgrade()
        assert await old.version() == VERSIONS[-1]


async def test_an_sqlite_file_is_copied_before_it_is_upgraded(tmp_path: Path) -> None:
    url = SqliteFiles.url(tmp_path / "old.db")
    async with opened(url) as database:
        await first_release(OldDatabase(database))
        await database.upgrade()
        await database.upgrade()

    copy = tmp_path / f"old.db.before-{VERSIONS[-1]}"
    async with opened(SqliteFiles.url(copy)) as kept:
        assert await OldDatabase(kept).version() == "0001"

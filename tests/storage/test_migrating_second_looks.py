"""What an older version had decided stands, with its beginning as far as it is known."""

from tests.databases import opened
from tests.storage.old_database import OldDatabase
from tests.storage.rows import CHANNEL, GUILD, MEMBER, POST

BEFORE = "0007"


async def test_what_was_missing_is_since_it_was_last_looked_at_and_the_way_back(
    empty_database_url: str,
) -> None:
    """The way back keeps no refusal that is not sure."""
    async with opened(empty_database_url) as database:
        old = OldDatabase(database)
        await old.upgrade(BEFORE)
        counts = dict.fromkeys(("like_count", "collected_count", "surplus", "hidden_count"), 0)
        for number, state in enumerate(("live", "deleted")):
            await old.add(
                "post",
                id=POST + number,
                text="",
                state=state,
                kind="names",
                heat=0.0,
                probed_at=old.now,
                **counts,
            )
            await old.add(
                "account_watch",
                id=number + 1,
                guild_id=GUILD,
                channel_id=CHANNEL,
                x_user_id=number,
                username="ada",
                days=7,
                replies=False,
                reposts=False,
                since_id=0,
                created_by=MEMBER,
                created_at=old.now,
                checked_at=old.now,
                trouble=None if state == "live" else "protected",
            )
        await old.add("ability", account="app", endpoint="GET", problem="no", learnt_at=old.now)

        await old.upgrade()

        for table in ("post", "account_watch"):
            assert [row["missing_since"] for row in await old.rows(table)] == [None, old.now]

        for endpoint, confirmed in (("once", False), ("twice", True)):
            await old.add(
                "ability",
                account="app",
                endpoint=endpoint,
                problem="client-forbidden",
                learnt_at=old.now,
                confirmed=confirmed,
            )
        await old.downgrade(BEFORE)

        assert await old.column("ability", "endpoint") == ["GET", "twice"]

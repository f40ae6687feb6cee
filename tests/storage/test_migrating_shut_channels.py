"""Migration 0009: what a watch said of its channel is said of the channel, once."""

from tests.databases import opened
from tests.storage.old_database import OldDatabase
from tests.storage.rows import CHANNEL, GUILD

BEFORE = "0008"


async def test_troubles_of_watches_become_those_of_channels(empty_database_url: str) -> None:
    async with opened(empty_database_url) as database:
        old = OldDatabase(database)
        await old.upgrade(BEFORE)
        await old.post()
        for number, trouble in enumerate((None, "cannot_send", "refused"), start=1):
            await old.watch(number, trouble)

        await old.upgrade()

        (shut,) = await old.rows("shut_channel", by=["channel_id"])
        assert (shut["channel_id"], shut["trouble"]) == (CHANNEL + 2, "cannot_send")
        # Which server DISCORD_GUILD_ID named before is not known.
        assert await old.column("command_scope", "guild_id") == [GUILD]
        assert "trouble" not in (await old.rows("watch"))[0]

        await old.add(
            "shut_channel", channel_id=CHANNEL + 1, trouble="thread_locked", since=old.now
        )
        await old.downgrade(BEFORE)

        assert [row["trouble"] for row in await old.rows("watch")] == [None, "cannot_send", None]

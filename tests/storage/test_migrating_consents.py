"""A linked account of before serves the servers that its owner themselves had told of its likes."""

from tests.databases import opened
from tests.storage.old_database import OldDatabase
from tests.storage.rows import CHANNEL, GUILD, MEMBER, POST

AUTHOR, ELSEWHERE, OWN_ACCOUNT = 7, GUILD + 1, GUILD + 2


async def test_nobody_else_has_agreed_for_them(empty_database_url: str) -> None:
    async with opened(empty_database_url) as database:
        old = OldDatabase(database)
        await old.upgrade("0008")
        await old.add("x_user", id=AUTHOR, username="ada", name="Ada", protected=False)
        await old.add(
            "x_account",
            x_user_id=AUTHOR,
            username="ada",
            owner_id=MEMBER,
            scopes="",
            created_at=old.now,
        )
        for number in range(2):
            await old.post(POST + number, author_id=AUTHOR)
        for number, guild_id, member_id in (
            (0, GUILD, MEMBER),
            (1, GUILD, MEMBER),
            (0, ELSEWHERE, 1),
        ):
            await old.add(
                "watch",
                guild_id=guild_id,
                channel_id=CHANNEL + guild_id - GUILD,
                post_id=POST + number,
                created_by=member_id,
                created_at=old.now,
                unlikes=False,
            )
        for guild_id, member_id in ((OWN_ACCOUNT, MEMBER), (ELSEWHERE, 1)):
            await old.add(
                "account_watch",
                guild_id=guild_id,
                channel_id=CHANNEL + guild_id - GUILD,
                x_user_id=AUTHOR,
                username="ada",
                days=7,
                replies=False,
                reposts=False,
                since_id=0,
                created_by=member_id,
                created_at=old.now,
            )

        await old.upgrade()

        consents = await old.rows("account_consent", by=("x_user_id", "guild_id"))
        assert [(row["x_user_id"], row["guild_id"], row["agreed_at"]) for row in consents] == [
            (AUTHOR, GUILD, old.now),
            (AUTHOR, OWN_ACCOUNT, old.now),
        ]
        await old.downgrade("0008")

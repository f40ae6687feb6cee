"""The repositories of a few lines each: allowances, users, accounts, guilds, actions."""

from datetime import datetime

from sqlmodel import select

from storage.accounts import Accounts
from storage.actions import Actions
from storage.allowances import Allowances
from storage.database import Database
from storage.guilds import Guilds
from storage.models import ActionLog, Guild, ShutChannel, StoredAllowance
from storage.shut_channels import ShutChannels
from storage.upsert import Row
from storage.users import Users
from tests.storage.rows import CHANNEL, GUILD, MEMBER, MINUTE, NOW, POST, user_row

LIKERS = "GET /2/tweets/:id/liking_users"


def _allowance(remaining: int, resets_at: datetime, endpoint: str = LIKERS) -> Row:
    return {
        "account": "user:1",
        "endpoint": endpoint,
        "limit": 75,
        "remaining": remaining,
        "resets_at": resets_at,
    }


async def _open_allowances(database: Database) -> list[StoredAllowance]:
    async with database.reading() as session:
        return await Allowances(session).of("user:1", [LIKERS, "over"])


async def test_allowances_are_kept_until_their_reset(database: Database) -> None:
    async with database.transaction() as session:
        await Allowances(session).save([])
        await Allowances(session).save([_allowance(9, NOW + MINUTE), _allowance(5, NOW, "over")])
        await Allowances(session).save([_allowance(8, NOW + MINUTE)])

    kept, _over = sorted(await _open_allowances(database), key=lambda row: row.endpoint)
    assert (kept.endpoint, kept.limit, kept.remaining) == (LIKERS, 75, 8)
    assert kept.resets_at == NOW + MINUTE


async def test_allowances_that_were_reset_are_forgotten(database: Database) -> None:
    async with database.transaction() as session:
        await Allowances(session).save([_allowance(9, NOW + MINUTE), _allowance(5, NOW, "over")])
        await Allowances(session).forget_before(NOW)

    async with database.reading() as session:
        assert [row.endpoint for row in await session.exec(select(StoredAllowance))] == [LIKERS]


async def test_users_are_kept_as_last_seen(database: Database) -> None:
    async with database.transaction() as session:
        await Users(session).save([])
        await Users(session).save([user_row(1, "old"), user_row(2)])
        await Users(session).save([user_row(1, "名前 🙂 <b>&amp;")])

    async with database.reading() as session:
        found = await Users(session).get([1, 404])
        assert {user_id: user.name for user_id, user in found.items()} == {1: "名前 🙂 <b>&amp;"}
        assert await Users(session).get([]) == {}


async def test_the_account_of_the_settings_is_stored_without_its_token(database: Database) -> None:
    for username, now in (("before", NOW), ("after", NOW + MINUTE)):
        async with database.transaction() as session:
            await Accounts(session).save_own(1, username, now)

    async with database.reading() as session:
        account = await Accounts(session).get(1)
        assert account is not None
        assert (account.username, account.oauth1, account.oauth2) == ("after", None, None)
        assert account.created_at == NOW
        assert await Accounts(session).get(2) is None


async def test_a_guild_that_chose_nothing_has_the_defaults(database: Database) -> None:
    async with database.reading() as session:
        guild = await Guilds(session).get(GUILD)
        assert (guild.id, guild.channel_id, guild.like_role_id) == (GUILD, None, None)
        assert list(await session.exec(select(Guild))) == []


async def test_a_guilds_choice_is_kept_and_can_be_changed(database: Database) -> None:
    for channel in (CHANNEL, CHANNEL + 1):
        async with database.transaction() as session:
            guild = await Guilds(session).get(GUILD)
            guild.channel_id = channel
            session.add(guild)

    async with database.reading() as session:
        assert (await Guilds(session).get(GUILD)).channel_id == CHANNEL + 1


async def test_actions_are_logged(database: Database) -> None:
    async with database.transaction() as session:
        await Actions(session).log(
            ActionLog(
                at=NOW,
                guild_id=GUILD,
                member_id=MEMBER,
                account="user:1",
                action="like",
                post_id=POST,
                outcome="liked",
            )
        )

    async with database.reading() as session:
        logged = (await session.exec(select(ActionLog))).one()
        assert (logged.member_id, logged.post_id, logged.at) == (MEMBER, POST, NOW)


async def test_a_guilds_page_size_is_kept_and_can_be_cleared(database: Database) -> None:
    for size in (25, None):
        async with database.transaction() as session:
            guild = await Guilds(session).get(GUILD)
            guild.page_size = size
            session.add(guild)

        async with database.reading() as session:
            assert (await Guilds(session).get(GUILD)).page_size == size


async def test_since_when_a_channel_is_shut_stays_and_why_is_as_last_seen(
    database: Database,
) -> None:
    for trouble, at in (("cannot_send", NOW), ("channel_deleted", NOW + MINUTE)):
        async with database.transaction() as session:
            await ShutChannels(session).shut(CHANNEL, trouble, at)

    async with database.reading() as session:
        (shut,) = await session.exec(select(ShutChannel))
        assert (shut.channel_id, shut.trouble, shut.since) == (CHANNEL, "channel_deleted", NOW)

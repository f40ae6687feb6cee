"""A server that the bot has left, or whose managers wish it, leaves nothing behind."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func
from sqlmodel import SQLModel, col, select

from bot.accounts.which_account import Access
from bot.domain.retention import LEFT_GUILD_KEPT
from bot.run.housekeeping import Housekeeping
from bot.services.guild_data import GuildDataService
from bot.watching.watches import WatchService
from storage.charges import Charges
from storage.database import Database
from storage.guild_data import GuildData
from storage.models import (
    AccountConsent,
    AccountUse,
    AccountWatch,
    ActionLog,
    Announcement,
    AnnouncementState,
    EditReason,
    Guild,
    LeftGuild,
    MessageEdit,
    ToldTrouble,
    Watch,
    XAccount,
)
from storage.outlived import outlive
from tests.chat.connected import Script, client, discord_server, endpoint, script
from tests.cogs.test_round_trips import told
from tests.sandbox.discord.server import GUILD as HOME
from tests.sandbox.discord.server import LINUS, Server
from tests.security.test_forged_components import forge
from tests.storage.rows import (
    GUILD,
    MEMBER,
    NOW,
    a_watch,
    an_announcement,
    store_announcements,
    store_post,
    store_watch,
)
from tests.x.clients import Now

__all__ = ["client", "discord_server", "endpoint", "script"]
OTHER = GUILD + 1
DELETE = "guild-data:delete"
YESTERDAY = NOW.date() - timedelta(days=1)
OF_GUILD: tuple[tuple[type[SQLModel], Any], ...] = (
    (Watch, Watch.guild_id),
    (AccountWatch, AccountWatch.guild_id),
    (ActionLog, ActionLog.guild_id),
    (AccountConsent, AccountConsent.guild_id),
    (AccountUse, AccountUse.guild_id),
    (ToldTrouble, ToldTrouble.guild_id),
    (Guild, Guild.id),
    (LeftGuild, LeftGuild.guild_id),
)


async def _fill(database: Database) -> None:
    """Store something of every kind for two servers."""
    await store_post(database)
    async with database.transaction() as session:
        session.add(XAccount(x_user_id=5, username="ada", owner_id=MEMBER, created_at=NOW))
    for number, guild in enumerate((GUILD, OTHER)):
        channel = 9_000 + number
        first = await store_watch(database, a_watch(guild_id=guild, channel_id=channel + 100))
        watch = await store_watch(database, a_watch(guild_id=guild, channel_id=channel))
        rows = [an_announcement(first), an_announcement(watch), an_announcement(watch)]
        rows[0].state, rows[0].message_id = AnnouncementState.SENT, 500 + number
        await store_announcements(database, *rows)
        async with database.transaction() as session:
            await outlive(session, col(Watch.id) == first)
            session.add(Guild(id=guild, channel_id=channel))
            when = {"created_at": NOW, "created_by": MEMBER}
            session.add_all(
                [
                    AccountWatch(
                        guild_id=guild, channel_id=channel, x_user_id=5, username="ada", **when
                    ),
                    AccountConsent(x_user_id=5, guild_id=guild, agreed_at=NOW),
                    AccountUse(x_user_id=5, guild_id=guild, purpose="watch", day=NOW.date()),
                    ToldTrouble(guild_id=guild, kind="keys", told_at=NOW),
                    MessageEdit(
                        message_id=500 + number,
                        channel_id=channel,
                        reason=EditReason.GONE,
                        not_before=NOW,
                        created_at=NOW,
                    ),
                    *(
                        ActionLog(
                            at=NOW,
                            guild_id=guild,
                            member_id=MEMBER,
                            account="user:5",
                            action="like",
                            post_id=1,
                            outcome="done",
                        )
                        for _ in range(3)
                    ),
                ]
            )
            await Charges(session).add([_charge(guild, day) for day in (YESTERDAY, NOW.date())])


def _charge(guild: int, day: date) -> dict[str, object]:
    return {
        "day": day,
        "guild_id": guild,
        "purpose": "watch",
        "post_id": 1,
        "resource": "post_read",
        "count": 1,
        "micro_usd": 5_000,
    }


async def _left_of(database: Database, guild: int) -> dict[str, int]:
    async with database.reading() as session:
        counts = {
            table.__name__: (
                await session.exec(select(func.count()).select_from(table).where(column == guild))
            ).one()
            for table, column in OF_GUILD
        }
    return {name: count for name, count in counts.items() if count}


async def _rows(database: Database, table: type[SQLModel]) -> int:
    async with database.reading() as session:
        return (await session.exec(select(func.count()).select_from(table))).one()


async def test_all_of_it_goes_at_once_when_its_managers_wish_it(database: Database) -> None:
    await _fill(database)
    before = await _left_of(database, OTHER)
    await GuildDataService(database, lambda: NOW).delete(GUILD)
    assert await _left_of(database, GUILD) == {}
    assert await _left_of(database, OTHER) == before
    assert (await _rows(database, Announcement), await _rows(database, MessageEdit)) == (3, 1)
    async with database.reading() as session:
        charges = Charges(session)
        # What a day may cost does not begin anew.
        assert await charges.spent(YESTERDAY, NOW.date(), GUILD) == 5_000
        assert await charges.spent(YESTERDAY, NOW.date()) == 20_000


async def test_it_goes_a_week_after_the_bot_has_left_unless_it_is_back(sqlite: Database) -> None:
    await _fill(sqlite)
    now = Now(NOW)
    nobody: Any = None
    watches = WatchService(sqlite, Access(nobody), now)
    tidying = Housekeeping(sqlite, now)
    await watches.left(GUILD)
    await watches.left(OTHER)
    now.moment = NOW + LEFT_GUILD_KEPT - timedelta(minutes=1)
    await tidying.tidy()
    assert await _rows(sqlite, Guild) == 2
    async with sqlite.transaction() as session:
        await GuildData(session).is_back([OTHER])
    now.moment = NOW + LEFT_GUILD_KEPT
    await tidying.tidy()
    assert await _left_of(sqlite, GUILD) == {}
    assert len(await _left_of(sqlite, OTHER)) == 7


async def test_it_is_noted_of_servers_that_were_left_while_the_bot_was_off(
    database: Database,
) -> None:
    await _fill(database)
    for moment in (NOW, NOW + timedelta(days=3)):
        async with database.transaction() as session:
            await GuildData(session).left_all_but([OTHER], moment)
            await GuildData(session).is_back([OTHER])
    async with database.reading() as session:
        assert await GuildData(session).left_before(NOW) == [GUILD]


@pytest.mark.usefixtures("client")
async def test_a_manager_is_told_what_goes_and_confirms_it(
    discord_server: Server, script: Script
) -> None:
    script.answers["guild_data.delete"] = None
    asked = await discord_server.ask("config delete-data")
    assert "nobody can bring them back" in told(asked)
    assert script.calls == []
    (message,) = asked["messages"]
    component = {"message_id": message["id"], "custom_id": DELETE}
    assert "is deleted" in told(await discord_server.interact(component=component))
    assert script.calls == [("guild_data.delete", int(HOME))]


@pytest.mark.usefixtures("client")
async def test_nobody_else_can(discord_server: Server, script: Script) -> None:
    asked = await discord_server.ask("forget-me", user_id=LINUS)
    (message,) = asked["messages"]
    forge(discord_server, message, DELETE)
    component = {"message_id": message["id"], "custom_id": DELETE}
    answer = told(await discord_server.interact(component=component, user_id=LINUS))
    assert "Manage Server" in answer
    assert script.calls == []

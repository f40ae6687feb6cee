"""A server is told in its language: the chosen one, or the one that it has on Discord."""

import pytest

from bot.domain.languages import Language
from bot.domain.notices import PostShown
from bot.domain.stored_notices import stored_notice
from bot.money.budgets import Budgets
from bot.services.server_settings import ConfigService
from bot.watching.message_edits import MessageEditQueue
from storage.account_watches import AccountWatches
from storage.database import Database
from storage.message_edits import Message, MessageEdits
from storage.models import AccountWatch, Announcement, AnnouncementKind, EditReason
from tests.outboxes import Stand
from tests.storage.rows import CHANNEL, GUILD, MINUTE, NOW, store_announcements

STRANGER = GUILD + 1


@pytest.fixture
async def stand(database: Database) -> Stand:
    return await Stand(database).open()


@pytest.fixture
def config(database: Database) -> ConfigService:
    return ConfigService(database, Budgets(lambda: NOW, None))


async def spoken(stand: Stand) -> Language:
    await stand.add(1)
    delivery = await stand.claim()
    assert delivery is not None
    await stand.outbox.sent(delivery, int(delivery.key, 16) >> 8)
    return delivery.language


async def test_a_server_is_told_in_its_language(stand: Stand, config: ConfigService) -> None:
    assert await spoken(stand) is Language.ENGLISH
    await config.note_discord_languages({GUILD: Language.FRENCH, STRANGER: Language.ENGLISH})
    assert await spoken(stand) is Language.FRENCH
    await config.set_language(GUILD, Language.JAPANESE)
    assert await spoken(stand) is Language.JAPANESE
    await config.set_language(GUILD, Language.ENGLISH)
    assert await spoken(stand) is Language.ENGLISH
    await config.set_language(GUILD, None)
    assert await spoken(stand) is Language.FRENCH
    await config.note_discord_languages({GUILD: Language.ENGLISH})
    assert await spoken(stand) is Language.ENGLISH


async def test_what_discord_says_is_kept_beside_what_was_chosen(config: ConfigService) -> None:
    await config.set_language(GUILD, Language.GERMAN)
    await config.note_discord_languages({GUILD: Language.SPANISH})
    shown = await config.show(GUILD)
    assert (shown.language, shown.discord_language) == (Language.GERMAN, Language.SPANISH)
    assert shown.spoken is Language.GERMAN


async def test_what_hangs_on_no_watch_is_told_in_the_servers_language(
    stand: Stand, config: ConfigService
) -> None:
    """A watch is removed, an account's is told of, and a member is told alone."""
    await config.set_language(GUILD, Language.PORTUGUESE)
    notice, facts = stored_notice(PostShown())
    told = {"channel_id": CHANNEL, "notice": notice, "facts": facts, "created_at": NOW}
    kind = AnnouncementKind.NOTICE
    async with stand.database.transaction() as session:
        account = await AccountWatches(session).add(
            AccountWatch(
                guild_id=GUILD,
                channel_id=CHANNEL,
                x_user_id=1,
                username="ada",
                created_by=1,
                created_at=NOW,
            )
        )
    await store_announcements(
        stand.database,
        Announcement(kind=kind, account_watch_id=account.id, not_before=NOW, **told),
        Announcement(
            kind=kind,
            recipient_id=5,
            recipient_guild_id=GUILD,
            not_before=NOW,
            **{**told, "channel_id": CHANNEL + 9},
        ),
        Announcement(
            kind=kind, guild_id=GUILD, not_before=NOW, **{**told, "channel_id": CHANNEL + 8}
        ),
    )
    stand.time += MINUTE

    claimed = await stand.outbox.claim()

    assert [each.language for each in claimed] == [Language.PORTUGUESE] * 3


async def test_a_message_of_which_nothing_is_left_says_so_in_the_servers_language(
    stand: Stand, config: ConfigService
) -> None:
    await config.set_language(GUILD, Language.GERMAN)
    async with stand.database.transaction() as session:
        for message_id, channel in ((7, CHANNEL), (8, CHANNEL + 99)):
            message = Message(message_id, channel, None, None)
            await MessageEdits(session).add_message(message, EditReason.GONE, NOW)

    retold = await MessageEditQueue(stand.database, stand.now).due()

    languages = {each.message_id: each.language for each in retold}
    assert languages == {7: Language.GERMAN, 8: Language.ENGLISH}

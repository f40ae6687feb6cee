"""The client that fits the settings: for all servers, or for those that come to this process."""

from collections.abc import Callable
from datetime import datetime

from bot.chat.cards.about import about_pages
from bot.chat.connection.client import LikecordClient
from bot.chat.connection.sharded_client import ShardedClient
from bot.run.settings.model import Settings
from bot.services.all_services import Services
from bot.services.interactions import InteractionsService
from storage.database import Database
from storage.lead import Lead
from storage.outages import why_away


def discord_client(
    settings: Settings,
    services: Services,
    database: Database,
    lead: Lead,
    now: Callable[[], datetime],
) -> LikecordClient:
    guild_id, shards = settings.discord_guild_id, settings.shards
    about = about_pages(settings.privacy_url, settings.terms_url)

    def is_away(error: BaseException) -> bool:
        return why_away(error) is not None

    if shards is not None:
        return ShardedClient(
            services=services,
            development_guild_id=guild_id,
            now=now,
            about=about,
            database_is_away=is_away,
            shard_ids=sorted(shards.ids) or None,
            shard_count=shards.count or None,
        )
    # On SQLite there is one process, and nobody else hears what it hears.
    shared = None if database.is_sqlite else InteractionsService(database, lead, now)
    return LikecordClient(
        services=services,
        development_guild_id=guild_id,
        now=now,
        shared=shared,
        about=about,
        database_is_away=is_away,
    )

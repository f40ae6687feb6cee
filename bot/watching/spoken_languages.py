"""In which language a message is told: its server's."""

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.languages import Language
from bot.watching.stored_values import spoken_in
from storage.account_watches import AccountWatches
from storage.due import Due
from storage.guilds import Guilds
from storage.models import Guild


class SpokenLanguages:
    """The settings of those servers that are not at hand with a row: whose watch is gone, say."""

    def __init__(self, guilds: dict[int, Guild], by_account_watch: dict[int, int]) -> None:
        self._guilds = guilds
        self._by_account_watch = by_account_watch

    @classmethod
    async def load(cls, session: AsyncSession, due: Sequence[Due]) -> "SpokenLanguages":
        away = [each for each in due if each.watch is None]
        if not away:
            return cls({}, {})
        accounts = {each.row.account_watch_id for each in away if each.row.account_watch_id}
        by_account_watch = await AccountWatches(session).guild_ids(accounts) if accounts else {}
        found = cls({}, by_account_watch)
        ids = {guild_id for each in away if (guild_id := found._guild_id(each)) is not None}
        return cls(await Guilds(session).many(ids), by_account_watch)

    def of(self, each: Due) -> Language:
        if each.watch is not None:
            return spoken_in(each.guild)
        return spoken_in(self._guilds.get(self._guild_id(each) or 0))

    def _guild_id(self, each: Due) -> int | None:
        row = each.row
        if row.recipient_guild_id is not None:
            return row.recipient_guild_id
        return each.guild_id or self._by_account_watch.get(row.account_watch_id or 0)

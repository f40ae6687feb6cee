"""Guilds' settings."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import ColumnElement
from sqlalchemy import bindparam as given
from sqlmodel import col, or_, select, union_all, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import AccountWatch, Guild, Watch
from storage.told_watches import is_active
from storage.upsert import insert_if_missing, lock_row


class Guilds:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, guild_id: int) -> Guild:
        """Return the guild's settings; a guild that never chose anything has the defaults."""
        found = await self._session.exec(_ONE, params={"guild": guild_id})
        return found.one_or_none() or Guild(id=guild_id)

    async def lock(self, guild_id: int) -> Guild:
        """Return the guild's settings for changing: nobody else does so meanwhile."""
        row = {"id": guild_id, "own_accounts_only": False}
        return await lock_row(self._session, Guild, row)

    async def many(self, guild_ids: Collection[int]) -> dict[int, Guild]:
        """Return the settings of those of these guilds that ever chose anything."""
        query = select(Guild).where(col(Guild.id).in_(set(guild_ids)))
        return {guild.id: guild for guild in await self._session.exec(query)}

    async def budgets(self, guild_ids: Collection[int]) -> dict[int, int]:
        """Return the micro-USD a month of those guilds that have a budget."""
        return (await self.payers(guild_ids))[0]

    async def payers(self, guild_ids: Collection[int]) -> tuple[dict[int, int], frozenset[int]]:
        """Return the budgets of these guilds as `budgets` does, and which of them are home."""
        rows = (await self._session.exec(_PAYERS, params={"guilds": [*guild_ids]})).all()
        budgets = {guild_id: budget for guild_id, budget, _ in rows if budget is not None}
        return budgets, frozenset(guild_id for guild_id, _, is_home in rows if is_home)

    async def watching(self) -> frozenset[int]:
        """Return the guilds for which X is asked now."""
        return frozenset(await self._session.exec(_WATCHING))

    async def unwarned(self, guild_ids: Collection[int], month: date) -> dict[int, int]:
        """Return the budgets of those guilds that were not warned in this month."""
        query = select(Guild.id, Guild.budget_micro_usd).where(
            col(Guild.id).in_(set(guild_ids)),
            col(Guild.budget_micro_usd).is_not(None),
            _not_warned(month),
        )
        found = await self._session.exec(query)
        return {guild_id: budget for guild_id, budget in found if budget is not None}

    async def warn(self, guild_id: int, month: date) -> bool:
        """Note that a guild is warned; return False when another process was first."""
        result = await self._session.exec(
            update(Guild)
            .where(col(Guild.id) == guild_id, _not_warned(month))
            .values(budget_warned=month)
        )
        return result.rowcount > 0

    async def active_watch(self, guild_id: int) -> Watch | None:
        """Return the watch of a guild that news for all of it can hang on: the oldest."""
        query = (
            select(Watch)
            .where(col(Watch.guild_id) == guild_id, *is_active())
            .order_by(col(Watch.id))
            .limit(1)
        )
        return (await self._session.exec(query)).first()

    async def home_ids(self, guild_ids: Collection[int] | None = None) -> frozenset[int]:
        """Return which of these guilds, or of all, belong to whoever runs the bot."""
        if guild_ids is None:
            return frozenset(await self._session.exec(_HOME))
        asked = {"guilds": [*set(guild_ids)]}
        return frozenset(await self._session.exec(_HOME_AMONG, params=asked))

    async def set_owned(self, owned: Mapping[int, bool]) -> None:
        """Note whether the owners of guilds run the bot."""
        yes = {guild_id for guild_id, is_owned in owned.items() if is_owned}
        for guild_id in sorted(yes):
            await insert_if_missing(
                self._session, Guild, {"id": guild_id, "own_accounts_only": False}
            )
        await self._lock_some(owned)
        for which, value in ((yes, True), (owned.keys() - yes, False)):
            await self._session.exec(
                update(Guild).where(col(Guild.id).in_(which)).values(owned_by_operator=value)
            )

    async def set_discord_languages(self, languages: Mapping[int, str | None]) -> None:
        """Note which languages guilds have on Discord; None: English."""
        for guild_id in sorted(each for each, language in languages.items() if language):
            row = {"id": guild_id, "own_accounts_only": False}
            await insert_if_missing(self._session, Guild, row)
        await self._lock_some(languages)
        for language in sorted(set(languages.values()), key=str):
            which = [each for each, spoken in languages.items() if spoken == language]
            await self._session.exec(
                update(Guild).where(col(Guild.id).in_(which)).values(discord_language=language)
            )

    async def _lock_some(self, guild_ids: Collection[int]) -> None:
        """Lock guilds in one order: two processes that start at once change the same ones."""
        some = select(Guild.id).where(col(Guild.id).in_(set(guild_ids))).order_by(col(Guild.id))
        await self._session.exec(some.with_for_update(key_share=True))

    async def told_in(self, channel_id: int) -> Guild | None:
        """Return the settings of the guild that is told something in a channel, if any is."""
        watches = (
            select(of.guild_id).where(col(of.channel_id) == channel_id)
            for of in (Watch, AccountWatch)
        )
        query = select(Guild).where(
            or_(
                col(Guild.id).in_(union_all(*watches)),
                col(Guild.channel_id) == channel_id,
                col(Guild.alerts_channel_id) == channel_id,
            )
        )
        return (await self._session.exec(query.limit(1))).first()

    async def greet(self, guild_id: int, at: datetime) -> bool:
        """Note that a guild is greeted; return False when it was before."""
        row = {"id": guild_id, "own_accounts_only": False}
        await insert_if_missing(self._session, Guild, row)
        result = await self._session.exec(
            update(Guild)
            .where(col(Guild.id) == guild_id, col(Guild.greeted_at).is_(None))
            .values(greeted_at=at)
        )
        return result.rowcount > 0

    async def ungreet(self, guild_id: int) -> None:
        await self._session.exec(
            update(Guild).where(col(Guild.id) == guild_id).values(greeted_at=None)
        )


IS_HOME = or_(col(Guild.owned_by_operator).is_(True), col(Guild.adopted_by).is_not(None))

# Built once, for they are asked with almost every command, and with every request to X.
_ONE = select(Guild).where(col(Guild.id) == given("guild"))
_AMONG = col(Guild.id).in_(given("guilds", expanding=True))
_PAYERS = select(Guild.id, Guild.budget_micro_usd, IS_HOME).where(_AMONG)
_HOME = select(Guild.id).where(IS_HOME)
_HOME_AMONG = _HOME.where(_AMONG)
_WATCHING = select(Watch.guild_id).where(*is_active()).distinct()


def is_home(guild: Guild) -> bool:
    """Say what `IS_HOME` does of settings that are loaded."""
    return guild.owned_by_operator or guild.adopted_by is not None


def _not_warned(month: date) -> ColumnElement[bool]:
    return (col(Guild.budget_warned).is_(None)) | (col(Guild.budget_warned) < month)

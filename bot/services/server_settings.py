"""A guild's settings."""

from collections.abc import Mapping
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain import GuildConfig
from bot.domain.languages import Language
from bot.domain.money import in_micro_usd, in_usd
from bot.domain.styles import WatchStyle
from bot.domain.usage import MonthSoFar
from bot.money.budgets import Budgets
from bot.watching.stored_values import discord_language_of
from storage.database import Database
from storage.guilds import Guilds
from storage.models import AnnouncementStyle, Guild


class ConfigService:
    def __init__(self, database: Database, budgets: Budgets) -> None:
        self._database = database
        self._budgets = budgets

    async def show(self, guild_id: int) -> GuildConfig:
        async with self._database.reading() as session:
            return _value(await Guilds(session).get(guild_id))

    async def set_channel(self, guild_id: int, channel_id: int | None) -> GuildConfig:
        """Choose where watches are announced unless they name a channel; None clears it."""
        return await self._change(guild_id, channel_id=channel_id)

    async def set_alerts(self, guild_id: int, channel_id: int | None) -> GuildConfig:
        """Choose where troubles are told; None: where announcements go."""
        return await self._change(guild_id, alerts_channel_id=channel_id)

    async def set_like_role(self, guild_id: int, role_id: int | None) -> GuildConfig:
        """Choose who may like with the bot's account beside the admins; None clears it."""
        return await self._change(guild_id, like_role_id=role_id)

    async def set_lookup_role(self, guild_id: int, role_id: int | None) -> GuildConfig:
        """Choose who may look up beside those who manage the server; None: everyone."""
        return await self._change(guild_id, lookup_role_id=role_id)

    async def set_member_budget(self, guild_id: int, usd: Decimal | None) -> GuildConfig:
        """Choose what a member may cost on a day; None goes back to the default."""
        return await self._change(guild_id, member_budget_micro_usd=_micro_usd(usd))

    async def set_style(self, guild_id: int, style: WatchStyle) -> GuildConfig:
        """Choose how watches tell that have no style of their own."""
        return await self._change(guild_id, style=AnnouncementStyle(style))

    async def set_language(self, guild_id: int, language: Language | None) -> GuildConfig:
        """Choose in which language everybody is told; None: the one that it has on Discord."""
        return await self._change(guild_id, language=language)

    async def note_discord_languages(self, languages: Mapping[int, Language]) -> None:
        """Note which languages servers have on Discord, where that is news."""
        async with self._database.reading() as session:
            known = await Guilds(session).many(languages)
        wanted = {
            guild_id: None if language is Language.ENGLISH else language.value
            for guild_id, language in languages.items()
        }
        news = {
            guild_id: language
            for guild_id, language in wanted.items()
            if language != (known[guild_id].discord_language if guild_id in known else None)
        }
        if news:
            async with self._database.transaction() as session:
                await Guilds(session).set_discord_languages(news)

    async def set_quiet_hours(
        self, guild_id: int, quiet: tuple[int, int] | None, time_zone: str | None
    ) -> GuildConfig:
        """Choose when nothing is told, in minutes of the day of a time zone; None: always."""
        begins, ends = quiet or (None, None)
        zone = {} if time_zone is None else {"time_zone": time_zone}
        return await self._change(guild_id, quiet_from=begins, quiet_until=ends, **zone)

    async def set_page_size(self, guild_id: int, size: int | None) -> GuildConfig:
        """Choose how many people or posts a page shows; None goes back to the defaults."""
        return await self._change(guild_id, page_size=size)

    async def set_own_accounts_only(self, guild_id: int, *, only: bool) -> GuildConfig:
        """Choose whether members like with their own linked accounts alone."""
        return await self._change(guild_id, own_accounts_only=only)

    async def set_budget(self, guild_id: int, usd: Decimal | None) -> MonthSoFar:
        """Choose what X may cost the guild in a month; None is no budget.

        When a new budget is nearly spent, the guild is told so anew. Return what is spent of it.
        """
        async with self._database.transaction() as session:
            await _change(session, guild_id, budget_micro_usd=_micro_usd(usd), budget_warned=None)
            return await self._budgets.month_of(session, guild_id)

    async def set_ask_above(self, guild_id: int, usd: Decimal | None) -> GuildConfig:
        """Choose above which cost a new watch asks first; None goes back to the default."""
        return await self._change(guild_id, ask_above_micro_usd=_micro_usd(usd))

    async def _change(self, guild_id: int, **values: int | str | None) -> GuildConfig:
        async with self._database.transaction() as session:
            return _value(await _change(session, guild_id, **values))


async def _change(session: AsyncSession, guild_id: int, **values: int | str | None) -> Guild:
    guild = await Guilds(session).lock(guild_id)
    guild.sqlmodel_update(values)
    return guild


def _value(row: Guild) -> GuildConfig:
    return GuildConfig(
        guild_id=row.id,
        channel_id=row.channel_id,
        alerts_channel_id=row.alerts_channel_id,
        like_role_id=row.like_role_id,
        page_size=row.page_size,
        own_accounts_only=row.own_accounts_only,
        budget_usd=_usd(row.budget_micro_usd),
        ask_above_usd=_usd(row.ask_above_micro_usd),
        lookup_role_id=row.lookup_role_id,
        member_budget_usd=_usd(row.member_budget_micro_usd),
        style=WatchStyle.FEED if row.style is None else WatchStyle(row.style),
        quiet=_quiet(row),
        time_zone=row.time_zone,
        language=None if row.language is None else Language(row.language),
        discord_language=discord_language_of(row),
    )


def _quiet(row: Guild) -> tuple[int, int] | None:
    if row.quiet_from is None or row.quiet_until is None:
        return None
    return row.quiet_from, row.quiet_until


def _usd(micro_usd: int | None) -> Decimal | None:
    return None if micro_usd is None else in_usd(micro_usd)


def _micro_usd(usd: Decimal | None) -> int | None:
    return None if usd is None else in_micro_usd(usd)

"""/chart and /top: how likes came, and who and what stands out."""

from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.answers import reply
from bot.chat.answers.asker import guild_of
from bot.chat.answers.pace import looks_up
from bot.chat.cards.insight import chart_card, top_likers_card, top_posts_card
from bot.chat.charts.draw_in_thread import likes_picture
from bot.chat.connection.client import LikecordClient
from bot.domain.insight import Period

PeriodName = Literal["day", "week", "month", "all"]
_PERIOD = "How far back; a week unless you say otherwise"


@app_commands.guild_only()
class ChartCog(commands.GroupCog, group_name="chart", group_description="Likes over time"):
    def __init__(self, bot: LikecordClient) -> None:
        self._insight = bot.services.insight

    @app_commands.command(description="Draw how the likes of a watched post came")
    @app_commands.describe(
        post="The post's link, or its ID",
        period=_PERIOD,
        compare="Links of up to four more watched posts",
    )
    @looks_up
    async def post(
        self,
        interaction: discord.Interaction[LikecordClient],
        post: str,
        period: PeriodName = "week",
        compare: str = "",
    ) -> None:
        await reply.defer_public(interaction, files=True)
        found = await self._insight.courses(guild_of(interaction), post, compare, Period(period))
        chart = await likes_picture(found.courses)
        await reply.show_pictured(interaction, chart_card(found, Period(period), chart), chart)


@app_commands.guild_only()
class TopCog(commands.GroupCog, group_name="top", group_description="Who and what stands out"):
    def __init__(self, bot: LikecordClient) -> None:
        self._insight = bot.services.insight

    @app_commands.command(description="Show which watched posts gained the most likes")
    @app_commands.describe(period=_PERIOD)
    @looks_up
    async def posts(
        self, interaction: discord.Interaction[LikecordClient], period: PeriodName = "week"
    ) -> None:
        await reply.defer_public(interaction)
        found = await self._insight.top_posts(guild_of(interaction), Period(period))
        await reply.show(interaction, top_posts_card(found, Period(period)))

    @app_commands.command(description="Show who liked the most watched posts")
    @app_commands.describe(period=_PERIOD)
    @looks_up
    async def likers(
        self, interaction: discord.Interaction[LikecordClient], period: PeriodName = "week"
    ) -> None:
        await reply.defer_public(interaction)
        found = await self._insight.top_likers(guild_of(interaction), Period(period))
        await reply.show(interaction, top_likers_card(found, Period(period)))


async def setup(bot: LikecordClient) -> None:
    await bot.add_cog(ChartCog(bot))
    await bot.add_cog(TopCog(bot))

"""/post, /likers and /liked: what X shows of a post, and of who likes what."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat import reply
from bot.chat.cards.metrics import author_metrics_card
from bot.chat.client import LikecordClient
from bot.chat.pages import liked_page, likers_page, post_page
from bot.chat.who import guild_of, manages_guild
from bot.domain import Post


class Lookup(commands.Cog):
    def __init__(self, bot: LikecordClient) -> None:
        self._lookup = bot.services.lookup

    @app_commands.command(description="Show a post of X: its text, author, pictures and counts")
    @app_commands.describe(post="The post's address on X, or its ID")
    @app_commands.guild_only()
    async def post(self, interaction: discord.Interaction[LikecordClient], post: str) -> None:
        await reply.defer(interaction, private=False)
        found = await self._lookup.post(guild_of(interaction), post)
        await reply.show(interaction, post_page(found))
        if manages_guild(interaction):
            await self._show_author_metrics(interaction, found)

    async def _show_author_metrics(
        self, interaction: discord.Interaction[LikecordClient], post: Post
    ) -> None:
        """Tell whoever runs the server what X tells the author alone, if that is our account."""
        metrics = await self._lookup.author_metrics(guild_of(interaction), post)
        if metrics is not None:
            await reply.add_private(interaction, author_metrics_card(post, metrics))

    @app_commands.command(description="List the people who like a post of X")
    @app_commands.describe(post="The post's address on X, or its ID")
    @app_commands.guild_only()
    async def likers(self, interaction: discord.Interaction[LikecordClient], post: str) -> None:
        await reply.defer(interaction, private=False)
        found = await self._lookup.likers(guild_of(interaction), post)
        await reply.show(interaction, likers_page(found))

    @app_commands.command(description="List the posts that somebody likes on X")
    @app_commands.describe(user="Their username on X, such as @TwitterDev")
    @app_commands.guild_only()
    async def liked(self, interaction: discord.Interaction[LikecordClient], user: str) -> None:
        await reply.defer(interaction, private=False)
        found = await self._lookup.liked(guild_of(interaction), user)
        await reply.show(interaction, liked_page(found))


async def setup(bot: LikecordClient) -> None:
    await bot.add_cog(Lookup(bot))

"""/like and /unlike: for one post, because a member asks for it."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.answers import reply
from bot.chat.answers.asker import FOR_ONESELF, IN_SERVERS_TOO, actor_of, asker_of
from bot.chat.buttons.liking import liked_page
from bot.chat.cards.liking import unlike_card
from bot.chat.connection.client import LikecordClient


class LikesCog(commands.Cog):
    def __init__(self, bot: LikecordClient) -> None:
        self._likes = bot.services.likes

    @app_commands.command(description="Like a post on X, as yourself or as the bot's account")
    @app_commands.describe(post="The post's link, or its ID")
    @IN_SERVERS_TOO
    @FOR_ONESELF
    async def like(self, interaction: discord.Interaction[LikecordClient], post: str) -> None:
        await reply.defer(interaction, private=True)
        await asker_of(interaction)
        done = await self._likes.like(actor_of(interaction), post)
        await reply.show(interaction, liked_page(done))

    @app_commands.command(description="Take a like on X back")
    @app_commands.describe(post="The post's link, or its ID")
    @IN_SERVERS_TOO
    @FOR_ONESELF
    async def unlike(self, interaction: discord.Interaction[LikecordClient], post: str) -> None:
        await reply.defer(interaction, private=True)
        await asker_of(interaction)
        done = await self._likes.unlike(actor_of(interaction), post)
        await reply.show(interaction, unlike_card(done))


async def setup(bot: LikecordClient) -> None:
    await bot.add_cog(LikesCog(bot))

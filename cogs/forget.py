"""/forget-me: nothing about a member stays stored."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.answers import reply
from bot.chat.answers.asker import FOR_ONESELF, IN_SERVERS_TOO
from bot.chat.buttons.accounts import ForGood, ForGoodButton
from bot.chat.cards.accounts import forget_question_card
from bot.chat.connection.client import LikecordClient


class ForgetCog(commands.Cog):
    # Whoever has left the server can have deleted what is stored, too.
    @app_commands.command(name="forget-me", description="Delete everything stored about you")
    @IN_SERVERS_TOO
    @FOR_ONESELF
    async def forget_me(self, interaction: discord.Interaction[LikecordClient]) -> None:
        await reply.defer(interaction, private=True)
        await reply.show(interaction, forget_question_card(ForGoodButton(ForGood.FORGET)))


async def setup(bot: LikecordClient) -> None:
    await bot.add_cog(ForgetCog())

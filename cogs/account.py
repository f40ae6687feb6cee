"""/account: a member's own X account."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.answers import reply
from bot.chat.answers.asker import FOR_ONESELF, IN_SERVERS_TOO, guild_of, is_personal, member_of
from bot.chat.buttons.accounts import ForGood, ForGoodButton
from bot.chat.buttons.consents import account_page
from bot.chat.cards.accounts import unlink_question_card
from bot.chat.connection.client import LikecordClient
from bot.domain.errors import NotAllowed


# Whoever has left the server can still see what is stored, and have it deleted.
@IN_SERVERS_TOO
@FOR_ONESELF
class AccountCog(commands.GroupCog, group_name="account", group_description="Your own X account"):
    def __init__(self, bot: LikecordClient) -> None:
        self._accounts = bot.services.accounts
        self._linker = bot.linker
        self._home = bot.services.home

    @app_commands.command(description="Link your X account, so that likes are yours")
    async def link(self, interaction: discord.Interaction[LikecordClient]) -> None:
        await reply.defer(interaction, private=True)
        if is_personal(interaction):
            raise NotAllowed(
                "Link your account in a server that I am in. After that it works here, too."
            )
        # X charges for saying who somebody is, and what is linked would serve nobody here.
        await self._home.require_served(guild_of(interaction))
        await self._linker.begin(interaction, member_of(interaction))

    @app_commands.command(description="Show your X account, and where it is used")
    async def status(self, interaction: discord.Interaction[LikecordClient]) -> None:
        # Whoever looks wants to know whether it works: what X refused is tried again.
        page = account_page(interaction, tries_again=True)
        await reply.show(interaction, await reply.defer_while(interaction, page, private=True))
        await self._accounts.forget_refusals(interaction.user.id)

    @app_commands.command(description="Unlink your X account: my access is deleted")
    async def unlink(self, interaction: discord.Interaction[LikecordClient]) -> None:
        await reply.defer(interaction, private=True)
        status = await self._accounts.status(interaction.user.id)
        await reply.show(
            interaction, unlink_question_card(status.username, ForGoodButton(ForGood.UNLINK))
        )


async def setup(bot: LikecordClient) -> None:
    await bot.add_cog(AccountCog(bot))

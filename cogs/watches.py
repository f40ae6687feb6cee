"""/watch: which posts this server is told about, and where."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat import reply
from bot.chat.autocomplete import watch_choices
from bot.chat.cards.watches import watch_removed_card
from bot.chat.channels import AnnouncementChannel, ChosenChannel, require_writable
from bot.chat.client import LikecordClient
from bot.chat.pages import watches_page
from bot.chat.watch_buttons import watch_or_ask
from bot.chat.who import guild_of, managers_only, manages_guild
from bot.errors import UnknownWatch

_MAX_DIGITS = 18


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class Watches(
    commands.GroupCog, group_name="watch", group_description="Posts that this server is told about"
):
    def __init__(self, bot: LikecordClient) -> None:
        self._watches = bot.services.watches

    @app_commands.command(description="Announce new likes of a post in a channel")
    @app_commands.describe(
        post="The post's address on X, or its ID",
        channel="Where to announce; without it, in the channel of /config channel",
        unlikes="True: announce likes that are taken back, too",
    )
    @managers_only
    async def add(
        self,
        interaction: discord.Interaction[LikecordClient],
        post: str,
        channel: app_commands.Transform[ChosenChannel, AnnouncementChannel] | None = None,
        *,
        unlikes: bool | None = None,
    ) -> None:
        await reply.defer(interaction, private=True)
        if channel is not None:
            await require_writable(channel)
        shown = await watch_or_ask(
            interaction, channel.id if channel else None, post, unlikes=unlikes
        )
        await reply.show(interaction, shown)

    @app_commands.command(name="list", description="List the posts that are watched here")
    @managers_only
    async def list_(self, interaction: discord.Interaction[LikecordClient]) -> None:
        await reply.defer(interaction, private=True)
        watches = await self._watches.list(guild_of(interaction))
        await reply.show(interaction, watches_page(watches))

    @app_commands.command(description="Stop watching a post")
    @app_commands.describe(watch="Which of the watches; type to search")
    @managers_only
    async def remove(self, interaction: discord.Interaction[LikecordClient], watch: str) -> None:
        await reply.defer(interaction, private=True)
        removed = await self._watches.remove(guild_of(interaction), _watch_id(watch))
        await reply.show(interaction, watch_removed_card(removed))

    @remove.autocomplete("watch")
    async def _choices(
        self, interaction: discord.Interaction[LikecordClient], typed: str
    ) -> list[app_commands.Choice[str]]:
        if not manages_guild(interaction):
            return []
        choices = self._watches.choices(guild_of(interaction), typed)
        return await watch_choices(choices, interaction.guild)


def _watch_id(value: str) -> int:
    """Read the value of a choice; whoever ignores the choices may send anything."""
    if not (value.isascii() and value.isdigit() and len(value) <= _MAX_DIGITS):
        raise UnknownWatch
    return int(value)


async def setup(bot: LikecordClient) -> None:
    await bot.add_cog(Watches(bot))

"""/watch: which posts this server is told about, and where."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.answers import reply
from bot.chat.answers.asker import guild_of, managers_only, manages_guild
from bot.chat.answers.attachments import text_of
from bot.chat.answers.autocomplete import watch_choices
from bot.chat.answers.channels import AnnouncementChannel, ChosenChannel, require_writable
from bot.chat.answers.find_watch import find_watch, ref_of, watches_of
from bot.chat.buttons.account_watches import DAYS, watch_account_or_ask
from bot.chat.buttons.watch_list import watches_page
from bot.chat.buttons.watch_removal import remove_meant
from bot.chat.buttons.watches import watch_or_ask
from bot.chat.cards.managing import history_card, paused_card, resumed_card
from bot.chat.connection.client import LikecordClient
from bot.domain import AccountWatchRequest, WatchChoice

_MOST_DAYS = 30
_WHICH = "Its label, post, ID or #channel; type to search"


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class WatchesCog(
    commands.GroupCog, group_name="watch", group_description="What this server is told about"
):
    def __init__(self, bot: LikecordClient) -> None:
        self._watches = bot.services.watches
        self._accounts = bot.services.account_watches
        self._managed = bot.services.managed

    @app_commands.command(description="Announce who likes a post")
    @app_commands.describe(
        post="The post's link, or its ID",
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
        shown = await watch_or_ask(
            interaction, channel.id if channel else None, post, unlikes=unlikes
        )
        await reply.show(interaction, shown)

    @app_commands.command(description="Announce who likes an account's new posts")
    @app_commands.describe(
        user="Their username, or a link to their profile or a post",
        channel="Where to announce; without it, in the channel of /config channel",
        days=f"For how many days each post is watched; {DAYS} unless you say otherwise",
        replies="True: replies to other posts, too",
        reposts="True: the posts that it reposts, too",
    )
    @managers_only
    async def account(
        self,
        interaction: discord.Interaction[LikecordClient],
        user: str,
        channel: app_commands.Transform[ChosenChannel, AnnouncementChannel] | None = None,
        days: app_commands.Range[int, 1, _MOST_DAYS] = DAYS,
        *,
        replies: bool = False,
        reposts: bool = False,
    ) -> None:
        await reply.defer(interaction, private=True)
        await require_writable(interaction, channel.id if channel else None)
        request = AccountWatchRequest(
            guild_of(interaction),
            channel.id if channel else None,
            user,
            interaction.user.id,
            days,
            replies,
            reposts,
        )
        await reply.show(interaction, await watch_account_or_ask(interaction, request))

    @app_commands.command(name="list", description="List, search and manage what is watched here")
    @managers_only
    async def list_(self, interaction: discord.Interaction[LikecordClient]) -> None:
        watches = await reply.defer_while(interaction, watches_of(interaction), private=True)
        await reply.show(interaction, watches_page(watches))

    @app_commands.command(name="import", description="Watch many posts at once, from links")
    @app_commands.describe(
        links="Links of posts, or a text with them",
        file="A text file with links: up to 200 posts are taken",
        channel="Where to announce; without it, in the channel of /config channel",
    )
    @managers_only
    async def import_(
        self,
        interaction: discord.Interaction[LikecordClient],
        links: str = "",
        file: discord.Attachment | None = None,
        channel: app_commands.Transform[ChosenChannel, AnnouncementChannel] | None = None,
    ) -> None:
        await reply.defer(interaction, private=True)
        channel_id = channel.id if channel else None
        await require_writable(interaction, channel_id)
        attached = await text_of(file) if file is not None else ""
        await interaction.client.importer.ask(interaction, channel_id, f"{links}\n{attached}")

    @app_commands.command(description="Stop watching a post, or an account's new posts")
    @app_commands.describe(watch=_WHICH)
    @managers_only
    async def remove(self, interaction: discord.Interaction[LikecordClient], watch: str) -> None:
        await reply.defer(interaction, private=True)
        await reply.show(interaction, await remove_meant(interaction, watch))

    @app_commands.command(description="Announce nothing of a watch, and ask X nothing, for a while")
    @app_commands.describe(watch=_WHICH)
    @managers_only
    async def pause(self, interaction: discord.Interaction[LikecordClient], watch: str) -> None:
        await reply.defer(interaction, private=True)
        ref = ref_of(await find_watch(interaction, watch))
        await reply.show(
            interaction, paused_card(await self._managed.pause(guild_of(interaction), ref))
        )

    @app_commands.command(description="Go on with a paused watch, from now on")
    @app_commands.describe(watch=_WHICH)
    @managers_only
    async def resume(self, interaction: discord.Interaction[LikecordClient], watch: str) -> None:
        await reply.defer(interaction, private=True)
        ref = ref_of(await find_watch(interaction, watch))
        await reply.show(
            interaction, resumed_card(await self._managed.resume(guild_of(interaction), ref))
        )

    @app_commands.command(description="Show what a watch announced, and how it is set")
    @app_commands.describe(watch=_WHICH)
    @managers_only
    async def show(self, interaction: discord.Interaction[LikecordClient], watch: str) -> None:
        await reply.defer(interaction, private=True)
        guild_id = guild_of(interaction)
        ref = ref_of(await find_watch(interaction, watch))
        await reply.show(interaction, history_card(await self._managed.history(guild_id, ref)))

    @remove.autocomplete("watch")
    @pause.autocomplete("watch")
    @resume.autocomplete("watch")
    @show.autocomplete("watch")
    async def _choices(
        self, interaction: discord.Interaction[LikecordClient], typed: str
    ) -> list[app_commands.Choice[str]]:
        if not manages_guild(interaction):
            return []
        return await watch_choices(self._offered(guild_of(interaction), typed), interaction.guild)

    async def _offered(self, guild_id: int, typed: str) -> list[WatchChoice]:
        accounts = await self._accounts.choices(guild_id, typed)
        return [*accounts, *await self._watches.choices(guild_id, typed)]


async def setup(bot: LikecordClient) -> None:
    await bot.add_cog(WatchesCog(bot))

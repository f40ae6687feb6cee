"""/post, /likers and /liked: what X shows of a post, and of who likes what."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.answers import reply
from bot.chat.answers.asker import FOR_ONESELF, IN_SERVERS_TOO, asker_of
from bot.chat.answers.pace import looks_up
from bot.chat.buttons.pages import liked_page, likers_page, post_page
from bot.chat.cards.metrics import author_metrics_card
from bot.chat.connection.client import LikecordClient
from bot.services.as_sent import as_sent
from bot.services.export.table import TableFormat
from bot.services.export.values import ExportRequest, Kind

_POST = "The post's link, or its ID"
_EXPORT = "Get everything as a file, which only you see"
_FIELDS = "Attach X's answers too, as X sent them (JSON)"


class LookupCog(commands.Cog):
    def __init__(self, bot: LikecordClient) -> None:
        self._lookup = bot.services.lookup

    @app_commands.command(description="Show a post of X: its text, author, pictures and counts")
    @app_commands.describe(post=_POST, fields=_FIELDS)
    @IN_SERVERS_TOO
    @FOR_ONESELF
    @looks_up
    async def post(
        self, interaction: discord.Interaction[LikecordClient], post: str, *, fields: bool = False
    ) -> None:
        await reply.defer_public(interaction, files=fields)
        sent = await as_sent(self._lookup.post(await asker_of(interaction), post))
        await reply.show(interaction, post_page(sent.found), *(sent.files if fields else ()))
        view = await self._lookup.author_view(await asker_of(interaction), sent.found)
        if view is not None:
            await reply.add_private(interaction, author_metrics_card(sent.found, view))

    @app_commands.command(description="List the people who like a post of X")
    @app_commands.describe(post=_POST, export=_EXPORT, fields=_FIELDS)
    @IN_SERVERS_TOO
    @FOR_ONESELF
    @looks_up
    async def likers(
        self,
        interaction: discord.Interaction[LikecordClient],
        post: str,
        export: TableFormat | None = None,
        *,
        fields: bool = False,
    ) -> None:
        if export is not None:
            await self._export(interaction, Kind.LIKERS, post, export)
            return
        await reply.defer_public(interaction, files=fields)
        sent = await as_sent(self._lookup.likers(await asker_of(interaction), post))
        await reply.show(interaction, likers_page(sent.found), *(sent.files if fields else ()))

    @app_commands.command(description="List the posts that somebody likes on X")
    @app_commands.describe(
        user="Their username, or a link to their profile or a post", export=_EXPORT, fields=_FIELDS
    )
    @app_commands.guild_only()
    @looks_up
    async def liked(
        self,
        interaction: discord.Interaction[LikecordClient],
        user: str,
        export: TableFormat | None = None,
        *,
        fields: bool = False,
    ) -> None:
        if export is not None:
            await self._export(interaction, Kind.LIKED, user, export)
            return
        # What X shows somebody of themselves is not for the whole server.
        is_own = await self._lookup.is_ones_own(interaction.user.id, user)
        if is_own:
            await reply.defer(interaction, private=True)
        else:
            await reply.defer_public(interaction, files=fields)
        found = self._lookup.liked(await asker_of(interaction), user, is_private=is_own)
        sent = await as_sent(found)
        await reply.show(interaction, liked_page(sent.found), *(sent.files if fields else ()))

    @staticmethod
    async def _export(
        interaction: discord.Interaction[LikecordClient],
        kind: Kind,
        subject: str,
        table_format: TableFormat,
    ) -> None:
        await reply.defer(interaction, private=True)
        request = ExportRequest(await asker_of(interaction), kind, subject, table_format)
        await interaction.client.exporter.begin(interaction, request)


async def setup(bot: LikecordClient) -> None:
    await bot.add_cog(LookupCog(bot))

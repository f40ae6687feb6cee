"""A second library, with other habits, against the same server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest

from tests.late import late
from tests.sandbox.discord.server import GRACE, Server

if TYPE_CHECKING:
    import hikari
else:
    hikari = late("hikari")


@pytest.fixture
async def hikari_bot(server: Server) -> AsyncIterator[hikari.GatewayBot]:
    bot = hikari.GatewayBot(
        server.sandbox.token,
        rest_url=server.api,
        intents=hikari.Intents.GUILDS | hikari.Intents.GUILD_MESSAGES,
        banner=None,
        logs=None,
    )
    available = asyncio.Event()

    async def on_guild(_: hikari.GuildAvailableEvent) -> None:
        available.set()

    async def on_interaction(event: hikari.InteractionCreateEvent) -> None:
        await answer(event.interaction)

    bot.subscribe(hikari.GuildAvailableEvent, on_guild)
    bot.subscribe(hikari.InteractionCreateEvent, on_interaction)
    await bot.start(check_for_updates=False)
    await available.wait()
    yield bot
    await bot.close()


async def answer(interaction: hikari.PartialInteraction) -> None:
    if isinstance(interaction, hikari.CommandInteraction):
        await interaction.create_initial_response(hikari.ResponseType.DEFERRED_MESSAGE_CREATE)
        options = interaction.options or []
        row = hikari.impl.MessageActionRowBuilder()
        row.add_interactive_button(hikari.ButtonStyle.PRIMARY, "again", label="Again")
        said = f"hello {options[0].value if options else interaction.user.username}"
        await interaction.edit_initial_response(said, component=row)
        await interaction.execute("and more", flags=hikari.MessageFlag.EPHEMERAL)
    elif isinstance(interaction, hikari.ComponentInteraction):
        await interaction.create_initial_response(
            hikari.ResponseType.MESSAGE_UPDATE, f"pressed {interaction.custom_id}", components=[]
        )


async def test_a_command_is_registered_and_answered(
    server: Server, hikari_bot: hikari.GatewayBot
) -> None:
    builder = hikari_bot.rest.slash_command_builder("hello", "Say hello")
    builder.add_option(
        hikari.CommandOption(type=hikari.OptionType.STRING, name="word", description="A word")
    )
    application = await hikari_bot.rest.fetch_application()
    await hikari_bot.rest.set_application_commands(application, [builder])

    result = await server.ask("hello", {"word": "world"}, user_id=GRACE)

    first, second = result["messages"]
    assert (first["content"], second["content"]) == ("hello world", "and more")
    pressed = {"message_id": first["id"], "custom_id": "again"}
    result = await server.interact(component=pressed)
    assert result["messages"][0]["content"] == "pressed again"


async def test_messages_and_members(server: Server, hikari_bot: hikari.GatewayBot) -> None:
    guild = await hikari_bot.rest.fetch_guild(server.sandbox.guild_id)
    channels = {
        channel.name: channel.id for channel in await hikari_bot.rest.fetch_guild_channels(guild)
    }
    sent = await hikari_bot.rest.create_message(
        channels["likes"], "text", embed=hikari.Embed(title="An embed"), attachment=b"some bytes"
    )
    again = await hikari_bot.rest.fetch_message(channels["likes"], sent)
    assert again.embeds[0].title == "An embed"
    assert await again.attachments[0].read() == b"some bytes"
    with pytest.raises(hikari.ForbiddenError):
        await hikari_bot.rest.create_message(channels["staff-only"], "x")
    member = await hikari_bot.rest.fetch_member(guild, int(GRACE))
    assert member.username == "grace"

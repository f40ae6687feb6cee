"""The barest bot: it defers, and then answers "pong". What Likecord's answers are held against."""

import os

import discord
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL


class BareBot(discord.Client):
    def __init__(self, guild_id: int) -> None:
        super().__init__(intents=discord.Intents(guilds=True))
        self._guild = discord.Object(guild_id)
        self.tree = app_commands.CommandTree(self)

    async def setup_hook(self) -> None:
        self.tree.add_command(ping, guild=self._guild)
        await self.tree.sync(guild=self._guild)


@app_commands.command()
async def ping(interaction: discord.Interaction) -> None:
    """Answer pong."""
    await interaction.response.defer(ephemeral=True)
    await interaction.edit_original_response(content="pong")


def main() -> None:
    Route.BASE = os.environ["DISCORD_API_URL"]
    DiscordWebSocket.DEFAULT_GATEWAY = URL(os.environ["DISCORD_GATEWAY_URL"])
    bot = BareBot(int(os.environ["DISCORD_GUILD_ID"]))
    bot.run(os.environ["DISCORD_TOKEN"], log_handler=None)


if __name__ == "__main__":
    main()

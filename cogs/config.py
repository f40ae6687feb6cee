"""/config: a server's settings."""

from decimal import Decimal

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.answers import reply
from bot.chat.answers.asker import guild_of, managers_only
from bot.chat.answers.channels import AnnouncementChannel, ChosenChannel, require_writable
from bot.chat.answers.dollars import LEAST_USD, MOST_USD
from bot.chat.buttons.guild_data import DeleteDataButton
from bot.chat.buttons.home import home_page
from bot.chat.cards.budgets import budget_set_card
from bot.chat.cards.config import LANGUAGES, Setting, config_card, config_saved_card
from bot.chat.cards.guild_data import delete_data_question_card
from bot.chat.cards.managing import STYLES
from bot.chat.connection.client import LikecordClient
from bot.chat.text.limits import LEAST_A_PAGE, MOST_A_PAGE
from bot.domain.languages import Language
from bot.domain.styles import WatchStyle
from bot.domain.time_zones import parse_zone, zones_like
from bot.domain.when import parse_quiet_hours

_CENT, _MOST_USD = float(LEAST_USD), float(MOST_USD)


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class ConfigCog(
    commands.GroupCog, group_name="config", group_description="Settings of this server"
):
    def __init__(self, bot: LikecordClient) -> None:
        self._config = bot.services.config
        self._home = bot.services.home

    @app_commands.command(description="Choose the channel for announcements, or clear the choice")
    @app_commands.describe(channel="Where to announce; leave it out to clear the choice")
    @managers_only
    async def channel(
        self,
        interaction: discord.Interaction[LikecordClient],
        channel: app_commands.Transform[ChosenChannel, AnnouncementChannel] | None = None,
    ) -> None:
        await reply.defer(interaction, private=True)
        if channel is not None:
            await require_writable(interaction, channel.id)
        saved = await self._config.set_channel(
            guild_of(interaction), channel.id if channel else None
        )
        await reply.show(interaction, config_saved_card(saved, Setting.CHANNEL))

    @app_commands.command(description="Choose the channel for troubles, or clear the choice")
    @app_commands.describe(channel="Where to tell what is wrong; leave it out to clear the choice")
    @managers_only
    async def alerts(
        self,
        interaction: discord.Interaction[LikecordClient],
        channel: app_commands.Transform[ChosenChannel, AnnouncementChannel] | None = None,
    ) -> None:
        await reply.defer(interaction, private=True)
        if channel is not None:
            await require_writable(interaction, channel.id)
        saved = await self._config.set_alerts(
            guild_of(interaction), channel.id if channel else None
        )
        await reply.show(interaction, config_saved_card(saved, Setting.ALERTS))

    @app_commands.command(
        name="like-role", description="Let a role like with the bot's account, or clear the choice"
    )
    @app_commands.describe(role="Who may use /like and /unlike; leave it out to clear the choice")
    @managers_only
    async def like_role(
        self, interaction: discord.Interaction[LikecordClient], role: discord.Role | None = None
    ) -> None:
        await reply.defer(interaction, private=True)
        saved = await self._config.set_like_role(guild_of(interaction), role.id if role else None)
        await reply.show(interaction, config_saved_card(saved, Setting.WHO_CAN_LIKE))

    @app_commands.command(
        name="lookup-role", description="Let only a role look up posts and likers, or everyone"
    )
    @app_commands.describe(role="Who may look up and export; leave it out for everyone")
    @managers_only
    async def lookup_role(
        self, interaction: discord.Interaction[LikecordClient], role: discord.Role | None = None
    ) -> None:
        await reply.defer(interaction, private=True)
        saved = await self._config.set_lookup_role(guild_of(interaction), role.id if role else None)
        await reply.show(interaction, config_saved_card(saved, Setting.WHO_CAN_LOOK_UP))

    @app_commands.command(
        name="page-size", description="Choose how many people or posts a page shows"
    )
    @app_commands.describe(
        size=f"From {LEAST_A_PAGE} to {MOST_A_PAGE}; leave it out to go back to the usual size"
    )
    @managers_only
    async def page_size(
        self,
        interaction: discord.Interaction[LikecordClient],
        size: app_commands.Range[int, LEAST_A_PAGE, MOST_A_PAGE] | None = None,
    ) -> None:
        await reply.defer(interaction, private=True)
        saved = await self._config.set_page_size(guild_of(interaction), size)
        await reply.show(interaction, config_saved_card(saved, Setting.PAGE_SIZE))

    @app_commands.command(
        name="own-accounts",
        description="Choose whether members like with their own X accounts alone",
    )
    @app_commands.describe(only="True: nobody likes with the bot's account, not even managers")
    @managers_only
    async def own_accounts(
        self, interaction: discord.Interaction[LikecordClient], *, only: bool
    ) -> None:
        await reply.defer(interaction, private=True)
        saved = await self._config.set_own_accounts_only(guild_of(interaction), only=only)
        await reply.show(interaction, config_saved_card(saved, Setting.WHO_CAN_LIKE))

    @app_commands.command(description="Choose how watches announce that have no style of their own")
    @app_commands.describe(style="How the likes of a post are announced")
    @app_commands.choices(
        style=[
            app_commands.Choice(name=f"{name}: {says}", value=style.value)
            for style, (name, says) in STYLES.items()
        ]
    )
    @managers_only
    async def style(self, interaction: discord.Interaction[LikecordClient], style: str) -> None:
        await reply.defer(interaction, private=True)
        saved = await self._config.set_style(guild_of(interaction), WatchStyle(style))
        await reply.show(interaction, config_saved_card(saved, Setting.STYLE))

    @app_commands.command(description="Choose in which language I tell everybody what happens")
    @app_commands.describe(language="Of what I say in channels; leave it out for Discord's")
    @app_commands.choices(
        language=[
            app_commands.Choice(name=name, value=language.value)
            for language, name in LANGUAGES.items()
        ]
    )
    @managers_only
    async def language(
        self, interaction: discord.Interaction[LikecordClient], language: str | None = None
    ) -> None:
        await reply.defer(interaction, private=True)
        chosen = None if language is None else Language(language)
        saved = await self._config.set_language(guild_of(interaction), chosen)
        await reply.show(interaction, config_saved_card(saved, Setting.LANGUAGE))

    @app_commands.command(
        name="quiet-hours", description="Choose when likes are not announced, or clear the choice"
    )
    @app_commands.describe(
        begin="When the quiet begins, such as 22:00; leave both out for no quiet hours",
        end="When it ends, such as 07:00; what came meanwhile is announced then, as one",
        time_zone="Where that is the time, such as Europe/Berlin; type to search",
    )
    @app_commands.rename(time_zone="time-zone")
    @managers_only
    async def quiet_hours(
        self,
        interaction: discord.Interaction[LikecordClient],
        begin: str | None = None,
        end: str | None = None,
        time_zone: str | None = None,
    ) -> None:
        await reply.defer(interaction, private=True)
        quiet = parse_quiet_hours(begin, end)
        zone = None if time_zone is None else parse_zone(time_zone)
        saved = await self._config.set_quiet_hours(guild_of(interaction), quiet, zone)
        await reply.show(interaction, config_saved_card(saved, Setting.QUIET_HOURS))

    @quiet_hours.autocomplete("time_zone")
    async def _zones(
        self, _interaction: discord.Interaction[LikecordClient], typed: str
    ) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=name, value=name) for name in zones_like(typed)]

    @app_commands.command(
        description="Choose what X may cost this server in a month, or clear the choice"
    )
    @app_commands.describe(usd="In US dollars; leave it out for no budget")
    @managers_only
    async def budget(
        self,
        interaction: discord.Interaction[LikecordClient],
        usd: app_commands.Range[float, _CENT, _MOST_USD] | None = None,
    ) -> None:
        await reply.defer(interaction, private=True)
        month = await self._config.set_budget(guild_of(interaction), _dollars(usd))
        await reply.show(interaction, budget_set_card(month))

    @app_commands.command(
        name="member-budget", description="Choose what a member may cost on a day"
    )
    @app_commands.describe(usd="In US dollars a UTC day; leave it out for the usual")
    @managers_only
    async def member_budget(
        self,
        interaction: discord.Interaction[LikecordClient],
        usd: app_commands.Range[float, 0.0, _MOST_USD] | None = None,
    ) -> None:
        await reply.defer(interaction, private=True)
        saved = await self._config.set_member_budget(guild_of(interaction), _dollars(usd))
        await reply.show(interaction, config_saved_card(saved, Setting.MEMBER_BUDGET))

    @app_commands.command(
        name="ask-above", description="Choose how much a new watch may cost before I ask first"
    )
    @app_commands.describe(usd="In US dollars, 0 for always; leave it out for the usual")
    @managers_only
    async def ask_above(
        self,
        interaction: discord.Interaction[LikecordClient],
        usd: app_commands.Range[float, 0.0, _MOST_USD] | None = None,
    ) -> None:
        await reply.defer(interaction, private=True)
        saved = await self._config.set_ask_above(guild_of(interaction), _dollars(usd))
        await reply.show(interaction, config_saved_card(saved, Setting.ASK_ABOVE))

    @app_commands.command(
        description="Show whether the bot's account serves this server, or change it"
    )
    @managers_only
    async def home(self, interaction: discord.Interaction[LikecordClient]) -> None:
        showing = self._home.show(guild_of(interaction))
        state = await reply.defer_while(interaction, showing, private=True)
        await reply.show(interaction, home_page(interaction, state))

    @app_commands.command(
        name="delete-data", description="Delete all that is stored about this server, for good"
    )
    @managers_only
    async def delete_data(self, interaction: discord.Interaction[LikecordClient]) -> None:
        await reply.defer(interaction, private=True)
        await reply.show(interaction, delete_data_question_card(DeleteDataButton()))

    @app_commands.command(description="Show the settings of this server")
    @managers_only
    async def show(self, interaction: discord.Interaction[LikecordClient]) -> None:
        showing = self._config.show(guild_of(interaction))
        saved = await reply.defer_while(interaction, showing, private=True)
        await reply.show(interaction, config_card(saved))


def _dollars(usd: float | None) -> Decimal | None:
    """Return dollars to the cent: nobody means more digits than that."""
    return None if usd is None else round(Decimal(usd), 2)


async def setup(bot: LikecordClient) -> None:
    await bot.add_cog(ConfigCog(bot))

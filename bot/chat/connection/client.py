"""The Discord client: connects, loads the commands, and gives them the services."""

import asyncio
import logging
import pkgutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.answers.failures import answer_failure
from bot.chat.answers.options import require_usable
from bot.chat.answers.pace import LookupPace
from bot.chat.buttons.home import offer_home
from bot.chat.cards.about import about_pages
from bot.chat.cards.numbers import counted
from bot.chat.connection.channel_events import ChannelEvents
from bot.chat.connection.dynamic_items import DYNAMIC_ITEMS
from bot.chat.connection.gateway_events import isolate
from bot.chat.connection.held_here import HeldHere
from bot.chat.connection.interaction_answers import bear_bad_answers
from bot.chat.connection.login_check import without_voice
from bot.chat.connection.operators import Operators
from bot.chat.connection.proxies import proxy_for_discord
from bot.chat.connection.registration import Registration
from bot.chat.connection.server_languages import ServerLanguages
from bot.chat.connection.shared_interactions import SharedInteractions
from bot.chat.connection.shut_channels import ShutChannelCheck
from bot.chat.connection.unknown_components import answer_unknown, form_is_open
from bot.chat.connection.whole_application import WholeApplication
from bot.chat.delivery.rate_limits import RateLimits
from bot.chat.setup.greeting import Greeting
from bot.chat.tasks.commands_running import CommandsRunning
from bot.chat.tasks.exports import Exporter
from bot.chat.tasks.imports import Importer
from bot.chat.tasks.links import Linker
from bot.domain.about import AboutPage
from bot.domain.shards import Shards
from bot.services.all_services import Services
from bot.services.interactions import InteractionsService

logger = logging.getLogger(__name__)

COGS = "cogs"
# Of the five seconds in which the bot promises to stop, what commands get to finish their answers.
_COMMANDS_GRACE_S = 0.3
# And exports and imports, to hand over what they have.
_TASKS_GRACE_S = 0.8
# The least that discord.py takes for the longest that it waits for a rate limit.
_LONGEST_WAIT_S = 30.0


class LikecordTree(app_commands.CommandTree["LikecordClient"]):
    """One place where every command begins, and where its failure ends."""

    async def interaction_check(
        self, interaction: discord.Interaction["LikecordClient"], /
    ) -> bool:
        if interaction.type is discord.InteractionType.application_command:
            interaction.client.commands_running.began(interaction.id)
        await interaction.client.operators.note_at_once(interaction.guild)
        if interaction.type is discord.InteractionType.application_command:
            require_usable(interaction)
        return True

    async def on_error(
        self,
        interaction: discord.Interaction["LikecordClient"],
        error: app_commands.AppCommandError,
        /,
    ) -> None:
        try:
            await answer_failure(interaction, error)
            await interaction.client.offer_home(interaction)
        finally:
            interaction.client.commands_running.ended(interaction.id)


class LikecordClient(ChannelEvents, WholeApplication, commands.Bot):
    """A bot of slash commands alone: it asks for no message, member or presence data."""

    def __init__(
        self,
        *,
        services: Services,
        development_guild_id: int | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        shared: InteractionsService | None = None,
        about: tuple[AboutPage, ...] | None = None,
        database_is_away: Callable[[BaseException], bool] = lambda _: False,
        **shards: Any,  # noqa: ANN401 -- see ShardedClient
    ) -> None:
        """`shared` says which interactions this process answers, of those that several hear of.

        Without it, no other hears of them. `about` are the pages about the bot, in which an
        operator may lead to their own. `database_is_away` knows that of a command's failure.
        """
        without_voice()
        limits = RateLimits()
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=LikecordTree,
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_contexts=app_commands.AppCommandContext(guild=True),
            allowed_installs=app_commands.AppInstallationType(guild=True),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            proxy=proxy_for_discord(),
            http_trace=limits.trace(),
            # What is limited for longer is put off, so that it holds up nothing else.
            max_ratelimit_timeout=_LONGEST_WAIT_S,
            **shards,
        )
        bear_bad_answers(self.http)
        self.limits = limits
        self.is_on_gateway = False
        self.services = services
        self.database_is_away = database_is_away
        self.exporter = Exporter(services.exports, now=now)
        self.about = about_pages() if about is None else about
        self.importer = Importer(services.imports, now=now)
        self.linker = Linker(services.accounts, self.about)
        self.lookup_pace = LookupPace()
        self.operators = Operators(self, services.home)
        self.languages = ServerLanguages(services.config)
        self.greeting = Greeting(services.greetings, self.about, self.command_ids)
        self.channels = ShutChannelCheck(self, services.channels)
        self.ready = asyncio.Event()
        self.commands_running = CommandsRunning()
        self.registration = Registration(self.tree, services.command_scopes, development_guild_id)
        self._one_after_the_other = asyncio.Lock()
        self._is_leaving = False
        isolate(self._connection.parsers)
        self._shared = None if shared is None else self._sharing(shared)

    def _sharing(self, shared: InteractionsService) -> SharedInteractions:
        held = HeldHere(partial(form_is_open, self._connection), self.exporter, self.importer)
        return SharedInteractions(self._connection.parsers, shared, held)

    def command_ids(self) -> Mapping[str, int]:
        """Return the ID of each slash command by its whole name, as far as Discord told them."""
        return self.registration.command_ids

    @property
    def shards_here(self) -> Shards | None:
        """Return which of Discord's parts of all servers come to this process; None: all."""
        return None

    @property
    def was_on_the_gateway(self) -> bool:
        return bool(self.ws)

    @property
    def has_no_shard_away(self) -> bool:
        return self.is_on_gateway

    def is_on_the_gateway(self) -> bool:
        """Say whether Discord hears us now, or did until a moment ago."""
        return self.is_ready() and not self.is_closed() and self.is_on_gateway

    async def setup_hook(self) -> None:
        if self.application is not None:  # it was asked for at the login
            self.operators.learn(self.application)
        # Not as extensions, which can be loaded anew: that reads each file once more, and at the
        # end looks through every module that there is.
        for name in cog_modules():
            await import_module(name).setup(self)
        self.add_dynamic_items(*DYNAMIC_ITEMS)
        await self.registration.begin()

    async def close(self) -> None:
        self._is_leaving = True
        if self._shared is not None:
            await self._shared.finish()
        if cut_off := await self.commands_running.finish(_COMMANDS_GRACE_S):
            logger.warning("unanswered commands at the end: %d", cut_off)
        await self.linker.close()
        await asyncio.gather(
            self.exporter.close(_TASKS_GRACE_S),
            self.importer.close(_TASKS_GRACE_S),
            self._tell_other_processes(),
        )
        await self.channels.close()
        await self.registration.close()
        await super().close()

    async def _tell_other_processes(self) -> None:
        if self._shared is not None:
            await self._shared.close(_TASKS_GRACE_S)

    def dispatch(self, event_name: str, /, *args: object, **kwargs: object) -> None:
        """Drop what comes after the end: discord.py has let go of its loop by then."""
        if not self.is_closed():
            super().dispatch(event_name, *args, **kwargs)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- discord.py's
        """Say nothing of what the end of the process cuts off."""
        if not self._is_leaving:
            await super().on_error(event_method, *args, **kwargs)

    async def on_ready(self) -> None:
        servers = counted(len(self.guilds), "server")
        logger.info("connected to Discord as %s, in %s", self.user, servers)
        async with self._one_after_the_other:
            here = [guild.id for guild in self.guilds]
            await self.services.watches.present_in(here, self.shards_here)
        await self.look_at_owners()
        await self.languages.note(self.guilds)
        for guild in self.guilds:
            if not guild.unavailable:
                self.channels.look(guild.id)
        self.ready.set()
        await self.greeting.greet_new(self.guilds)

    async def look_at_owners(self) -> None:
        """Ask Discord who runs the bot, and note which servers are theirs."""
        await self.operators.refresh()
        await self.operators.note(self.guilds)

    async def on_connect(self) -> None:
        self.is_on_gateway = True

    async def on_resumed(self) -> None:
        self.is_on_gateway = True

    async def on_disconnect(self) -> None:
        self.is_on_gateway = False

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        await answer_unknown(interaction)

    async def on_app_command_completion(
        self, interaction: discord.Interaction[Any], _command: object
    ) -> None:
        try:
            await self.offer_home(interaction)
        finally:
            self.commands_running.ended(interaction.id)

    async def offer_home(self, interaction: discord.Interaction[Any]) -> None:
        """Ask whoever runs the bot whether a server is one of theirs; no command fails by it."""
        try:
            await offer_home(interaction)
        except Exception:
            logger.exception("could not ask whether a server is home")

    async def on_guild_available(self, guild: discord.Guild) -> None:
        if self.ready.is_set():
            self.channels.look(guild.id)
            await self.operators.note([guild])
            await self.languages.note([guild])

    async def on_guild_join(self, guild: discord.Guild) -> None:
        async with self._one_after_the_other:
            if self.get_guild(guild.id) is not None:  # it may have been removed again meanwhile
                await self.services.watches.joined(guild.id)
        self.registration.try_soon()
        self.channels.look(guild.id)
        await self.operators.note([guild])
        await self.languages.note([guild])
        await self.greeting.greet(guild)

    async def on_guild_update(self, _before: discord.Guild, after: discord.Guild) -> None:
        await self.operators.note([after])
        await self.languages.note([after])

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        async with self._one_after_the_other:
            if self.get_guild(guild.id) is None:
                await self.services.watches.left(guild.id)


def cog_modules(package: str = COGS) -> list[str]:
    """Return the names of the modules that hold commands, in a stable order."""
    spec = find_spec(package)
    places = spec.submodule_search_locations if spec else None
    return sorted(
        f"{package}.{module.name}"
        for module in pkgutil.iter_modules(places or [])
        if not module.name.startswith("_")
    )

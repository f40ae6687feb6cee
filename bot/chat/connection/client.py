"""The Discord client: connects, loads the commands, and gives them the services."""

import asyncio
import logging
import pkgutil
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.answers.failures import answer_failure
from bot.chat.answers.pace import LookupPace
from bot.chat.buttons.account_watches import WatchAccountButton
from bot.chat.buttons.accounts import ACCOUNT_ITEMS
from bot.chat.buttons.announced import ANNOUNCED_ITEMS
from bot.chat.buttons.audit import AuditButton
from bot.chat.buttons.consents import CONSENT_ITEMS
from bot.chat.buttons.home import HomeButton, offer_home
from bot.chat.buttons.pages import DYNAMIC_ITEMS
from bot.chat.buttons.post_menu import PostSelect
from bot.chat.buttons.status import STATUS_ITEMS
from bot.chat.buttons.watches import WATCH_ITEMS
from bot.chat.cards.numbers import counted
from bot.chat.connection.login_check import without_voice
from bot.chat.connection.operators import Operators
from bot.chat.connection.proxies import proxy_for_discord
from bot.chat.connection.registration import Registration
from bot.chat.connection.shut_channels import ShutChannelCheck
from bot.chat.delivery.rate_limits import RateLimits
from bot.chat.tasks.commands_running import CommandsRunning
from bot.chat.tasks.exports import Exporter
from bot.chat.tasks.links import Linker
from bot.domain.shards import Shards
from bot.domain.troubles import DeliveryTrouble
from bot.services.all_services import Services

logger = logging.getLogger(__name__)

COGS = "cogs"
# Of the five seconds in which the bot promises to stop, what commands get to finish their answers.
_COMMANDS_GRACE_S = 0.5
# The least that discord.py takes for the longest that it waits for a rate limit.
_LONGEST_WAIT_S = 30.0


class LikecordTree(app_commands.CommandTree["LikecordClient"]):
    """One place where every command begins, and where its failure ends."""

    async def interaction_check(
        self, interaction: discord.Interaction["LikecordClient"], /
    ) -> bool:
        if interaction.type is discord.InteractionType.application_command:
            interaction.client.commands_running.began(interaction.id)
        await interaction.client.operators.note_ours(interaction.guild)
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


class LikecordClient(commands.Bot):
    """A bot of slash commands alone: it asks for no message, member or presence data."""

    def __init__(
        self,
        *,
        services: Services,
        development_guild_id: int | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        answers: Callable[[], bool] = lambda: True,
        **shards: Any,  # noqa: ANN401 -- see ShardedClient
    ) -> None:
        """`answers` says whether interactions are this process's, of several that hear them."""
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
        self.limits = limits
        self.is_on_gateway = False
        self.services = services
        self.exporter = Exporter(services.exports, now=now)
        self.linker = Linker(services.accounts)
        self.lookup_pace = LookupPace()
        self.operators = Operators(self, services.home)
        self.channels = ShutChannelCheck(self, services.channels)
        self.ready = asyncio.Event()
        self.commands_running = CommandsRunning()
        self.registration = Registration(self.tree, services.command_scopes, development_guild_id)
        self._take_interactions_if(answers)

    def _take_interactions_if(self, answers: Callable[[], bool]) -> None:
        """Leave what others answer to them: Discord sends it to every process on one token."""
        parsers = self._connection.parsers
        take = parsers["INTERACTION_CREATE"]

        def take_or_leave(data: Any) -> None:  # noqa: ANN401 -- discord.py's own
            if answers():
                take(data)

        parsers["INTERACTION_CREATE"] = take_or_leave

    @property
    def shards_here(self) -> Shards | None:
        """Return which of Discord's parts of all servers come to this process; None: all."""
        return None

    @property
    def was_on_the_gateway(self) -> bool:
        return bool(self.ws)

    def is_on_the_gateway(self) -> bool:
        """Say whether Discord hears us now, or did until a moment ago."""
        return self.is_ready() and not self.is_closed() and self.is_on_gateway

    async def setup_hook(self) -> None:
        if self.application is not None:  # it was asked for at the login
            self.operators.learn(self.application)
        for name in cog_modules():
            await self.load_extension(name)
        self.add_dynamic_items(*DYNAMIC_ITEMS, *ACCOUNT_ITEMS, *WATCH_ITEMS, WatchAccountButton)
        self.add_dynamic_items(AuditButton, PostSelect, HomeButton, *STATUS_ITEMS, *CONSENT_ITEMS)
        self.add_dynamic_items(*ANNOUNCED_ITEMS)
        await self.registration.begin()

    async def close(self) -> None:
        if cut_off := await self.commands_running.finish(_COMMANDS_GRACE_S):
            logger.warning("unanswered commands at the end: %d", cut_off)
        await self.linker.close()
        await self.exporter.close()
        await self.channels.close()
        await self.registration.close()
        await super().close()

    def dispatch(self, event_name: str, /, *args: object, **kwargs: object) -> None:
        """Drop what comes after the end: discord.py has let go of its loop by then."""
        if not self.is_closed():
            super().dispatch(event_name, *args, **kwargs)

    async def on_ready(self) -> None:
        servers = counted(len(self.guilds), "server")
        logger.info("connected to Discord as %s, in %s", self.user, servers)
        here = [guild.id for guild in self.guilds]
        await self.services.watches.present_in(here, self.shards_here)
        await self.operators.refresh()
        await self.operators.note(self.guilds)
        for guild in self.guilds:
            if not guild.unavailable:
                self.channels.look(guild.id)
        self.ready.set()

    async def on_connect(self) -> None:
        self.is_on_gateway = True

    async def on_resumed(self) -> None:
        self.is_on_gateway = True

    async def on_disconnect(self) -> None:
        self.is_on_gateway = False

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

    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self.services.watches.joined(guild.id)
        self.registration.try_soon()
        self.channels.look(guild.id)
        await self.operators.note([guild])

    async def on_guild_update(self, _before: discord.Guild, after: discord.Guild) -> None:
        await self.operators.note([after])

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await self.services.watches.left(guild.id)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        await self.channels.note(channel.id, DeliveryTrouble.CHANNEL_DELETED)
        self.channels.look(channel.guild.id)

    async def on_raw_thread_delete(self, deleted: discord.RawThreadDeleteEvent) -> None:
        await self.channels.note(deleted.thread_id, DeliveryTrouble.CHANNEL_DELETED)

    async def on_thread_remove(self, thread: discord.Thread) -> None:
        thread.me = None  # discord.py leaves it as it was
        self.channels.look(thread.guild.id)

    async def on_guild_channel_update(
        self, _before: discord.abc.GuildChannel, channel: discord.abc.GuildChannel
    ) -> None:
        self.channels.look(channel.guild.id)

    async def on_thread_join(self, thread: discord.Thread) -> None:
        self.channels.look(thread.guild.id)

    async def on_thread_update(self, _before: discord.Thread, thread: discord.Thread) -> None:
        self.channels.look(thread.guild.id)

    async def on_guild_role_update(self, _before: discord.Role, role: discord.Role) -> None:
        self.channels.look(role.guild.id)

    async def on_guild_role_delete(self, role: discord.Role) -> None:
        self.channels.look(role.guild.id)

    async def on_member_update(self, _before: discord.Member, member: discord.Member) -> None:
        self.channels.look(member.guild.id)


class ShardedClient(LikecordClient, commands.AutoShardedBot):
    """The same on several connections, or on some of those that several processes share."""

    @property
    def shards_here(self) -> Shards | None:
        return Shards(frozenset(self.shards), self.shard_count)

    @property
    def was_on_the_gateway(self) -> bool:
        return bool(self.shards)

    def is_on_the_gateway(self) -> bool:
        open_ = [not shard.is_closed() for shard in self.shards.values()]
        return self.is_ready() and all(open_)


def cog_modules(package: str = COGS) -> list[str]:
    """Return the names of the modules that hold commands, in a stable order."""
    spec = find_spec(package)
    places = spec.submodule_search_locations if spec else None
    return sorted(
        f"{package}.{module.name}"
        for module in pkgutil.iter_modules(places or [])
        if not module.name.startswith("_")
    )

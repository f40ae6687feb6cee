"""Telling Discord the commands, until it has them, and taking back those of other servers."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

import discord
from discord import app_commands

from bot.services.command_scopes import CommandScopeService

logger = logging.getLogger(__name__)

FIRST_PAUSE_S = 5.0
LONGEST_PAUSE_S = 300.0


class Registration:
    """Registers for all servers, or for one at once, for development.

    What was registered for another one server before is taken back: it would be there twice.
    """

    def __init__(
        self,
        tree: app_commands.CommandTree[Any],
        scopes: CommandScopeService,
        guild_id: int | None,
        *,
        first_pause_s: float = FIRST_PAUSE_S,
    ) -> None:
        self._tree = tree
        self._scopes = scopes
        self._guild_id = guild_id
        self._pause_s = first_pause_s
        self._is_registered = False
        self._told = ""
        self._soon = asyncio.Event()
        self._trying: asyncio.Task[None] | None = None
        self.command_ids: Mapping[str, int] = {}
        """The ID of each command by its whole name, once Discord has told them."""

    async def begin(self) -> None:
        """Try once now; what is not done by then is tried again beside everything else."""
        if not await self._try():
            self._trying = asyncio.create_task(self._try_on(), name="registration")

    def try_soon(self) -> None:
        """Try again now: the bot is in a server that it was not in before."""
        self._soon.set()

    async def close(self) -> None:
        if self._trying is not None:
            self._trying.cancel()
            await asyncio.gather(self._trying, return_exceptions=True)

    async def _try_on(self) -> None:
        while True:
            await self._wait(self._pause_s)
            self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)
            if await self._try():
                return

    async def _wait(self, pause_s: float) -> None:
        self._soon.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause_s):
                await self._soon.wait()

    async def _try(self) -> bool:
        """Do what is still to be done; one that fails keeps the other from nothing."""
        tried = [await self._done(step) for step in (self._register, self._take_back)]
        return all(tried)

    async def _done(self, step: Callable[[], Awaitable[None]]) -> bool:
        try:
            await step()
        except Exception as error:  # noqa: BLE001 - whatever it is, the bot works on without
            self._pause_s = max(self._pause_s, getattr(error, "retry_after", 0.0))
            self._tell(error)
            return False
        return True

    async def _register(self) -> None:
        if self._is_registered:
            return
        guild = None
        if self._guild_id is not None:
            guild = discord.Object(self._guild_id)
            await self._scopes.add(self._guild_id)
            self._tree.copy_global_to(guild=guild)
        synced = await self._tree.sync(guild=guild)
        self._is_registered = True
        self.command_ids = _ids(synced)
        logger.info("Discord has %d commands", len(synced))

    async def _take_back(self) -> None:
        for guild_id in await self._scopes.others(self._guild_id):
            guild = discord.Object(guild_id)
            self._tree.clear_commands(guild=guild)
            try:
                await self._tree.sync(guild=guild)
            except (discord.Forbidden, discord.NotFound):
                logger.info("the bot is not in server %d any more, nor are its commands", guild_id)
            await self._scopes.forget(guild_id)

    def _tell(self, error: Exception) -> None:
        """Say in one line what is in the way, and not again while it stays the same."""
        told = f"Discord has not taken the commands yet ({error}); I try again until it does"
        if self._guild_id is not None and isinstance(error, discord.Forbidden):
            told = f"DISCORD_GUILD_ID: invite the bot to server {self._guild_id} first"
        if told != self._told:
            logger.warning("%s", " ".join(told.split()))
        self._told = told


def _ids(commands: Iterable[app_commands.AppCommand]) -> dict[str, int]:
    """Return under which ID each slash command can be mentioned: a subcommand under its root's."""
    slash = [one for one in commands if one.type is discord.AppCommandType.chat_input]
    return {name: one.id for one in slash for name in _names(one, one.name)}


def _names(command: app_commands.AppCommand | app_commands.AppCommandGroup, name: str) -> list[str]:
    groups = [each for each in command.options if isinstance(each, app_commands.AppCommandGroup)]
    inner = [found for each in groups for found in _names(each, f"{name} {each.name}")]
    return inner or [name]

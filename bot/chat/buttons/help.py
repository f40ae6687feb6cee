"""The pages of /help, made of the commands as Discord has them."""

import re
from collections.abc import Iterator
from typing import Any, Self

import discord
from discord import app_commands, ui

from bot.chat.answers import reply
from bot.chat.answers.asker import is_personal, manages_guild
from bot.chat.answers.failures import answered
from bot.chat.buttons.about import about_buttons
from bot.chat.cards.card import Button, Card
from bot.chat.cards.help import HelpPage, help_card

Interaction = discord.Interaction[Any]
Command = app_commands.Command[Any, ..., Any]

_FOR_ALL = "What you can do here"
_WATCHING = "What this server is told about"
_RUNNING = "How it is going, and the settings"
# Managers' commands of the second page; the others are on the third.
_OF_WATCHING = ("setup", "watch")


class HelpButton(ui.DynamicItem[ui.Button[Any]], template=r"help:(?P<page>\d)"):
    """Another page, for whoever presses it."""

    def __init__(self, page: int, label: str = "") -> None:
        super().__init__(ui.Button(label=label or "Page", custom_id=f"help:{page}"))
        self._page = page

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["page"]))

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            await reply.defer_edit(interaction)
            await reply.show(interaction, help_page(interaction, self._page))


def help_page(interaction: Interaction, number: int = 0) -> Card:
    """Show a page of what whoever asks may do where they ask."""
    pages = _pages(interaction)
    number = min(number, len(pages) - 1)
    buttons: list[Button] = []
    if number > 0:
        buttons.append(HelpButton(number - 1, "Previous"))
    if number < len(pages) - 1:
        buttons.append(HelpButton(number + 1, "Next"))
    return help_card(pages, number, *buttons, *about_buttons(interaction.client.about))


def _pages(interaction: Interaction) -> list[HelpPage]:
    tree = interaction.client.tree
    slash = [one for one in tree.walk_commands() if isinstance(one, app_commands.Command)]
    menus = tree.get_commands(type=discord.AppCommandType.message)
    usable = [one for one in slash if _is_offered(interaction, one)]
    on_messages = tuple(menu.name for menu in menus if _is_offered(interaction, menu))
    pages = [
        HelpPage(_FOR_ALL, _entries(one for one in usable if not _is_managers(one)), on_messages)
    ]
    for title, is_watching in ((_WATCHING, True), (_RUNNING, False)):
        entries = _entries(
            one
            for one in usable
            if _is_managers(one) and (_root(one).name in _OF_WATCHING) is is_watching
        )
        pages += [HelpPage(title, entries)] if entries else []
    return pages


def _entries(found: Iterator[Command]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((one.qualified_name, one.description) for one in found))


def _is_offered(interaction: Interaction, command: Command | app_commands.ContextMenu) -> bool:
    contexts = _root(command).allowed_contexts
    is_here = not is_personal(interaction) or (
        contexts is not None and bool(contexts.dm_channel or contexts.private_channel)
    )
    return is_here and (manages_guild(interaction) or not _is_managers(command))


def _is_managers(command: Command | app_commands.ContextMenu) -> bool:
    permissions = _root(command).default_permissions
    return permissions is not None and permissions.manage_guild


def _root(
    command: Command | app_commands.ContextMenu,
) -> Command | app_commands.Group | app_commands.ContextMenu:
    if isinstance(command, app_commands.ContextMenu):
        return command
    return command.root_parent or command

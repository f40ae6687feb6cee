"""Whether a command's options are what they were registered to be.

Discord sees to it. Whatever else sends a command may not, and a budget below nothing is no budget.
"""

from typing import Any

import discord
from discord import app_commands

from bot.domain.errors import NotAnOption


class UnusableOption(app_commands.AppCommandError):
    """One is of another kind, or out of bounds; the `original` says so."""

    def __init__(self, name: str | None = None) -> None:
        super().__init__("an option cannot be used")
        self.original = NotAnOption(name)


def require_usable(interaction: discord.Interaction[Any]) -> None:
    """Raise UnusableOption where one is not within what it was registered with."""
    try:
        given = vars(interaction.namespace)
    except (ValueError, TypeError, KeyError) as error:
        raise UnusableOption from error
    command = interaction.command
    if not isinstance(command, app_commands.Command):
        return
    for parameter in command.parameters:
        value = given.get(parameter.display_name)
        if value is not None and not _is_usable(value, parameter):
            raise UnusableOption(parameter.display_name)


def _is_usable(value: object, parameter: app_commands.Parameter) -> bool:
    if parameter.choices and value not in {choice.value for choice in parameter.choices}:
        return False
    if isinstance(value, app_commands.AppCommandChannel | app_commands.AppCommandThread):
        return not parameter.channel_types or value.type in parameter.channel_types
    size = len(value) if isinstance(value, str) else value
    if not isinstance(size, int | float):
        return True
    # What is not a number is within no bounds.
    least, most = parameter.min_value, parameter.max_value
    return (least is None or size >= least) and (most is None or size <= most)

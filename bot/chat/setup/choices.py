"""What the panel of /setup lets a manager choose in a list: how each is shown, and saved."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import discord
from discord import SelectDefaultValueType as Kind
from discord import ui

from bot.chat.answers.asker import guild_of, services_of
from bot.chat.answers.channels import ANNOUNCEMENT_CHANNELS, require_fitting
from bot.chat.cards.config import LANGUAGES
from bot.chat.cards.managing import STYLES
from bot.domain import GuildConfig
from bot.domain.languages import Language
from bot.domain.styles import WatchStyle

Interaction = discord.Interaction[Any]
_AS_ON_DISCORD = "discord"
AnySelect = ui.Select[Any] | ui.ChannelSelect[Any] | ui.RoleSelect[Any]


class Choice(StrEnum):
    """What a list of the panel is about."""

    CHANNEL = "channel"
    STYLE = "style"
    LANGUAGE = "language"
    WHO_CAN_LIKE = "role"
    WHO_CAN_LOOK_UP = "lookup-role"


@dataclass(frozen=True, slots=True)
class Chooser:
    """Shows what is chosen in a server, and saves what is chosen next: IDs, or values."""

    select: Callable[[GuildConfig], AnySelect]
    save: Callable[[Interaction, Sequence[str]], Awaitable[object]]


def chosen_in(select: AnySelect) -> list[str]:
    """Return what somebody has chosen: the IDs, or the values."""
    return [each if isinstance(each, str) else str(each.id) for each in select.values]


def _channel(config: GuildConfig) -> AnySelect:
    return ui.ChannelSelect[Any](
        custom_id=f"setup:{Choice.CHANNEL}",
        channel_types=ANNOUNCEMENT_CHANNELS,
        placeholder="Where to announce likes",
        default_values=_defaults(config.channel_id, Kind.channel),
    )


async def _save_channel(interaction: Interaction, chosen: Sequence[str]) -> None:
    channel_id = _id(chosen)
    if channel_id is not None:
        # A missing permission is named, and nothing is saved.
        await require_fitting(interaction, channel_id)
    await services_of(interaction).config.set_channel(guild_of(interaction), channel_id)


def _style(config: GuildConfig) -> AnySelect:
    options = [
        discord.SelectOption(
            label=f"Style: {name.lower()}",
            value=style.value,
            description=says,
            default=style is config.style,
        )
        for style, (name, says) in STYLES.items()
    ]
    return ui.Select[Any](custom_id=f"setup:{Choice.STYLE}", options=options)


async def _save_style(interaction: Interaction, chosen: Sequence[str]) -> None:
    style = WatchStyle(chosen[0])
    await services_of(interaction).config.set_style(guild_of(interaction), style)


def _language(config: GuildConfig) -> AnySelect:
    of_discord = discord.SelectOption(
        label="Language: as on Discord",
        value=_AS_ON_DISCORD,
        description="What I say to everybody; answers to commands are in English",
        default=config.language is None,
    )
    options = [
        discord.SelectOption(
            label=f"Language: {name}", value=language.value, default=language is config.language
        )
        for language, name in LANGUAGES.items()
    ]
    return ui.Select[Any](custom_id=f"setup:{Choice.LANGUAGE}", options=[of_discord, *options])


async def _save_language(interaction: Interaction, chosen: Sequence[str]) -> None:
    language = None if chosen[0] == _AS_ON_DISCORD else Language(chosen[0])
    await services_of(interaction).config.set_language(guild_of(interaction), language)


def _who_can_like(config: GuildConfig) -> AnySelect:
    return _role(Choice.WHO_CAN_LIKE, "Who else can like", config.like_role_id)


async def _save_who_can_like(interaction: Interaction, chosen: Sequence[str]) -> None:
    await services_of(interaction).config.set_like_role(guild_of(interaction), _id(chosen))


def _who_can_look_up(config: GuildConfig) -> AnySelect:
    return _role(Choice.WHO_CAN_LOOK_UP, "Who can look up: everyone", config.lookup_role_id)


async def _save_who_can_look_up(interaction: Interaction, chosen: Sequence[str]) -> None:
    await services_of(interaction).config.set_lookup_role(guild_of(interaction), _id(chosen))


def _role(choice: Choice, placeholder: str, chosen: int | None) -> AnySelect:
    return ui.RoleSelect[Any](
        custom_id=f"setup:{choice}",
        placeholder=placeholder,
        min_values=0,
        default_values=_defaults(chosen, Kind.role),
    )


def _id(chosen: Sequence[str]) -> int | None:
    return int(chosen[0]) if chosen else None


def _defaults(chosen: int | None, kind: Kind) -> list[discord.SelectDefaultValue]:
    return [] if chosen is None else [discord.SelectDefaultValue(id=chosen, type=kind)]


CHOOSERS = {
    Choice.CHANNEL: Chooser(_channel, _save_channel),
    Choice.STYLE: Chooser(_style, _save_style),
    Choice.LANGUAGE: Chooser(_language, _save_language),
    Choice.WHO_CAN_LIKE: Chooser(_who_can_like, _save_who_can_like),
    Choice.WHO_CAN_LOOK_UP: Chooser(_who_can_look_up, _save_who_can_look_up),
}

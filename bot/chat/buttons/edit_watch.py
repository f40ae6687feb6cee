"""Changing a watch, in one modal."""

from typing import Any

import discord
from discord import ui

from bot.chat.answers import reply
from bot.chat.answers.asker import guild_of, require_manager, services_of
from bot.chat.answers.channels import ANNOUNCEMENT_CHANNELS, require_fitting
from bot.chat.answers.chosen import chosen_id
from bot.chat.answers.failures import answered
from bot.chat.cards.managing import STYLES, edited_card
from bot.domain import Watch, WatchChanges
from bot.domain.styles import WatchStyle
from bot.domain.when import parse_when

Interaction = discord.Interaction[Any]
_SERVERS = "server"
_UNLIKES, _PUBLISHES = "unlikes", "publish"
_MAX_LABEL, _MAX_WHEN = 60, 200
_TIMEOUT_S = 15 * 60.0


class EditWatchModal(ui.Modal, title="Edit the watch"):
    """Shows a watch as it is; what is sent replaces it."""

    def __init__(self, watch: Watch) -> None:
        super().__init__(timeout=_TIMEOUT_S)
        self._watch = watch
        self.channel = ui.ChannelSelect[Any](
            custom_id="channel",
            channel_types=ANNOUNCEMENT_CHANNELS,
            default_values=[
                discord.SelectDefaultValue(
                    id=watch.channel_id, type=discord.SelectDefaultValueType.channel
                )
            ],
        )
        self.style = ui.Select[Any](custom_id="style", options=_style_options(watch.style))
        self.when = ui.TextInput[Any](
            custom_id="when",
            required=False,
            default=str(watch.when),
            max_length=_MAX_WHEN,
            placeholder="10, 50, 250; goal 500 - or 09:00",
        )
        self.label_ = ui.TextInput[Any](
            custom_id="label", required=False, default=watch.label or "", max_length=_MAX_LABEL
        )
        self.also = ui.CheckboxGroup[Any](
            custom_id="also",
            required=False,
            options=[
                discord.CheckboxGroupOption(
                    label="Announce likes that are taken back",
                    value=_UNLIKES,
                    default=watch.unlikes,
                ),
                discord.CheckboxGroupOption(
                    label="Publish in an announcement channel",
                    value=_PUBLISHES,
                    default=watch.publishes,
                ),
            ],
        )
        for label, description, field in (
            ("Channel", None, self.channel),
            ("Style", None, self.style),
            (
                "When",
                "Own milestones with a goal, or the time of a daily digest. Empty: the usual.",
                self.when,
            ),
            ("Label", "What you call it; commands find it by this.", self.label_),
            ("Also", None, self.also),
        ):
            self.add_item(ui.Label(text=label, description=description, component=field))

    async def on_submit(self, interaction: Interaction, /) -> None:
        async with answered(interaction):
            require_manager(interaction)
            await reply.defer(interaction, private=True)
            channel_id = chosen_id(self.channel.values) or self._watch.channel_id
            await require_fitting(interaction, channel_id)
            changes = WatchChanges(
                channel_id=channel_id,
                style=_style(self.style.values[0]),
                when=parse_when(self.when.value),
                label=" ".join(self.label_.value.split()) or None,
                unlikes=_UNLIKES in self.also.values,
                publishes=_PUBLISHES in self.also.values,
            )
            saved = await services_of(interaction).managed.edit(
                guild_of(interaction), self._watch.id, changes
            )
            await reply.show(interaction, edited_card(saved))


def _style_options(chosen: WatchStyle | None) -> list[discord.SelectOption]:
    servers = discord.SelectOption(
        label="The server's", value=_SERVERS, default=chosen is None, description="/config style"
    )
    styles = [
        discord.SelectOption(
            label=name, value=style.value, description=says, default=style is chosen
        )
        for style, (name, says) in STYLES.items()
    ]
    return [servers, *styles]


def _style(value: str) -> WatchStyle | None:
    return None if value == _SERVERS else WatchStyle(value)

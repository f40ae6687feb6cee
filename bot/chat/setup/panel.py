"""/setup: one message in which a manager sets everything up; its parts survive a restart."""

import re
from enum import StrEnum
from typing import Any, Self

import discord
from discord import ui

from bot.chat.answers import reply
from bot.chat.answers.asker import guild_of, member_of, require_manager, services_of
from bot.chat.answers.channels import require_fitting
from bot.chat.answers.failures import answered
from bot.chat.cards.card import Button, Card, Row, row
from bot.chat.cards.setup import SetupState, setup_card, test_sent_card
from bot.chat.delivery.test_message import SAMPLE_REMARK, TEST_REMARK, sample_card
from bot.chat.languages.translator import ENGLISH, Translator
from bot.chat.setup.choices import CHOOSERS, AnySelect, Choice, chosen_in
from bot.chat.setup.modals import (
    QuietHoursModal,
    SpendingModal,
    WatchAccountModal,
    WatchPostModal,
)
from bot.domain import GuildConfig
from bot.domain.errors import NoChannel, NotLinked
from bot.domain.sentences import Sentence

Interaction = discord.Interaction[Any]


class Step(StrEnum):
    """What a button of the panel does."""

    OPEN = "open"
    POST = "post"
    ACCOUNT = "account"
    LINK = "link"
    BUDGET = "budget"
    QUIET = "quiet"
    OWN = "own"
    PREVIEW = "preview"
    TEST = "test"


_SET_UP = Sentence("Set up")
_LABELS = {
    Step.POST: "Watch a post",
    Step.ACCOUNT: "Watch an account",
    Step.LINK: "Link your X account",
    Step.BUDGET: "Budget",
    Step.QUIET: "Quiet hours",
    Step.PREVIEW: "Preview",
    Step.TEST: "Send a test",
}
_OWN = {
    False: "Like with own accounts only",
    True: "Like with the bot's account",
}
_PRIMARY = (Step.OPEN, Step.POST)


class SetupButton(
    ui.DynamicItem[ui.Button[Any]],
    template=r"setup:(?P<step>open|post|account|link|budget|quiet|own|preview|test)",
):
    """One step of setting up."""

    def __init__(self, step: Step, label: str = "") -> None:
        style = discord.ButtonStyle.primary if step in _PRIMARY else discord.ButtonStyle.secondary
        shown = label or _LABELS.get(step, step)
        super().__init__(ui.Button(label=shown, style=style, custom_id=f"setup:{step}"))
        self._step = step

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(Step(match["step"]))

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            require_manager(interaction)
            await _STEPS[self._step](interaction)


class SetupSelect(
    ui.DynamicItem[AnySelect], template=r"setup:(?P<choice>channel|style|language|role|lookup-role)"
):
    """A list from which a manager chooses one setting."""

    def __init__(self, choice: Choice, select: AnySelect) -> None:
        super().__init__(select)
        self._choice = choice

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        choice = Choice(match["choice"])
        return cls(choice, CHOOSERS[choice].select(GuildConfig(interaction.guild_id or 0)))

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            require_manager(interaction)
            await reply.defer_edit(interaction)
            await CHOOSERS[self._choice].save(interaction, chosen_in(self.item))
            await reply.show(interaction, await setup_page(interaction))


async def setup_page(interaction: Interaction) -> Card:
    """Show how a server is set up, with what changes it."""
    services, guild_id = services_of(interaction), guild_of(interaction)
    config = await services.config.show(guild_id)
    watches = await services.watches.everything(guild_id)
    state = SetupState(config, watches, await _own_account(interaction))
    return setup_card(state, *_rows(config, has_account=state.account is not None))


def setup_button(say: Translator = ENGLISH) -> Button:
    """Return what opens the panel."""
    return SetupButton(Step.OPEN, say(_SET_UP))


def _rows(config: GuildConfig, *, has_account: bool) -> list[Row]:
    account = [] if has_account else [SetupButton(Step.LINK)]
    # Nobody likes with the bot's account where everybody has their own.
    left_out = {Choice.WHO_CAN_LIKE} if config.own_accounts_only else set()
    return [
        *(_list(choice, config) for choice in Choice if choice not in left_out),
        row(SetupButton(Step.POST), SetupButton(Step.ACCOUNT)),
        row(*map(SetupButton, (Step.PREVIEW, Step.TEST, Step.BUDGET, Step.QUIET))),
        row(*account, SetupButton(Step.OWN, _OWN[config.own_accounts_only])),
    ]


def _list(choice: Choice, config: GuildConfig) -> Row:
    return ui.ActionRow(SetupSelect(choice, CHOOSERS[choice].select(config)))


async def _own_account(interaction: Interaction) -> str | None:
    try:
        return (await services_of(interaction).accounts.status(interaction.user.id)).username
    except NotLinked:
        return None


async def _open(interaction: Interaction) -> None:
    await reply.defer(interaction, private=True)
    await reply.show(interaction, await setup_page(interaction))


async def _ask_post(interaction: Interaction) -> None:
    await reply.open_form(interaction, WatchPostModal())


async def _ask_account(interaction: Interaction) -> None:
    await reply.open_form(interaction, WatchAccountModal())


async def _ask_budget(interaction: Interaction) -> None:
    config = await services_of(interaction).config.show(guild_of(interaction))
    await reply.open_form(interaction, SpendingModal(config, setup_page))


async def _ask_quiet_hours(interaction: Interaction) -> None:
    config = await services_of(interaction).config.show(guild_of(interaction))
    await reply.open_form(interaction, QuietHoursModal(config, setup_page))


async def _link(interaction: Interaction) -> None:
    await reply.defer(interaction, private=True)
    await services_of(interaction).home.require_served(guild_of(interaction))
    await interaction.client.linker.begin(interaction, member_of(interaction))


async def _own(interaction: Interaction) -> None:
    await reply.defer_edit(interaction)
    services, guild_id = services_of(interaction), guild_of(interaction)
    only = (await services.config.show(guild_id)).own_accounts_only
    await services.config.set_own_accounts_only(guild_id, only=not only)
    await reply.show(interaction, await setup_page(interaction))


async def _preview(interaction: Interaction) -> None:
    await reply.defer(interaction, private=True)
    config = await services_of(interaction).config.show(guild_of(interaction))
    await reply.show(interaction, sample_card(SAMPLE_REMARK, config))


async def _test(interaction: Interaction) -> None:
    await reply.defer(interaction, private=True)
    config = await services_of(interaction).config.show(guild_of(interaction))
    if config.channel_id is None:
        raise NoChannel
    await require_fitting(interaction, config.channel_id)
    channel = interaction.client.get_partial_messageable(config.channel_id)
    await channel.send(
        view=sample_card(TEST_REMARK, config), allowed_mentions=discord.AllowedMentions.none()
    )
    await reply.show(interaction, test_sent_card(config.channel_id))


_STEPS = {
    Step.OPEN: _open,
    Step.POST: _ask_post,
    Step.ACCOUNT: _ask_account,
    Step.LINK: _link,
    Step.BUDGET: _ask_budget,
    Step.QUIET: _ask_quiet_hours,
    Step.OWN: _own,
    Step.PREVIEW: _preview,
    Step.TEST: _test,
}

SETUP_ITEMS = (SetupButton, SetupSelect)

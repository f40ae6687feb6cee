"""What the panel of /setup asks in modals."""

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import discord
from discord import ui

from bot.chat.answers import reply
from bot.chat.answers.asker import guild_of, require_manager, services_of
from bot.chat.answers.channels import require_writable
from bot.chat.answers.dollars import dollars_of
from bot.chat.answers.failures import answered
from bot.chat.buttons.account_watches import DAYS, watch_account_or_ask
from bot.chat.buttons.watches import watch_or_ask
from bot.chat.cards.card import Card
from bot.domain import AccountWatchRequest, GuildConfig
from bot.domain.time_zones import parse_zone
from bot.domain.when import parse_quiet_hours, written_minute

Interaction = discord.Interaction[Any]

_TIMEOUT_S = 600.0
_MAX_LINK, _MAX_USD = 500, 12
_MAX_TIME, _MAX_ZONE = 5, 60


class WatchPostModal(ui.Modal, title="Watch a post"):
    def __init__(self) -> None:
        super().__init__(timeout=_TIMEOUT_S)
        self._post: ui.TextInput[Any] = ui.TextInput(
            custom_id="post", placeholder="https://x.com/name/status/…", max_length=_MAX_LINK
        )
        self.add_item(ui.Label(text="The post's link, or its ID", component=self._post))

    async def on_submit(self, interaction: Interaction) -> None:
        async with answered(interaction):
            require_manager(interaction)
            await reply.defer(interaction, private=True)
            await reply.show(interaction, await watch_or_ask(interaction, None, self._post.value))


class WatchAccountModal(ui.Modal, title="Watch an account's new posts"):
    def __init__(self) -> None:
        super().__init__(timeout=_TIMEOUT_S)
        self._user: ui.TextInput[Any] = ui.TextInput(
            custom_id="user", placeholder="@name", max_length=_MAX_LINK
        )
        self.add_item(ui.Label(text="A username, or a link to a profile", component=self._user))

    async def on_submit(self, interaction: Interaction) -> None:
        async with answered(interaction):
            require_manager(interaction)
            await reply.defer(interaction, private=True)
            await require_writable(interaction)
            request = AccountWatchRequest(
                guild_of(interaction), None, self._user.value, interaction.user.id, DAYS
            )
            await reply.show(interaction, await watch_account_or_ask(interaction, request))


class SpendingModal(ui.Modal, title="What X may cost this server"):
    """Takes the budget, and from which price on a watch asks; `page` shows what holds then."""

    def __init__(self, config: GuildConfig, page: Callable[[Interaction], Awaitable[Card]]) -> None:
        super().__init__(timeout=_TIMEOUT_S)
        self._page = page
        self._budget = _dollars_input("budget", config.budget_usd)
        self._ask = _dollars_input("ask", config.ask_above_usd)
        self.add_item(
            ui.Label(
                text="US dollars a month",
                description="Leave it empty for no budget of this server's own.",
                component=self._budget,
            )
        )
        self.add_item(
            ui.Label(
                text="Ask before a watch that may cost more than",
                description="US dollars. Leave it empty for the usual, 0 for always.",
                component=self._ask,
            )
        )

    async def on_submit(self, interaction: Interaction) -> None:
        async with answered(interaction):
            require_manager(interaction)
            await reply.defer_edit(interaction)
            budget = dollars_of(self._budget.value) if self._budget.value.strip() else None
            ask = dollars_of(self._ask.value, least=Decimal(0)) if self._ask.value.strip() else None
            config, guild_id = services_of(interaction).config, guild_of(interaction)
            await config.set_budget(guild_id, budget)
            await config.set_ask_above(guild_id, ask)
            await reply.show(interaction, await self._page(interaction))


class QuietHoursModal(ui.Modal, title="Quiet hours"):
    """Takes when nothing is announced, and by whose clock; `page` shows what holds then."""

    def __init__(self, config: GuildConfig, page: Callable[[Interaction], Awaitable[Card]]) -> None:
        super().__init__(timeout=_TIMEOUT_S)
        self._page = page
        begins, ends = map(written_minute, config.quiet) if config.quiet else (None, None)
        self._begins = _short_input("begin", begins, "22:00", _MAX_TIME)
        self._ends = _short_input("end", ends, "07:00", _MAX_TIME)
        self._zone = _short_input("time-zone", config.time_zone, "Europe/Berlin", _MAX_ZONE)
        for label, description, field in (
            ("From", "Leave both times empty for no quiet hours.", self._begins),
            ("To", "What came meanwhile is announced then, as one message.", self._ends),
            (
                "Time zone",
                "A city's, such as Europe/Berlin. Empty: as it was, or UTC.",
                self._zone,
            ),
        ):
            self.add_item(ui.Label(text=label, description=description, component=field))

    async def on_submit(self, interaction: Interaction) -> None:
        async with answered(interaction):
            require_manager(interaction)
            await reply.defer_edit(interaction)
            quiet = parse_quiet_hours(
                self._begins.value.strip() or None, self._ends.value.strip() or None
            )
            zone = parse_zone(self._zone.value) if self._zone.value.strip() else None
            config = services_of(interaction).config
            await config.set_quiet_hours(guild_of(interaction), quiet, zone)
            await reply.show(interaction, await self._page(interaction))


def _short_input(
    custom_id: str, value: str | None, placeholder: str, longest: int
) -> ui.TextInput[Any]:
    return ui.TextInput(
        custom_id=custom_id,
        placeholder=placeholder,
        default=value,
        required=False,
        max_length=longest,
    )


def _dollars_input(custom_id: str, usd: Decimal | None) -> ui.TextInput[Any]:
    return _short_input(custom_id, None if usd is None else f"{usd:.2f}", "12.50", _MAX_USD)

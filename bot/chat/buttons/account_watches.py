"""Watching an account's new posts, and the button of the question before a dear one."""

import re
from typing import Any, Self

import discord
from discord import ui

from bot.chat.answers import reply
from bot.chat.answers.asker import guild_of, require_manager, services_of
from bot.chat.answers.channels import require_fitting
from bot.chat.answers.failures import answered
from bot.chat.buttons.watches import LeaveButton
from bot.chat.cards.account_watches import account_watch_added_card, account_watch_question_card
from bot.chat.cards.card import Card
from bot.domain import AccountWatchQuestion, AccountWatchRequest

Interaction = discord.Interaction[Any]

DAYS = 7
"""For how long each post of an account is watched, unless somebody says otherwise."""


async def watch_account_or_ask(interaction: Interaction, request: AccountWatchRequest) -> Card:
    """Watch an account, or ask first where that is dear."""
    answer = await services_of(interaction).account_watches.add_or_ask(request)
    if isinstance(answer, AccountWatchQuestion):
        button = WatchAccountButton.of(answer)
        return account_watch_question_card(answer, button, LeaveButton())
    return account_watch_added_card(answer)


class WatchAccountButton(
    ui.DynamicItem[ui.Button[Any]],
    template=(
        r"watch-account:(?P<user>\w{1,30}):(?P<channel>\d{1,20}):(?P<days>\d{1,3})"
        r":(?P<replies>[01])(?P<reposts>[01])"
    ),
):
    """Watch an account all the same."""

    def __init__(
        self, username: str, channel_id: int, days: int, *, replies: bool, reposts: bool
    ) -> None:
        which = f"{int(replies)}{int(reposts)}"
        button = ui.Button[Any](
            label="Start watching",
            style=discord.ButtonStyle.primary,
            custom_id=f"watch-account:{username}:{channel_id}:{days}:{which}",
        )
        super().__init__(button)
        self._username, self._channel_id, self._days = username, channel_id, days
        self._replies, self._reposts = replies, reposts

    @classmethod
    def of(cls, question: AccountWatchQuestion) -> Self:
        asked = question.request
        return cls(
            asked.ref,
            asked.channel_id or 0,
            asked.days,
            replies=asked.replies,
            reposts=asked.reposts,
        )

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(
            match["user"],
            int(match["channel"]),
            int(match["days"]),
            replies=match["replies"] == "1",
            reposts=match["reposts"] == "1",
        )

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            require_manager(interaction)
            await reply.defer_edit(interaction)
            await require_fitting(interaction, self._channel_id)
            request = AccountWatchRequest(
                guild_of(interaction),
                self._channel_id,
                self._username,
                interaction.user.id,
                self._days,
                self._replies,
                self._reposts,
            )
            added = await services_of(interaction).account_watches.add(request)
            await reply.show(interaction, account_watch_added_card(added))

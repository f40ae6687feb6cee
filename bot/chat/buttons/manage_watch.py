"""What managers can do with a watch, where they meet what it announces."""

import re
from typing import Any, Self

import discord
from discord import ui

from bot.chat.answers import reply
from bot.chat.answers.asker import guild_of, require_manager, services_of
from bot.chat.answers.failures import answered
from bot.chat.answers.find_watch import WatchKey
from bot.chat.buttons.edit_watch import EditWatchModal
from bot.chat.buttons.watch_removal import remove_watch
from bot.chat.cards.managing import history_card, paused_card, resumed_card
from bot.chat.languages.translator import ENGLISH, Translator
from bot.domain import Watch, WatchRef
from bot.domain.sentences import Sentence

Interaction = discord.Interaction[Any]
_OPTIONS = {
    "pause": (Sentence("Pause"), Sentence("Announce nothing of it for a while")),
    "resume": (Sentence("Resume"), Sentence("Go on from now")),
    "edit": (Sentence("Edit"), Sentence("Channel, style, milestones, label")),
    "show": (Sentence("Show"), Sentence("What it announced, and how it is set")),
    "stop": (Sentence("Stop watching"), Sentence("Remove the watch")),
}
_MANAGE = Sentence("Manage this watch (managers)")


class ManageSelect(
    ui.DynamicItem[ui.Select[Any]], template=r"manage:(?P<watch>\d{1,18}):(?P<key>[^:]*)"
):
    """A watch's managers choose what becomes of it; nobody else may."""

    def __init__(self, watch_id: int, key: str = "", say: Translator = ENGLISH) -> None:
        options = [
            discord.SelectOption(label=say(label), value=value, description=say(says))
            for value, (label, says) in _OPTIONS.items()
        ]
        select = ui.Select[Any](
            custom_id=f"manage:{watch_id}:{key}",
            placeholder=say(_MANAGE),
            options=options,
        )
        super().__init__(select)
        self._watch_id = watch_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["watch"]), match["key"])

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            require_manager(interaction)
            managed, guild_id = services_of(interaction).managed, guild_of(interaction)
            ref, chosen = WatchRef(self._watch_id), self.item.values[0]
            if chosen == "edit":
                found = await managed.get(guild_id, ref)
                if isinstance(found, Watch):
                    await reply.open_form(interaction, EditWatchModal(found))
                return
            await reply.defer(interaction, private=True)
            match chosen:
                case "pause":
                    card = paused_card(await managed.pause(guild_id, ref))
                case "resume":
                    card = resumed_card(await managed.resume(guild_id, ref))
                case "stop":
                    card = await remove_watch(interaction, WatchKey(ref.id))
                case _:
                    card = history_card(await managed.history(guild_id, ref))
            await reply.show(interaction, card)


def manage_row(watch_id: int, key: str = "", say: Translator = ENGLISH) -> ui.ActionRow[Any]:
    return ui.ActionRow(ManageSelect(watch_id, key, say))

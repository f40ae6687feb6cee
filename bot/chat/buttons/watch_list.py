"""The list of what a server watches: sorted, searched, in pages and managed.

What is shown rides in each custom_id: the page, how it is sorted, and what was searched for.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import discord
from discord import ui

from bot.chat.answers import reply
from bot.chat.answers.asker import guild_of, require_manager
from bot.chat.answers.failures import answered
from bot.chat.answers.find_watch import WatchKey, find_watch, key_of, watches_of
from bot.chat.buttons.pages import defer_page
from bot.chat.buttons.watch_removal import RemoveWatchButton
from bot.chat.cards.card import Button, Card, Row, row
from bot.chat.cards.watches import (
    AnyWatch,
    WatchSort,
    managed_watch_card,
    sort_options,
    watch_list_card,
    watch_options,
)
from bot.chat.languages.translator import Translator
from bot.chat.text.limits import PAGE_WATCHES
from bot.domain.errors import UnknownWatch
from bot.domain.sentences import Sentence
from bot.watching.matching import matches

Interaction = discord.Interaction[Any]

_SHOW_WATCHES = Sentence("Show watches")
_PREVIOUS, _NEXT, _BACK = "Previous", "Next", "Back"
_MAX_QUERY = 40
_MODAL_TIMEOUT_S = 600.0
# Fewer are seen at a glance.
_SORTABLE = 3


@dataclass(frozen=True, slots=True)
class ListView:
    """What of the list is shown."""

    page: int = 0
    sort: WatchSort = WatchSort.NEWEST
    query: str = ""

    def __str__(self) -> str:
        return f"{self.page}:{self.sort}:{self.query}"

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        return cls(int(match["page"]), WatchSort(match["sort"]), match["query"])


_VIEW = r"(?P<page>\d{1,4}):(?P<sort>new|likes|trouble):(?P<query>[^\n]{0,40})"


class WatchesButton(
    ui.DynamicItem[ui.Button[Any]], template=r"watches:(?P<page>\d{1,4})(:(?P<key>[^:]*))?"
):
    """Show the list as an answer; under a notice the delivery's key rides in its custom_id."""

    def __init__(self, label: str, key: str, page: int = 0) -> None:
        super().__init__(ui.Button(label=label, custom_id=f"watches:{page}:{key}"))
        self._page, self._key = page, key

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls("Show watches", match["key"] or "", int(match["page"]))

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            guild_of(interaction)  # in direct messages nobody manages anything
            require_manager(interaction)
            await defer_page(interaction, answers=bool(self._key))
            await _show(interaction, ListView(self._page))


class WatchPageButton(ui.DynamicItem[ui.Button[Any]], template=rf"watch-page:{_VIEW}"):
    """Another page of the list, or the list again."""

    def __init__(self, label: str, view: ListView) -> None:
        super().__init__(ui.Button(label=label, custom_id=f"watch-page:{view}"))
        self._list = view

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(_NEXT, ListView.of(match))

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            require_manager(interaction)
            await defer_page(interaction, answers=False)
            await _show(interaction, self._list)


class WatchSortSelect(ui.DynamicItem[ui.Select[Any]], template=rf"watch-sort:{_VIEW}"):
    """How the list is sorted."""

    def __init__(self, view: ListView) -> None:
        select = ui.Select[Any](custom_id=f"watch-sort:{view}", options=sort_options(view.sort))
        super().__init__(select)
        self._list = view

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(ListView.of(match))

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            require_manager(interaction)
            await defer_page(interaction, answers=False)
            sort = WatchSort(self.item.values[0])
            await _show(interaction, replace(self._list, page=0, sort=sort))


class ManageWatchSelect(ui.DynamicItem[ui.Select[Any]], template=rf"watch-manage:{_VIEW}"):
    """One of the watches that a page shows."""

    def __init__(self, view: ListView, watches: Sequence[AnyWatch] = ()) -> None:
        select = ui.Select[Any](
            custom_id=f"watch-manage:{view}",
            placeholder="Manage a watch",
            options=watch_options([(str(key_of(watch)), watch) for watch in watches]),
        )
        super().__init__(select)
        self._list = view

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(ListView.of(match))

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            require_manager(interaction)
            await defer_page(interaction, answers=False)
            key = WatchKey.of(self.item.values[0])
            if key is None:
                raise UnknownWatch
            watch = await find_watch(interaction, str(key))
            back = WatchPageButton(_BACK, self._list)
            await reply.show(interaction, managed_watch_card(watch, RemoveWatchButton(key), back))


class SearchWatchesButton(ui.DynamicItem[ui.Button[Any]], template=rf"watch-search:{_VIEW}"):
    """Ask what to look for."""

    def __init__(self, view: ListView) -> None:
        super().__init__(ui.Button(label="Search", custom_id=f"watch-search:{view}"))
        self._list = view

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(ListView.of(match))

    async def callback(self, interaction: Interaction) -> None:
        async with answered(interaction):
            require_manager(interaction)
            await reply.open_form(interaction, SearchWatchesModal(self._list))


class SearchWatchesModal(ui.Modal, title="Search the watches"):
    def __init__(self, view: ListView) -> None:
        super().__init__(timeout=_MODAL_TIMEOUT_S)
        self._list = view
        self._query: ui.TextInput[Any] = ui.TextInput(
            custom_id="query", default=view.query or None, required=False, max_length=_MAX_QUERY
        )
        self.add_item(
            ui.Label(
                text="What to look for",
                description="A name, words of the post, or its ID. Empty shows all.",
                component=self._query,
            )
        )

    async def on_submit(self, interaction: Interaction) -> None:
        async with answered(interaction):
            require_manager(interaction)
            await reply.defer_edit(interaction)
            query = " ".join(self._query.value.split())
            await _show(interaction, replace(self._list, page=0, query=query))


WATCH_LIST_ITEMS = (
    WatchesButton,
    WatchPageButton,
    WatchSortSelect,
    ManageWatchSelect,
    SearchWatchesButton,
)


def show_watches_button(key: str, say: Translator) -> WatchesButton:
    """Return the button under a notice, with the delivery's key in its custom_id."""
    return WatchesButton(say(_SHOW_WATCHES), key)


def watches_page(watches: Sequence[AnyWatch], view: ListView | None = None) -> Card:
    """Show a page of the watches; a page that is gone by now shows the last."""
    view = view or ListView()
    found = _sorted([watch for watch in watches if matches(watch, view.query)], view.sort)
    last = max(0, len(found) - 1) // PAGE_WATCHES
    view = replace(view, page=min(view.page, last))
    shown = found[view.page * PAGE_WATCHES : (view.page + 1) * PAGE_WATCHES]
    return watch_list_card(shown, watches, view.query, *_controls(view, watches, shown, last))


def _controls(
    view: ListView, watches: Sequence[AnyWatch], shown: Sequence[AnyWatch], last: int
) -> list[Row]:
    rows: list[Row] = []
    if shown:
        rows.append(ui.ActionRow[Any](ManageWatchSelect(view, shown)))
    if len(watches) >= _SORTABLE:
        rows.append(ui.ActionRow[Any](WatchSortSelect(view)))
    buttons: list[Button] = []
    if view.page > 0:
        buttons.append(WatchPageButton(_PREVIOUS, replace(view, page=view.page - 1)))
    if view.page < last:
        buttons.append(WatchPageButton(_NEXT, replace(view, page=view.page + 1)))
    if len(watches) >= _SORTABLE:
        buttons.append(SearchWatchesButton(view))
    if view.query:
        buttons.append(WatchPageButton("Show all", replace(view, page=0, query="")))
    return [*rows, row(*buttons)] if buttons else rows


def _sorted(watches: list[AnyWatch], sort: WatchSort) -> list[AnyWatch]:
    """Sort; of the same rank, what came first stays first: accounts, then the newest posts."""
    return sorted(watches, key=sort.rank, reverse=True) if sort is not WatchSort.NEWEST else watches


async def _show(interaction: Interaction, view: ListView) -> None:
    await reply.show(interaction, watches_page(await watches_of(interaction), view))

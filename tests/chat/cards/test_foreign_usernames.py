"""Whatever X calls a username: it stays text, its links lead to X, and its buttons work."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.chat.buttons.announced import ANNOUNCED_ITEMS
from bot.chat.buttons.exports import ExportButton
from bot.chat.buttons.pages import DYNAMIC_ITEMS, liked_page, likers_page, post_page
from bot.chat.buttons.watch_list import watches_page
from bot.chat.cards.account_watches import account_watch_added_card
from bot.chat.cards.card import Card
from bot.chat.cards.choice import post_options
from bot.chat.cards.exports import export_question_card
from bot.chat.cards.likers import people_list
from bot.chat.cards.liking import like_card
from bot.chat.cards.watches import watch_removed_card
from bot.chat.delivery.card import announcement_card
from bot.domain import (
    AccountWatchAdded,
    LikeDone,
    LikedPage,
    LikersPage,
    Post,
    PostsPage,
    Profile,
    User,
    UsersPage,
)
from bot.domain.discord_limits import MAX_CHOICE_NAME
from bot.services.export.table import TableFormat
from bot.services.export.values import ExportPlan, ExportRequest, Kind
from tests.actors import manager
from tests.cases import in_turn
from tests.chat import samples
from tests.chat.drawn import FOREIGN_USERNAMES
from tests.chat.rules import check, custom_ids, live_markup, shown

_LINK = re.compile(r"\[(?P<label>[^\[\]]*)\]\((?P<url>[^()\s]*)\)")
_OF_X = re.compile(r"https://(docs\.)?x\.com/[\w/-]+(\?[\w=]+)?", re.ASCII)
# What our own cards are written in.
_OURS = re.compile(r"^(?:### |-# |> |- )|\*\*|<#\d+>|<t:\d+:\w>|`/?[\w -]+`", re.MULTILINE)


def _user(username: str) -> User:
    return User(id=7, username=username, name="", most_recent_post_id=9)


def _post(username: str) -> Post:
    user = _user(username)
    return replace(samples.post(), author=user, author_id=7, reply_to=username)


def _liked(username: str) -> LikedPage:
    post, user = _post(username), _user(username)
    posts = PostsPage((post,), next_token="n", previous_token="p")
    return LikedPage(user, posts, Profile(user, post), "asked_as")


def _likers(username: str) -> LikersPage:
    return LikersPage(_post(username), UsersPage((_user(username),), next_token="n"))


def _announced(username: str) -> Card:
    news = samples.announcement((_user(username),), post=_post(username))
    return announcement_card(samples.delivery(news))


def _account_watched(username: str) -> Card:
    watch = replace(samples.account_watch(), user=_user(username))
    return watches_page([watch, replace(samples.watch(), post=_post(username))])


def _exported(username: str) -> Card:
    request = ExportRequest(manager(1), Kind.LIKED, "asked_as", TableFormat.CSV)
    plan = ExportPlan(request, _user(username), None, None)
    return export_question_card(plan, ExportButton(Kind.LIKED, plan.key, TableFormat.CSV))


CARDS: dict[str, Callable[[str], Card]] = {
    "post": lambda username: post_page(_post(username)),
    "likers": lambda username: likers_page(_likers(username)),
    "liked": lambda username: liked_page(_liked(username)),
    "like": lambda username: like_card(LikeDone(20, username, liked=True)),
    "announcement": _announced,
    "watches": _account_watched,
    "watch removed": lambda username: watch_removed_card(
        replace(samples.watch(), post=_post(username))
    ),
    "export": _exported,
}


@in_turn("username", FOREIGN_USERNAMES)
@in_turn("name", CARDS)
def test_a_card_shows_it_as_text_and_links_to_x(name: str, username: str) -> None:
    card = CARDS[name](username)

    check(card)
    text = shown(card)
    links = list(_LINK.finditer(text))
    assert all(_OF_X.fullmatch(link["url"]) for link in links)
    assert all("\n" not in link["label"] for link in links)
    assert live_markup(_OURS.sub("x", _LINK.sub("link", text))) == []


@in_turn("username", FOREIGN_USERNAMES)
@in_turn("name", CARDS)
def test_every_button_finds_its_way_back(name: str, username: str) -> None:
    """A custom_id that no template fits is answered by nobody."""
    templates = [
        item.__discord_ui_compiled_template__ for item in (*DYNAMIC_ITEMS, *ANNOUNCED_ITEMS)
    ]

    for custom_id in custom_ids(CARDS[name](username)):
        assert any(template.fullmatch(custom_id) for template in templates), custom_id


@in_turn("username", FOREIGN_USERNAMES)
def test_pages_are_turned_by_the_name_that_was_asked_for(username: str) -> None:
    found = custom_ids(liked_page(_liked(username)))

    assert {"liked:asked_as:n", "liked:asked_as:p", "export:liked:asked_as:csv"} <= set(found)


@in_turn("username", FOREIGN_USERNAMES)
def test_without_a_name_to_ask_by_there_are_no_buttons(username: str) -> None:
    assert custom_ids(liked_page(replace(_liked(username), asked_as=""))) == []


@in_turn("username", FOREIGN_USERNAMES)
def test_an_option_fits_whoever_wrote_the_post(username: str) -> None:
    (option,) = post_options([_post(username)])

    assert 1 <= len(option.label) <= MAX_CHOICE_NAME
    assert "\n" not in option.label


@pytest.mark.parametrize("count", [1, 60, 100])
def test_a_list_of_the_nameless_names_each(count: int) -> None:
    listed = people_list([_user("") for _ in range(count)])

    assert listed.count("an account without a name") >= count


def test_a_watch_of_a_nameless_account() -> None:
    watch = replace(samples.account_watch(), user=_user(""))
    card = account_watch_added_card(
        AccountWatchAdded(watch, samples.ACCOUNT_FORECAST, by_name=True)
    )
    assert "[an account without a name](https://x.com/i/user/7)" in shown(card)

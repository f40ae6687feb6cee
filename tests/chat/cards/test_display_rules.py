"""Posts are shown as X wants them shown."""

from dataclasses import replace

import pytest
from discord import ui

from bot.chat.buttons.pages import who_likes_button
from bot.chat.cards.display_rules import excerpt
from bot.chat.cards.likers import likers_card
from bot.chat.cards.posts import post_card
from bot.chat.delivery.card import announcement_card
from bot.chat.text import linked
from bot.domain import LikersPage, Post, UsersPage
from bot.x.wire.text import Entities, resolve
from tests.cases import in_turn
from tests.chat import samples
from tests.chat.rules import check, shown

URL = "https://x.com/TwitterDev/status/1354143047324299264"
NEWER = "[A newer version of this post exists](https://x.com/i/status/1354143047324299265)"


def _edited(post: Post) -> Post:
    return replace(post, versions=(post.id - 1, post.id, post.id + 1))


def _cards(post: Post) -> list[ui.LayoutView]:
    announcement = samples.announcement((samples.user(1),), post=post)
    return [
        post_card(post, who_likes_button(post.id, "card")),
        announcement_card(samples.delivery(announcement)),
        likers_card(LikersPage(post, UsersPage((samples.user(1),)))),
    ]


@pytest.mark.parametrize("number", range(3))
def test_who_wrote_it_and_when_are_linked(number: int) -> None:
    card = _cards(samples.post())[number]
    check(card)
    text = shown(card)
    assert "[@TwitterDev](https://x.com/TwitterDev)" in text
    assert f"[20 August 2026, 12:00 UTC · View on X]({URL})" in text


@pytest.mark.parametrize("number", range(3))
def test_our_buttons_are_no_part_of_its_block(number: int) -> None:
    for child in _cards(samples.post())[number].children:
        if isinstance(child, ui.Container):
            assert not [each for each in child.walk_children() if isinstance(each, ui.Button)]


@pytest.mark.parametrize("number", range(3))
def test_a_post_that_was_edited_since_says_so(number: int) -> None:
    assert NEWER in shown(_cards(_edited(samples.post()))[number])
    newest = replace(samples.post(), versions=(1, samples.post().id))
    assert "newer version" not in shown(_cards(newest)[number])


def test_addresses_are_shown_as_x_shows_them() -> None:
    written = "https://www.example.com/a/very/long/address?with=much"
    entities = Entities.model_validate(
        {
            "urls": [
                {
                    "url": "https://t.co/1",
                    "expanded_url": written,
                    "display_url": "example.com/a/v…",
                }
            ]
        }
    )
    resolved = resolve("See https://t.co/1 now", entities)
    assert resolved.text == f"See {written} now"
    shown_text = linked(resolved.text, resolved.links, 400)
    assert shown_text == f"See [example.com/a/v…]({written}) now"


@in_turn(
    "text, quoted",
    [
        ("Thanks @Ada_1!", "Thanks [@Ada\\_1](https://x.com/Ada_1)!"),
        ("me@example.org", "me@example.org"),
        ("#Caf\u00e9 time", "[#Caf\u00e9](https://x.com/hashtag/Caf%C3%A9) time"),
        ("We are #1", "We are #1"),
        (
            "Read https://www.example.com/a/very/long/address.",
            "Read [example.com/a/very/long/ad…](https://www.example.com/a/very/long/address).",
        ),
        ("(https://a.example/x)", "([a.example/x](https://a.example/x))"),
    ],
)
def test_what_is_quoted_of_a_stored_text_leads_on(text: str, quoted: str) -> None:
    assert excerpt(samples.post(text=text), 300) == f"> {quoted}\n"


def test_nobody_breaks_out_of_an_address() -> None:
    written = "https://evil.example/)[x](https://other.example"
    entities = Entities.model_validate(
        {
            "urls": [
                {"url": "https://t.co/1", "expanded_url": written, "display_url": "](https://a.b)"}
            ]
        }
    )
    resolved = resolve("https://t.co/1", entities)
    text = linked(resolved.text, resolved.links, 400)
    assert text.count("](") == 1
    assert "://a.b" not in text

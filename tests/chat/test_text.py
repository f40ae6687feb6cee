import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.cleaning import clean
from bot.chat.graphemes import graphemes
from bot.chat.text import MAX_NAME, escape, handle, length, one_line, plain, profile_link
from bot.domain import User
from tests.chat.rules import live_markup
from tests.chat.samples import PERSIAN, awkward, names, usernames, users


@pytest.mark.parametrize(
    "text",
    ["👨‍👩‍👧‍👦", "🇩🇪", "👍🏽", "e\u0301", "한", "\u1112\u1161\u11ab", "क\u094d", "❤️", "3️⃣", "\r\n"],
)
def test_what_people_see_as_one_is_not_split(text: str) -> None:
    assert list(graphemes(text + text)) == [text, text]


@given(st.text())
def test_graphemes_lose_nothing(text: str) -> None:
    assert "".join(graphemes(text)) == text


@given(awkward)
def test_escaped_text_has_no_live_markup(text: str) -> None:
    assert live_markup(escape(text)) == []


@given(awkward, st.integers(min_value=1, max_value=80))
def test_cut_text_fits_and_has_no_live_markup(text: str, limit: int) -> None:
    shown = escape(text, limit)
    assert length(shown) <= limit
    assert live_markup(shown) == []


@given(awkward.filter(lambda text: "http" not in text.lower()))
def test_escaped_text_shows_the_text(text: str) -> None:
    characters = iter(escape(text).replace("\u200b", ""))
    shown = [next(characters) if char == "\\" else char for char in characters]
    assert "".join(shown) == clean(text)


@given(st.text())
def test_clean_text_hides_nothing(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert not [
        char for char in cleaned if unicodedata.category(char) in ("Cc", "Cs") and char != "\n"
    ]
    assert not set(cleaned) & set("\u200b\u200e\u200f\u202a\u202e\u2066\u2069\ufeff\u3164")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("see https://a.example/b_c.", "see <https://a.example/b_c>."),
        ("https://a.example/b*c", "https://a.example/b%2Ac"),
        ("HTTPS://a.example", "https://a.example"),
        ("[x](https://a.example/y)", r"\[x\](<https://a.example/y>)"),
        ("https://medium.example/@everyone", "https://medium.example/%40everyone"),
        ("discord://-/x", r"discord\://-/x"),
        ("hi @everyone", "hi @\u200beveryone"),
        ("<@1> <t:1:R>", r"\<@1\> \<t\:1:R\>"),
        ("# a\n-# b\n1. c\n> d\n- e", "\\# a\n\\-# b\n1\\. c\n\\> d\n\\- e"),
        ("a\u200b\u202eb", "ab"),
        ("a\n\n\n\nb", "a\n\nb"),
        (PERSIAN, PERSIAN),
        ("a\u200cb", "ab"),
        ("Z\u0301\u0301\u0301\u0301\u0301\u0301", "Z\u0301\u0301\u0301\u0301"),
        ("🩷", "🩷"),
    ],
)
def test_escape(text: str, shown: str) -> None:
    assert escape(text) == shown


def test_a_cut_never_splits_an_address_or_a_letter() -> None:
    assert escape("look https://a.example/long-address", 20) == "look…"
    assert escape("https://a.example and more text", 19) == "https://a.example …"
    assert escape("https://a.example and more text", 18) == "…"
    assert escape("👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 14) == "👨‍👩‍👧‍👦…"
    assert escape("****", 4) == r"\*…"


@given(users)
def test_a_profile_link_is_one_whole_link(user: User) -> None:
    link = profile_link(user)
    label, address = link[1:].rsplit("](", 1)
    assert link.startswith("[")
    assert address == f"https://x.com/{user.username})"
    assert "\n" not in label
    assert "://" not in label
    assert not set("[]") & set(label)
    assert live_markup("x" + label) == []
    assert length(label) <= MAX_NAME + 2
    assert label.strip()


@given(names)
def test_right_to_left_names_stay_among_themselves(name: str) -> None:
    label = profile_link(User(id=1, username="ada", name=name)).removesuffix("](https://x.com/ada)")
    if any(unicodedata.bidirectional(char) in ("R", "AL", "AN") for char in label):
        assert label.startswith("[\u2068")
        assert label.endswith("\u2069")


@pytest.mark.parametrize("name", ["", " ", "\u3164", "\u200b\u200b", "\u034f", "\u2800", "\n"])
def test_a_name_that_shows_nothing_becomes_the_username(name: str) -> None:
    link = profile_link(User(id=1, username="ada_l", name=name))
    assert link == r"[@ada\_l](https://x.com/ada_l)"


@given(usernames)
def test_handles_mention_nobody(username: str) -> None:
    assert live_markup(handle(username)) == []


def test_a_user_called_everyone_mentions_nobody() -> None:
    assert handle("everyone") == "@\u200beveryone"


@given(awkward, st.integers(min_value=1, max_value=100))
def test_plain_text_fits(text: str, limit: int) -> None:
    assert length(plain(text, limit)) <= limit


@given(awkward)
def test_one_line_is_one_line(text: str) -> None:
    assert "\n" not in one_line(text, 200)

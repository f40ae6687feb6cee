import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.chat.text import (
    MAX_NAME,
    escape,
    handle,
    is_address,
    label,
    length,
    linked,
    one_line,
    plain,
    profile_link,
)
from bot.chat.text.clean import clean
from bot.chat.text.graphemes import graphemes
from bot.domain import Link, User
from tests.cases import in_turn
from tests.chat.drawn import PERSIAN, awkward, names, usernames, users
from tests.chat.rules import live_markup


@in_turn(
    "text",
    ["👨‍👩‍👧‍👦", "🇩🇪", "👍🏽", "e\u0301", "한", "\u1112\u1161\u11ab", "क\u094dष", "❤️", "3️⃣", "\r\n"],
)
def test_what_people_see_as_one_is_not_split(text: str) -> None:
    assert list(graphemes(text + text)) == [text, text]


@given(st.text())
def test_graphemes_lose_nothing(text: str) -> None:
    assert "".join(graphemes(text)) == text


@in_turn(
    "unit",
    ["🇩🇪", "🇩", "क\u094d", "\u0301", "\u0600", "\u1100", "\u200d", "👨\u200d", "\u200b", "\ud800"],
)
def test_a_long_row_of_anything_takes_little_time(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    began = time.process_time()

    list(graphemes(text))

    assert time.process_time() - began < 3  # flags alone took minutes


_BLOCKS = [*range(0, 0x10000, 64), *range(0x1F000, 0x20000, 64), *range(0xE0000, 0xE0100, 64)]


@in_turn("start", _BLOCKS[::32])
def test_what_needs_no_look_at_each_character_shows_as_with_one(start: int) -> None:
    """A letter with an accent of its own behind it makes each be looked at."""
    for block in _BLOCKS[_BLOCKS.index(start) :][:32]:
        for some in range(block, block + 64, 4):
            text = "".join(f"{chr(each)}a" for each in range(some, some + 4))
            looked_at = clean(f"a{text} e\u0301")
            assert looked_at == f"{clean(f'a{text}')} e\u0301"
            assert [*graphemes(text), "👍🏽"] == list(graphemes(f"{text}👍🏽"))


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


@in_turn(
    "text, shown",
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
        ("Z" + "\u0301\u0301\u0301\u200b" * 9, "Z\u0301\u0301\u0301\u0301"),
        ("Z" + "\u0301\u0301\u0301\U000e0001" * 9, "Z\u0301\u0301\u0301\u0301"),
        ("🩷", "🩷"),
        ("न\u093c\u094dद\u093c\u094dर\u0941\u0902", "न\u093c\u094dद\u093c\u094dर\u0941\u0902"),
    ],
)
def test_escape(text: str, shown: str) -> None:
    assert escape(text) == shown


@pytest.mark.parametrize("between", ["", "שלום", "a"])
def test_a_shortcode_before_an_address_is_none(between: str) -> None:
    shown = escape(f":fire:{between}https://x.com/a")
    assert shown == f"\\:fire\\:{between}https://x.com/a"
    assert live_markup(shown) == []


def test_a_cut_never_splits_an_address_or_a_letter() -> None:
    assert escape("look https://a.example/long-address", 20) == "look…"
    assert escape("https://a.example and more text", 19) == "https://a.example …"
    assert escape("https://a.example and more text", 18) == "…"
    assert escape("👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 14) == "👨‍👩‍👧‍👦…"
    assert escape("****", 4) == r"\*…"
    assert escape("र\u094dत\u094dस\u094dन\u094dय" * 2, 10) == "र\u094dत\u094dस\u094dन\u094dय…"


@in_turn(
    "text, limit, shown",
    [
        ("What would you say? Asking for a friend.", 34, "What would you say? Asking for a…"),
        ("What would you say? Asking for a friend.", 33, "What would you say? Asking for a…"),
        ("What would you say? Asking for a friend.", 32, "What would you say? Asking for…"),
        ("It makes the world (& the timeline) better", 24, "It makes the world…"),
        ("More of what they do: more for them", 23, "More of what they do…"),
        # No more is left out than a part of a word, and no more than half.
        ("It is an antidisestablishmentarianism", 30, "It is an antidisestablishment…"),
        ("So antidisestablished", 8, "So anti…"),
        ("投稿はすべて保存されます", 8, "投稿はすべて保…"),
    ],
)
def test_a_cut_leaves_whole_words(text: str, limit: int, shown: str) -> None:
    for cut in (escape, plain, one_line, label):
        assert cut(text, limit) == shown


@given(users)
def test_a_profile_link_is_one_whole_link(user: User) -> None:
    link = profile_link(user)
    label, address = link[1:].rsplit("](", 1)
    assert link.startswith("[")
    assert address == f"{user.url})"
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


@in_turn("name", ["", " ", "\u3164", "\u200b\u200b", "\u034f", "\u2800", "\n"])
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


def _places(text: str, *written: str) -> tuple[Link, ...]:
    return tuple(
        Link(text.index(part), text.index(part) + len(part), f"https://x.com/{part[1:]}")
        for part in written
    )


@in_turn(
    "text, places, shown",
    [
        ("Hi @a_b!", ["@a_b"], r"Hi [@a\_b](https://x.com/a_b)!"),
        ("#one\n#two", ["#one", "#two"], "[#one](https://x.com/one)\n[#two](https://x.com/two)"),
        ("a\u200b  b @me", ["@me"], "a b [@me](https://x.com/me)"),
        ("https://a.example@me", ["@me"], "<https://a.example>[@me](https://x.com/me)"),
        ("@me- a\n- b", ["@me"], "[@me](https://x.com/me)- a\n\\- b"),
        ("\ufdd0 @me \ufdd0", ["@me"], "[@me](https://x.com/me)"),
        ("@everyone", ["@everyone"], "[@\u200beveryone](https://x.com/everyone)"),
        ("nothing", [], "nothing"),
    ],
)
def test_mentions_and_tags_lead_on(text: str, places: list[str], shown: str) -> None:
    assert linked(text, _places(text, *places), 200) == shown


def test_links_that_do_not_fit_are_left_out_before_any_of_the_text() -> None:
    text = "Hello to @me, at length"
    assert linked(text, _places(text, "@me"), 30) == text
    assert linked(text, _places(text, "@me"), 10) == "Hello to…"


@example(":", "https://a.example/b_c", 200)
@given(awkward, awkward, st.integers(min_value=1, max_value=200))
def test_linked_text_fits_and_has_no_live_markup(before: str, after: str, limit: int) -> None:
    text = f"{before}#tag{after}"
    link = Link(len(before), len(before) + 4, "https://x.com/hashtag/tag")

    shown = linked(text, (link,), limit)

    assert length(shown) <= limit
    # A link parts what stands around it, so no letter may stand for it.
    assert live_markup(shown.replace("[#tag](https://x.com/hashtag/tag)", "§", 1)) == []


@in_turn(
    "url, is_one",
    [
        ("https://x.com/X", True),
        ("http://a.example/?b=c&d", True),
        ("javascript:x", False),
        ("https://a.example/)x", False),
        ("https://a.example/ x", False),
        ("", False),
    ],
)
def test_links_lead_to_addresses_only(url: str, *, is_one: bool) -> None:
    assert is_address(url) is is_one


def test_a_label_shows_its_text_and_no_second_link() -> None:
    assert label("[On](https://evil.example) *limits*", 80) == (
        "\uff3bOn\uff3d(https:\u200b//evil.example) \\*limits\\*"
    )
    assert label("\u200b", 80) == ""

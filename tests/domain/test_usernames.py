"""Usernames are foreign text: none of them gets out of an address or a sentence."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import User, post_url
from bot.domain.errors import LinkBroken, LinkUnreadable, UserNotFound
from bot.domain.usernames import is_username, profile_url
from tests.cases import in_turn
from tests.chat.drawn import FOREIGN_USERNAMES, awkward, plain_usernames

anything = st.one_of(st.sampled_from(FOREIGN_USERNAMES), awkward, st.text(max_size=30))


@given(plain_usernames)
def test_a_username_leads_to_its_page(username: str) -> None:
    assert User(7, username, "A").url == f"https://x.com/{username}" == profile_url(username)
    assert post_url(20, username) == f"https://x.com/{username}/status/20"


@in_turn("username", FOREIGN_USERNAMES)
def test_what_is_no_username_stands_in_no_address(username: str) -> None:
    assert not is_username(username)
    assert profile_url(username) is None
    assert User(7, username, "A").url == "https://x.com/i/user/7"
    assert post_url(20, username) == "https://x.com/i/status/20"


@given(anything)
def test_every_address_is_one(username: str) -> None:
    for url in (User(7, username, "A").url, post_url(20, username)):
        assert re.fullmatch(r"https://x\.com/[A-Za-z0-9_/]+", url)


@given(anything)
@pytest.mark.parametrize("error", [UserNotFound, LinkBroken, LinkUnreadable])
def test_a_sentence_names_it_within_its_backticks(
    error: type[UserNotFound | LinkBroken | LinkUnreadable], username: str
) -> None:
    sentence = str(error(username))

    assert sentence.count("`") == str(error("plain")).count("`")
    assert re.search(r"`@[A-Za-z0-9_]*`", sentence)
    assert "\n" not in sentence

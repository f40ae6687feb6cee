"""What is shown of accounts that are watched."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.buttons.pages import watches_page
from bot.chat.cards.account_watches import account_watch_added_card, account_watch_removed_card
from bot.domain import AccountWatch, AccountWatchAdded, Missing
from bot.domain.troubles import AccountMissing
from tests.chat import drawn, samples
from tests.chat.rules import check, shown


def _added(watch: AccountWatch, *, by_name: bool = True, again: bool = False) -> str:
    added = AccountWatchAdded(
        watch, Decimal("0.005"), Decimal("0.01"), by_name=by_name, already_there=again
    )
    card = account_watch_added_card(added)
    check(card)
    return shown(card)


@given(watch=drawn.account_watches, by_name=st.booleans(), again=st.booleans())
def test_any_account_fits(*, watch: AccountWatch, by_name: bool, again: bool) -> None:
    _added(watch, by_name=by_name, again=again)
    check(account_watch_removed_card(watch))


@given(st.lists(st.one_of(drawn.account_watches, drawn.watches), max_size=9), st.integers(0, 2))
def test_any_list_fits(watches: list[AccountWatch], page: int) -> None:
    check(watches_page(watches, page))


def test_a_new_one_says_what_comes_and_what_it_costs() -> None:
    text = _added(samples.account_watch())
    assert "### Watching the new posts of [@Ada](https://x.com/Ada) in <#2>" in text
    assert "watched for 7 days from when it appears" in text
    assert "every like from the first on, by name" in text
    assert "Then the watch ends by itself and says what came of it." in text
    assert (
        "each new post costs $0.005 a day, and each person who likes it $0.01, a hundred at most."
    ) in text


def test_where_x_hides_the_names_it_says_so_and_what_lifts_it() -> None:
    text = _added(samples.account_watch(), by_name=False)
    assert "without names" in text
    assert "`/account link`" in text
    assert "each new post costs $0.005 a day." in text


@pytest.mark.parametrize(
    ("replies", "reposts", "sentence"),
    [
        (False, False, "Replies and reposts do not count."),
        (True, False, "Replies count as well; reposts do not."),
        (False, True, "Reposts count as well, and the original is watched; replies do not."),
        (True, True, "Replies and reposts count as well; of a repost, the original is watched."),
    ],
)
def test_it_says_what_is_left_out(*, replies: bool, reposts: bool, sentence: str) -> None:
    watch = replace(samples.account_watch(), replies=replies, reposts=reposts)
    assert sentence in _added(watch)
    listed = shown(watches_page([watch]))
    assert ("with replies" in listed, "with reposts" in listed) == (replies, reposts)


def test_one_that_was_there_is_not_called_new() -> None:
    assert "### Already watching the new posts of" in _added(samples.account_watch(), again=True)


def test_trouble_is_shown_in_the_list() -> None:
    trouble = AccountMissing("Ada", Missing.PROTECTED)
    text = shown(watches_page([samples.account_watch(trouble=trouble)]))
    assert "-# **The posts of `@Ada` are protected now. I go on with its new posts when" in text

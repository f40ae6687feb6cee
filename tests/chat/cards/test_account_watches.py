"""What is shown of accounts that are watched."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.buttons.account_watches import WatchAccountButton
from bot.chat.buttons.watch_list import ListView, watches_page
from bot.chat.buttons.watches import LeaveButton
from bot.chat.cards.account_watches import (
    account_watch_added_card,
    account_watch_question_card,
    account_watch_removed_card,
)
from bot.domain import (
    AccountForecast,
    AccountWatch,
    AccountWatchAdded,
    AccountWatchQuestion,
    AccountWatchRequest,
    Missing,
)
from bot.domain.troubles import AccountMissing
from tests.cases import in_turn
from tests.chat import drawn, samples
from tests.chat.rules import check, shown


def _added(watch: AccountWatch, *, by_name: bool = True, again: bool = False) -> str:
    added = AccountWatchAdded(watch, samples.ACCOUNT_FORECAST, by_name=by_name, already_there=again)
    card = account_watch_added_card(added)
    check(card)
    return shown(card)


@given(watch=drawn.account_watches, by_name=st.booleans(), again=st.booleans())
def test_any_account_fits(*, watch: AccountWatch, by_name: bool, again: bool) -> None:
    _added(watch, by_name=by_name, again=again)
    check(account_watch_removed_card(watch))


@given(st.lists(st.one_of(drawn.account_watches, drawn.watches), max_size=9), st.integers(0, 2))
def test_any_list_fits(watches: list[AccountWatch], page: int) -> None:
    check(watches_page(watches, ListView(page)))


def test_a_new_one_says_what_comes_and_what_it_costs() -> None:
    text = _added(samples.account_watch())
    assert "### Watching the new posts of [@Ada](https://x.com/Ada) in <#2>" in text
    assert "watched for 7 days from when it appears" in text
    assert "every like from the first on, by name" in text
    assert "Then the watch ends by itself and says what came of it." in text
    assert (
        "-# Estimated cost: about $0.12 for each new post ($0.005 a day to count its "
        "likes, $0.01 for each person who likes it), about $1.44 over 30 days. That assumes 12 new "
        "posts (as often as it has posted so far) with 8 likes each (as many as its posts so far)."
    ) in text


def test_where_x_hides_the_names_it_says_so_and_what_lifts_it() -> None:
    text = _added(samples.account_watch(), by_name=False)
    assert "without names" in text
    assert "If @Ada links their X account with `/account link`, names appear here." in text


def test_a_question_says_what_it_costs_and_what_is_assumed() -> None:
    nothing_known = replace(
        samples.ACCOUNT_FORECAST,
        posts=30,
        liker_usd=Decimal(0),
        posts_are_known=False,
        likes_are_known=False,
    )
    text = shown(account_watch_question_card(_question(nothing_known, Decimal(1))))
    assert "### Watch the new posts of [@Ada](https://x.com/Ada), each for 7 days?" in text
    assert "about $0.12 for each new post ($0.005 a day to count its likes), about $1.44" in text
    assert (
        "-# That assumes 30 new posts (a guess: one a day) with 8 likes each (a guess). "
        "I check before a watch that may cost more than $1.00."
    ) in text
    always = shown(account_watch_question_card(_question(nothing_known, Decimal(0))))
    assert "You asked me to check before every new watch." in always


def _question(forecast: AccountForecast, above: Decimal) -> AccountWatchQuestion:
    request = AccountWatchRequest(1, 2, "Ada", 3, days=7)
    return AccountWatchQuestion(request, samples.user(username="Ada"), forecast, above)


@given(drawn.account_questions)
def test_any_question_fits(question: AccountWatchQuestion) -> None:
    button = WatchAccountButton.of(question)
    check(account_watch_question_card(question, button, LeaveButton()))


@in_turn(
    "replies, reposts, sentence",
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

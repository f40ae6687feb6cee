from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.buttons.pages import liked_page, likers_page, post_page
from bot.chat.buttons.status import status_page
from bot.chat.buttons.watch_list import ListView, watches_page
from bot.chat.buttons.watches import LeaveButton, WatchButton
from bot.chat.cards.budgets import budget_set_card
from bot.chat.cards.card import Accent, Card
from bot.chat.cards.config import config_card
from bot.chat.cards.costs import forecast_sentence
from bot.chat.cards.errors import error_card, known_error_card
from bot.chat.cards.hidden import shown_of
from bot.chat.cards.liking import like_card, unlike_card
from bot.chat.cards.numbers import counted, money, requests_for, roughly
from bot.chat.cards.watches import watch_added_card, watch_question_card, watch_removed_card
from bot.chat.text.limits import MOST_A_PAGE
from bot.domain import (
    GuildConfig,
    Hidden,
    LikeDone,
    LikedPage,
    LikersPage,
    Post,
    PostsPage,
    Status,
    UsersPage,
    Watch,
    WatchAdded,
    WatchKind,
    WatchQuestion,
)
from bot.domain.errors import BudgetSpent, LikingRefused, NotLinked, UnlikingRefused
from bot.domain.troubles import DeliveryTrouble
from bot.domain.usage import MonthSoFar
from bot.x.limits import Endpoint
from tests.cases import in_turn
from tests.chat import drawn, samples
from tests.chat.rules import buttons, check, custom_ids, shown, walk

_NEVER_LISTED = "It counts protected and suspended accounts, and lists none of them."


def _page(
    people: range, following: str | None = None, *, likes: int, hidden: Hidden | None = None
) -> LikersPage:
    users = tuple(samples.user(number) for number in people)
    page = UsersPage(users, next_token=following)
    return LikersPage(samples.post(likes=likes), page, hidden, before=people.start)


@given(drawn.posts)
def test_any_post_fits(post: Post) -> None:
    check(post_page(post))


@given(drawn.likers_pages)
def test_any_page_of_likers_fits(found: LikersPage) -> None:
    check(likers_page(found))


@given(drawn.liked_pages)
def test_any_page_of_liked_posts_fits(found: LikedPage) -> None:
    check(liked_page(found))


@given(st.lists(drawn.watches, max_size=9), st.integers(min_value=0, max_value=2))
def test_any_list_of_watches_fits(watches: list[Watch], page: int) -> None:
    check(watches_page(watches, ListView(page)))


@given(drawn.questions)
def test_questions_before_watches(question: WatchQuestion) -> None:
    check(watch_question_card(question, WatchButton.of(question), LeaveButton()))


@given(drawn.additions)
def test_any_watch_added_fits(added: WatchAdded) -> None:
    check(watch_added_card(added))
    check(watch_removed_card(added.watch))


@given(drawn.months)
def test_a_budget_that_was_set_fits(month: MonthSoFar) -> None:
    check(budget_set_card(month))


@given(drawn.statuses)
def test_any_status_fits(status: Status) -> None:
    check(status_page(status))


@given(
    st.builds(
        GuildConfig,
        guild_id=drawn.ids,
        channel_id=drawn.ids,
        alerts_channel_id=st.one_of(st.none(), drawn.ids),
        like_role_id=drawn.ids,
        page_size=st.one_of(st.none(), st.integers(5, 25)),
        budget_usd=st.one_of(st.none(), st.decimals(0, 10**6, places=2)),
        ask_above_usd=st.one_of(st.none(), st.decimals(0, 10**6, places=2)),
    )
)
def test_any_settings_fit(config: GuildConfig) -> None:
    check(config_card(config))


def test_a_post_shows_text_author_counts_and_links() -> None:
    post = replace(samples.post(text="One & two *three*"), possibly_sensitive=True)
    card = post_page(post)
    check(card)
    assert r"One & two \*three\*" in shown(card)
    assert "[Twitter Dev](https://x.com/TwitterDev)" in shown(card)
    assert "1,234 likes" in shown(card)
    assert [button.get("url") for button in buttons(card)] == [
        "https://x.com/TwitterDev/status/1354143047324299264",
        "https://x.com/intent/like?tweet_id=1354143047324299264",
        None,
    ]
    assert custom_ids(card) == ["likers:1354143047324299264::post"]


def test_a_page_of_likers_names_each() -> None:
    users = tuple(samples.user(number) for number in range(MOST_A_PAGE))
    text = shown(likers_page(LikersPage(samples.post(), UsersPage(users))))
    assert all(f"[Ada](https://x.com/user{number})" in text for number in range(MOST_A_PAGE))


def test_a_liker_is_named_as_text_whatever_the_name_holds() -> None:
    awkward = samples.user(7, "**[Ada](https://evil.example)** @everyone `<@1>`")
    text = shown(likers_page(LikersPage(samples.post(), UsersPage((awkward,)))))
    assert "](https://x.com/user7)" in text
    assert "](https://evil.example)" not in text
    assert "@everyone" not in text
    assert "<@1>" not in text


def test_the_longest_names_of_a_page_are_all_there() -> None:
    users = tuple(samples.worst_user(number) for number in range(MOST_A_PAGE))
    card = likers_page(LikersPage(samples.worst_post(), UsersPage(users)))
    check(card)
    # Beside the people, the author is named.
    named = shown(card).count(f"(https://x.com/{samples.WORST_USERNAME})")
    assert named == MOST_A_PAGE + 1


def test_a_page_too_long_for_links_says_how_many_are_left_out() -> None:
    users = tuple(samples.worst_user(number) for number in range(200))
    card = likers_page(LikersPage(samples.post(), UsersPage(users)))
    check(card)
    listed = shown(card).count("- @")
    assert f"and {200 - listed} more" in shown(card)


@in_turn(
    "hidden, likes, sentence",
    [
        (Hidden.PRIVATE, 5, "X only shows likers to the author: 5 likes, none shown."),
        (Hidden.PRIVATE, 5, "links their X account with `/account link`, names appear here."),
        (Hidden.SOME, 5, "X showed none of 5 likes. It counts protected and suspended accounts"),
        (None, 0, "Nobody likes it yet."),
    ],
)
def test_likers_that_are_not_shown_are_explained(
    hidden: Hidden | None, likes: int, sentence: str
) -> None:
    found = LikersPage(samples.post(likes=likes), UsersPage(()), hidden)
    assert sentence in shown(likers_page(found))


@in_turn(
    "found, sentence",
    [
        (_page(range(45), likes=45), None),
        (_page(range(20), "more", likes=45), "1 to 20 of 45."),
        (_page(range(20, 40), "more", likes=45), "21 to 40 of 45."),
        (_page(range(40, 45), likes=45), "41 to 45 of 45."),
        (_page(range(40, 47), likes=45), "41 to 47 of 47."),
        (_page(range(20), "more", likes=1_204), "1 to 20 of 1,204."),
        (_page(range(140, 160), "more", likes=163), "141 to 160 of 163."),
        (
            _page(range(80, 87), likes=1_204, hidden=Hidden.SOME),
            f"X showed 87 of 1,204 likes. {_NEVER_LISTED}",
        ),
        (_page(range(3), likes=4, hidden=Hidden.SOME), f"X showed 3 of 4 likes. {_NEVER_LISTED}"),
        (_page(range(0), likes=1, hidden=Hidden.SOME), f"X showed none of 1 like. {_NEVER_LISTED}"),
        # Somebody took a like back while the pages were turned.
        (_page(range(11, 11), likes=11), None),
    ],
)
def test_a_page_says_which_of_how_many_it_shows(found: LikersPage, sentence: str | None) -> None:
    assert shown_of(found) == sentence
    assert sentence is None or sentence in shown(likers_page(found))


@in_turn("count", [1, 5, 10, MOST_A_PAGE])
def test_a_page_of_liked_posts_names_each(count: int) -> None:
    posts = tuple(samples.worst_post(samples.LARGEST_ID - number) for number in range(count))
    card = liked_page(LikedPage(samples.user(), PostsPage(posts)))
    check(card)
    assert all(f"/status/{post.id})" in shown(card) for post in posts)


def test_an_ordinary_large_page_of_liked_posts_has_something_of_each_text() -> None:
    posts = tuple(samples.post(text=f"Number {number}") for number in range(20))
    text = shown(liked_page(LikedPage(samples.user(), PostsPage(posts))))
    assert all(f"> Number {number}" in text for number in range(20))


@in_turn(
    "kind, sentence",
    [
        (WatchKind.NAMES, "by name"),
        (WatchKind.PENDING, "Starts within 3 minutes. I'll announce each new like, by name."),
        (
            WatchKind.COUNTS,
            "If @TwitterDev links their X account with `/account link`, names appear here.",
        ),
        (WatchKind.STALLED, "X's list shows nobody new."),
    ],
)
def test_a_new_watch_says_what_it_will_announce(kind: WatchKind, sentence: str) -> None:
    starts = 3 if kind is WatchKind.PENDING else None
    watch = replace(samples.watch(), kind=kind, starts_within=starts)
    text = shown(watch_added_card(WatchAdded(watch, samples.FORECAST)))
    assert "### Watching [a post](" in text
    assert sentence in text
    assert (
        "Estimated cost: about $0.12 today, about $0.47 over 30 days, with 18 new likes."
    ) in text


@pytest.mark.parametrize("kind", [WatchKind.PENDING, WatchKind.NAMES])
def test_names_that_are_not_to_be_expected_are_not_promised(kind: WatchKind) -> None:
    watch = replace(samples.watch(), kind=kind, shows_names=False, unlikes=True)
    added, listed = shown(watch_added_card(WatchAdded(watch, samples.FORECAST))), watches_page
    assert "how its like count grows, without names: X only shows likers to the author." in added
    assert "Without names I can't tell which likes are taken back." in added
    assert "count only" in shown(listed([watch]))
    assert "by name" not in added + shown(listed([watch]))


def test_the_list_says_when_a_watch_starts() -> None:
    waiting = replace(samples.watch(), kind=WatchKind.PENDING, starts_within=1)
    assert "-# starts within 1 minute · shows names" in shown(watches_page([waiting]))
    assert "starts" not in shown(watches_page([samples.watch()]))


def test_a_forecast_leaves_out_what_is_paid_and_names_what_unlikes_cost() -> None:
    paid = replace(samples.FORECAST, first_usd=Decimal(0))
    dear = replace(samples.FORECAST, unlikes_usd=Decimal("0.30"))
    assert forecast_sentence(paid) == (
        "Estimated cost: about $0.47 over 30 days, with 18 new likes."
    )
    assert forecast_sentence(dear).endswith(
        "Of that, up to $0.30 is for looking once a day who took a like back."
    )
    assert "costs nothing" in forecast_sentence(replace(samples.FORECAST, usd=Decimal(0)))


def test_a_server_that_is_always_asked_is_told_so() -> None:
    question = WatchQuestion(samples.post(), 2, samples.FORECAST, Decimal(0))
    assert "You asked me to check before every new watch." in shown(watch_question_card(question))


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        (WatchKind.NAMES, "I'll also announce likes that are taken back, when I come across them."),
        (WatchKind.COUNTS, "Without names I can't tell which likes are taken back."),
    ],
)
def test_a_watch_that_asks_for_unlikes_says_so(kind: WatchKind, sentence: str) -> None:
    asking = replace(samples.watch(), kind=kind, unlikes=True)
    silent = replace(asking, unlikes=False)
    assert sentence in shown(watch_added_card(WatchAdded(asking, samples.FORECAST)))
    assert "taken back" not in shown(watch_added_card(WatchAdded(silent, samples.FORECAST)))
    assert "likes taken back too" in shown(watches_page([asking]))
    assert "taken back" not in shown(watches_page([silent]))


def test_a_watch_that_will_end_says_when() -> None:
    ending = replace(samples.watch(), expires_at=samples.NOW)
    assert f"ends <t:{samples.NOW.timestamp():.0f}:R>" in shown(watches_page([ending]))


def test_a_watch_that_was_there_already_is_not_called_new() -> None:
    added = WatchAdded(samples.watch(), samples.FORECAST, already_there=True)
    text = shown(watch_added_card(added))
    assert "Already watching" in text
    assert f"3 likes announced since <t:{samples.NOW.timestamp():.0f}:D>; " in text
    assert "not announced" not in text


@pytest.mark.parametrize(
    ("likes", "sentence"),
    [
        (0, "No likes yet."),
        (1, "The like it already has won't be announced."),
        (2, "The 2 likes it already has won't be announced."),
    ],
)
def test_a_new_watch_says_that_the_likes_of_now_are_not_announced(
    likes: int, sentence: str
) -> None:
    post = replace(samples.post(), counts=replace(samples.post().counts, likes=likes))
    added = WatchAdded(replace(samples.watch(), post=post), samples.FORECAST)
    assert f"-# {sentence} Estimated cost: about" in shown(watch_added_card(added))


def test_watches_with_trouble_say_so() -> None:
    text = shown(watches_page([samples.watch(trouble=DeliveryTrouble.CANNOT_SEND)]))
    assert "-# **I can't post in <#2>. Give me the permission “Send Messages” there" in text


def test_watches_come_in_pages() -> None:
    watches = [samples.watch(number) for number in range(1, 17)]
    turns = {
        page: [
            name for name in custom_ids(watches_page(watches, ListView(page))) if "-page:" in name
        ]
        for page in (0, 1, 2, 99)
    }
    assert turns[0] == ["watch-page:1:new:"]
    assert turns[1] == ["watch-page:0:new:", "watch-page:2:new:"]
    assert turns[2] == turns[99] == ["watch-page:1:new:"]
    assert "16 posts watched here" in shown(watches_page(watches))
    assert "Nothing is watched yet" in shown(watches_page([]))


def test_likes_say_as_whom_and_what_x_said() -> None:
    done = LikeDone(post_id=1, account="a_b", liked=True)
    assert shown(like_card(done)) == r"Liked as @a\_b."
    assert "Like taken back as" in shown(unlike_card(replace(done, liked=False)))
    assert "isn't there. Try again." in shown(like_card(replace(done, liked=False)))
    assert "is still there. Try again." in shown(unlike_card(done))
    check(like_card(done))
    check(unlike_card(done))


def test_a_refused_like_links_to_x() -> None:
    card = known_error_card(LikingRefused(7))
    check(card)
    assert [button["url"] for button in buttons(card)] == ["https://x.com/intent/like?tweet_id=7"]
    check(known_error_card(BudgetSpent()))
    check(error_card("No."))


def test_a_refused_unlike_links_to_the_post() -> None:
    card = known_error_card(UnlikingRefused(7))
    check(card)
    assert "take likes back" in shown(card)
    assert [button["label"] for button in buttons(card)] == ["Open on X"]
    assert [button["url"] for button in buttons(card)] == ["https://x.com/i/status/7"]


def _colour(card: Card) -> int:
    return int(next(walk(card))["accent_color"])


def test_to_have_linked_nothing_is_no_error() -> None:
    assert _colour(known_error_card(NotLinked())) == Accent.PLAIN
    assert _colour(known_error_card(BudgetSpent())) == Accent.ERROR


def test_requests_are_named_as_a_person_would() -> None:
    for endpoint in Endpoint:
        assert "/" not in requests_for(endpoint)


def test_settings_name_channel_and_role() -> None:
    assert "<#2>" in shown(config_card(GuildConfig(1, 2, 3)))
    assert "<@&3>" in shown(config_card(GuildConfig(1, 2, 3)))


def test_settings_that_nobody_chose_say_what_holds() -> None:
    text = shown(config_card(GuildConfig(1)))
    assert "**Announcements** no channel yet: each watch names its own" in text
    assert "**Who can like** managers, with the bot's account" in text
    assert "**Budget for X** none" in text
    assert "<#" not in text
    assert "<@&" not in text


@in_turn(
    "usd, shown_as",
    [
        ("0", "$0.00"),
        ("1234.5", "$1,234.50"),
        ("0.01", "$0.01"),
        ("0.005", "$0.005"),
        ("0.0015", "$0.0015"),
        ("0.00001", "less than $0.0001"),
    ],
)
def test_money(usd: str, shown_as: str) -> None:
    assert money(Decimal(usd)) == shown_as


@in_turn(
    "usd, shown_as",
    [
        ("0", "nothing"),
        ("0.0051", "less than a cent"),
        ("0.01", "about $0.01"),
        ("1234.567", "about $1,234.57"),
    ],
)
def test_an_estimate_is_no_more_exact_than_to_the_cent(usd: str, shown_as: str) -> None:
    assert roughly(Decimal(usd)) == shown_as


def test_numbers() -> None:
    assert counted(1, "like") == "1 like"
    assert counted(1_000, "reply", "replies") == "1,000 replies"
    assert datetime(2026, 8, 20, 12, 0, tzinfo=UTC) == samples.NOW

from dataclasses import replace
from decimal import Decimal
from typing import Any

from discord import ui
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.buttons.exports import ExportButton, StopExportButton
from bot.chat.buttons.post_menu import PostAction, PostSelect
from bot.chat.cards.choice import choice_card, post_options
from bot.chat.cards.exports import (
    export_done_card,
    export_progress_card,
    export_question_card,
    export_stopping_card,
)
from bot.domain import Hidden, LikersPage, Post, UsersPage
from bot.domain.files import NamedFile
from bot.services.export.table import TableFormat
from bot.services.export.values import Exported, ExportPlan, ExportRequest, Kind, Progress
from tests.actors import manager
from tests.cases import in_turn
from tests.chat import drawn, samples
from tests.chat.rules import check, shown, walk

LIKERS = ExportPlan(
    ExportRequest(manager(1), Kind.LIKERS, "1", TableFormat.CSV),
    samples.post(likes=1_204),
    expected=100,
    most_usd=Decimal("1.00"),
)
LIKED = ExportPlan(
    ExportRequest(manager(1), Kind.LIKED, "user1", TableFormat.JSON), samples.user(), None, None
)
FILE = NamedFile("likers-of-1.csv", b"")

plans = st.builds(
    ExportPlan,
    request=st.sampled_from([LIKERS.request, LIKED.request]),
    subject=st.one_of(drawn.posts, drawn.users),
    expected=st.one_of(st.none(), drawn.counts),
    most_usd=st.one_of(st.none(), drawn.dollars),
    left_usd=st.one_of(st.none(), drawn.dollars),
    posts_left=st.one_of(st.none(), drawn.counts),
)
progresses = st.builds(Progress, rows=drawn.counts, waits_until=st.one_of(st.none(), drawn.moments))


@given(plans, progresses)
def test_any_export_fits(plan: ExportPlan, progress: Progress) -> None:
    sure = ExportButton(plan.request.kind, plan.key, plan.request.format, sure=True)
    check(export_question_card(plan, sure))
    check(export_progress_card(plan, progress, StopExportButton("0123abcd")))
    check(export_stopping_card(plan))
    page = LikersPage(plan.subject, UsersPage(())) if isinstance(plan.subject, Post) else None
    check(export_done_card(Exported(plan, FILE, progress.rows, "Because.", page)))


def test_the_bar_grows_with_the_rows() -> None:
    assert f"`{'░' * 20}` 0 of 100 people" in shown(export_progress_card(LIKERS, Progress()))
    half = shown(export_progress_card(LIKERS, Progress(50)))
    assert f"`{'█' * 10}{'░' * 10}` 50 of 100 people" in half
    assert f"`{'█' * 20}` 120 of" in shown(export_progress_card(LIKERS, Progress(120)))
    assert "7 posts so far" in shown(export_progress_card(LIKED, Progress(7)))


def test_what_is_not_known_beforehand_is_not_made_up() -> None:
    assert "X does not say how many there are" in shown(export_question_card(LIKED))


def test_an_export_of_likers_says_how_much_is_hidden() -> None:
    page = LikersPage(samples.post(likes=163), UsersPage(()), Hidden.SOME, before=160)
    text = shown(export_done_card(Exported(LIKERS, FILE, 160, page=page)))
    assert "160 people." in text
    assert "-# X showed 160 of 163 likes. It counts protected and suspended accounts" in text


def test_an_export_of_all_likers_has_nothing_to_add() -> None:
    page = LikersPage(samples.post(likes=11), UsersPage(()), before=11)
    text = shown(export_done_card(Exported(LIKERS, FILE, 11, page=page)))
    assert "11 people." in text
    assert "-#" not in text


def test_an_export_that_is_not_whole_says_why() -> None:
    text = shown(export_done_card(Exported(LIKED, FILE, 1, cut_short="It was cancelled.")))
    assert "1 post." in text
    assert "**Not all of it.** It was cancelled." in text


@in_turn(
    "changed",
    [
        {"most_usd": Decimal("1.01")},
        {"most_usd": None},
        {"left_usd": Decimal("0.99")},
        {"posts_left": 99},
    ],
)
def test_what_is_dear_or_may_not_end_is_asked_about_first(changed: dict[str, Any]) -> None:
    assert replace(LIKERS, **changed).asks_first


def test_what_is_cheap_and_affordable_is_not_asked_about() -> None:
    assert not LIKERS.asks_first
    assert not replace(LIKERS, left_usd=Decimal(1), posts_left=100).asks_first


@given(st.lists(drawn.brief_posts, min_size=1, max_size=4), st.integers(min_value=2, max_value=27))
def test_any_choice_of_posts_fits(kinds: list[Post], count: int) -> None:
    posts = [replace(kinds[number % len(kinds)], id=number + 1) for number in range(count)]
    row: ui.ActionRow[Any] = ui.ActionRow(PostSelect(PostAction.WATCH, posts))
    card = choice_card("Which?", posts, row)
    check(card)
    (select,) = (component for component in walk(card) if component["type"] == 3)
    assert 1 <= len(select["options"]) <= 25
    assert all(
        1 <= len(option["label"].encode("utf-16-le")) // 2 <= 100 for option in select["options"]
    )
    assert (len(posts) > 25) == ("do not fit" in shown(card))


def test_a_post_is_known_by_its_author_and_words_or_its_id() -> None:
    labels = [option.label for option in post_options([samples.post(), Post(5, "")])]
    assert labels == ["@TwitterDev: Hello, X", "Post 5"]

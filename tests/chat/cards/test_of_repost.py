"""Where a repost was asked for, each answer says that it is about the original; once, and short."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from bot.chat.buttons.exports import ExportButton
from bot.chat.buttons.pages import likers_page, post_page
from bot.chat.buttons.watches import LeaveButton
from bot.chat.cards.card import Card
from bot.chat.cards.exports import export_done_card, export_question_card
from bot.chat.cards.liking import like_card, unlike_card
from bot.chat.cards.watches import watch_added_card, watch_question_card
from bot.domain import (
    LikeDone,
    LikersPage,
    Post,
    UsersPage,
    WatchAdded,
    WatchQuestion,
)
from bot.domain.files import NamedFile
from bot.services.export.table import TableFormat
from bot.services.export.values import Exported, ExportPlan, ExportRequest, Kind
from tests.actors import manager
from tests.cases import in_turn
from tests.chat import samples
from tests.chat.rules import check, shown

SENTENCE = "That is a repost; this is the original."


def _post(*, of_repost: bool) -> Post:
    return replace(samples.post(), repost_id=7 if of_repost else None)


def _question(*, of_repost: bool) -> Card:
    question = WatchQuestion(_post(of_repost=of_repost), 2, samples.FORECAST, Decimal("0.10"))
    return watch_question_card(question, LeaveButton())


def _plan(*, of_repost: bool) -> ExportPlan:
    request = ExportRequest(manager(1), Kind.LIKERS, "1", TableFormat.CSV)
    return ExportPlan(request, _post(of_repost=of_repost), 1, Decimal(1))


CARDS: dict[str, Callable[[bool], Card]] = {
    "post": lambda is_one: post_page(_post(of_repost=is_one)),
    "likers": lambda is_one: likers_page(LikersPage(_post(of_repost=is_one), UsersPage(()))),
    "like": lambda is_one: like_card(LikeDone(1, "ada", liked=True, of_repost=is_one)),
    "not liked": lambda is_one: like_card(LikeDone(1, "ada", liked=False, of_repost=is_one)),
    "unlike": lambda is_one: unlike_card(LikeDone(1, "ada", liked=False, of_repost=is_one)),
    "watch": lambda is_one: watch_added_card(
        WatchAdded(samples.watch(), samples.FORECAST, of_repost=is_one)
    ),
    "question": lambda is_one: _question(of_repost=is_one),
    "export?": lambda is_one: export_question_card(
        _plan(of_repost=is_one), ExportButton(Kind.LIKERS, "1", TableFormat.CSV)
    ),
    "exported": lambda is_one: export_done_card(
        Exported(_plan(of_repost=is_one), NamedFile("a.csv", b""), 1)
    ),
}


@in_turn("name", CARDS)
@in_turn("is_one", [True, False])
def test_it_is_said_of_a_repost_and_of_nothing_else(name: str, *, is_one: bool) -> None:
    card = CARDS[name](is_one)

    check(card)
    assert shown(card).count(SENTENCE) == int(is_one)
    assert (f"-# {SENTENCE}" in shown(card).splitlines()) is is_one


def test_the_longest_post_leaves_room_for_it() -> None:
    check(post_page(replace(samples.worst_post(), repost_id=7)))

"""Commands in backticks become ones that can be tapped; nothing else does."""

from hypothesis import given

from bot.chat import text
from bot.chat.cards.card import Accent, card
from bot.chat.text.limits import MAX_TEXT
from bot.chat.text.tappable import tappable
from tests.cases import in_turn
from tests.chat.drawn import awkward
from tests.chat.rules import check, shown

IDS = {"watch add": 7, "like": 8, "config own-accounts": 9}


@in_turn(
    "given, shown_as",
    [
        ("Start with `/watch add`.", "Start with </watch add:7>."),
        ("`/like` or `/config own-accounts`", "</like:8> or </config own-accounts:9>"),
        ("`/unknown`, `/watch`, `watch add`, /like", "`/unknown`, `/watch`, `watch add`, /like"),
        ("`MONTHLY_BUDGET_USD` and `/like post`", "`MONTHLY_BUDGET_USD` and `/like post`"),
    ],
)
def test_what_discord_has_can_be_tapped(given: str, shown_as: str) -> None:
    assert tappable(given, IDS) == shown_as
    assert tappable(given, {}) == given


@given(awkward)
def test_what_somebody_wrote_names_no_command(wrote: str) -> None:
    for escaped in (text.escape(f"{wrote} `/like`"), text.one_line(f"`/like` {wrote}", 200)):
        assert "</like:8>" not in tappable(escaped, IDS)


def test_what_would_be_too_long_stays_as_it_was() -> None:
    named = "`/like`"
    full = named + "x" * (MAX_TEXT - len(named))
    kept = card(Accent.PLAIN, full).name_commands(IDS)
    changed = card(Accent.PLAIN, full[:-5]).name_commands(IDS)

    assert shown(kept) == full
    assert shown(changed).startswith("</like:8>")
    check(kept)
    check(changed)

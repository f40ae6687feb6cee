"""A notice is the same after it was stored."""

import json
from decimal import Decimal
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.notices import BudgetWarning, Notice
from bot.domain.stored_notices import notice_value, stored_notice
from tests.cases import in_turn
from tests.chat import samples


@in_turn("notice", samples.EXTREME_NOTICES)
def test_every_notice_comes_back_from_json(notice: Notice) -> None:
    kind, facts = stored_notice(notice)

    assert notice_value(kind, json.loads(json.dumps(facts))) == notice


@given(st.decimals(0, 10**9, places=6), st.decimals(0, 10**9, places=6))
def test_money_is_kept_to_the_millionth(spent: Decimal, budget: Decimal) -> None:
    warning = BudgetWarning(spent, budget)

    assert notice_value(*stored_notice(warning)) == warning


def test_each_kind_has_a_word_of_its_own() -> None:
    words = {stored_notice(notice)[0] for notice in samples.EXTREME_NOTICES}

    assert len(words) == len(get_args(Notice))

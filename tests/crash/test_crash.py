"""Ten kills in the midst of everything, counted from the outside; `make soak` does hundreds."""

import pytest

from tests.cases import in_turn
from tests.crash.cards import MOST_BEHIND_S
from tests.crash.soak import Course, Soak
from tests.crash.steps import METHODS, method
from tests.e2e.harness import Scene

# Where all is told within seconds this says nothing; a like that is lost is waited for longer.
pytestmark = pytest.mark.timeout(240)


@in_turn("step", METHODS)
def test_every_step_is_there(step: str) -> None:
    assert callable(method(step)[2])


async def test_ten_kills_lose_nothing_and_tell_nothing_twice(own_scene: Scene) -> None:
    result = await Soak(own_scene, Course(kills=10), print).run()

    assert result.wrong == {}, result
    assert result.cards_looked_at > 1
    assert result.cards_behind_s < MOST_BEHIND_S
    assert result.kills.total() >= 10
    assert result.score["likes"] > 0

"""Cases that are run in turn: each is, and each that fails is named."""

import asyncio
import inspect

import pytest

from tests.cases import in_turn


def test_each_that_fails_is_named_and_the_others_are_run() -> None:
    seen: list[int] = []

    @in_turn("number", [1, 2, 3, 4])
    def is_odd(number: int) -> None:
        seen.append(number)
        assert number % 2

    with pytest.raises(BaseExceptionGroup, match=r"2 of 4 cases failed: .*2.*4") as told:
        is_odd()

    assert seen == [1, 2, 3, 4]
    assert [error.__notes__ for error in told.value.exceptions] == [
        ["This was with {'number': 2}."],
        ["This was with {'number': 4}."],
    ]


def test_an_error_that_was_to_be_raised_and_is_not_fails_the_case() -> None:
    @in_turn("text", ["1", "a"])
    def is_no_number(text: str) -> None:
        with pytest.raises(ValueError, match="invalid literal"):
            int(text)

    with pytest.raises(BaseExceptionGroup, match="1 of 2 cases failed"):
        is_no_number()


def test_one_in_the_other_meets_every_pair_and_leaves_what_pytest_gives() -> None:
    seen: list[tuple[str, int, int]] = []

    @in_turn("letter", "ab")
    @in_turn("number, square", [(1, 1), (2, 4)])
    def notes(fixture: list[tuple[str, int, int]], letter: str, number: int, square: int) -> None:
        fixture.append((letter, number, square))

    assert list(inspect.signature(notes).parameters) == ["fixture"]
    notes(fixture=seen)
    assert seen == [("a", 1, 1), ("a", 2, 4), ("b", 1, 1), ("b", 2, 4)]


async def test_what_is_awaited_is_so_for_each() -> None:
    seen: list[tuple[str, int]] = []

    class Tests:
        @in_turn("letter", "ab")
        @in_turn("number", [1, 2])
        async def notes(self, letter: str, number: int) -> None:
            await asyncio.sleep(0)
            seen.append((letter, number))
            assert (letter, number) != ("a", 2)

    assert inspect.iscoroutinefunction(Tests().notes)
    with pytest.raises(BaseExceptionGroup, match=r"1 of 2 cases failed: .*'a'"):
        await Tests().notes()
    assert seen == [("a", 1), ("a", 2), ("b", 1), ("b", 2)]


def test_no_case_and_a_name_that_the_test_does_not_take_are_mistakes() -> None:
    def takes_a_number(number: int) -> None:
        assert number

    with pytest.raises(AssertionError, match="no case"):
        in_turn("number", [])(takes_a_number)
    with pytest.raises(AssertionError, match="it takes no"):
        in_turn("nubmer", [1])(takes_a_number)

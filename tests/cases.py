"""Many cases as one test: to begin and to report each costs more than it."""

import inspect
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import pytest


def in_turn(names: str, cases: Iterable[Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Run a test with each case, as `pytest.mark.parametrize` does, and tell all that fail at once.

    For what is quick and leaves nothing behind: the cases share their fixtures.
    """
    keys, told = [name.strip() for name in names.split(",")], list(cases)

    def decorate(test: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(test)
        def run(*itself: Any, **fixtures: Any) -> None:
            failures = _Failures()
            for given in _named(keys, told):
                with failures.kept(given):
                    test(*itself, **fixtures, **given)
            failures.tell(len(told))

        @wraps(test)
        async def run_awaited(*itself: Any, **fixtures: Any) -> None:
            failures = _Failures()
            for given in _named(keys, told):
                with failures.kept(given):
                    await test(*itself, **fixtures, **given)
            failures.tell(len(told))

        assert told, "a test of no case would always pass"
        signature = inspect.signature(test)
        fixtures = [value for key, value in signature.parameters.items() if key not in keys]
        assert len(fixtures) + len(keys) == len(signature.parameters), f"it takes no {keys}"
        made: Callable[..., Any] = run_awaited if inspect.iscoroutinefunction(test) else run
        made.__signature__ = signature.replace(parameters=fixtures)  # type: ignore[attr-defined]
        return made

    return decorate


def _named(keys: list[str], cases: list[Any]) -> Iterator[dict[str, Any]]:
    for case in cases:
        yield dict(zip(keys, case if len(keys) > 1 else (case,), strict=True))


class _Failures:
    """What failed, by the case."""

    def __init__(self) -> None:
        self._of: dict[str, BaseException] = {}

    @contextmanager
    def kept(self, given: dict[str, Any]) -> Iterator[None]:
        try:
            yield
        except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001 -- told in the end
            error.add_note(f"This was with {given!r}.")
            self._of[repr(given)] = error

    def tell(self, cases: int) -> None:
        if self._of:
            # pytest shows the first fifteen of a group, so the names of all stand before them.
            names = ", ".join(self._of)
            raise BaseExceptionGroup(
                f"{len(self._of)} of {cases} cases failed: {names}", list(self._of.values())
            )

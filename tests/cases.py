"""Many cases of one pure function as one test: to begin and to report each costs more than it."""

import inspect
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

import pytest


def in_turn(
    names: str, cases: Iterable[Any]
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a test with each case, as `pytest.mark.parametrize` does, and tell all that fail at once.

    For what is quick and leaves nothing behind: the cases share their fixtures.
    """
    keys, told = [name.strip() for name in names.split(",")], list(cases)

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        @wraps(test)
        def run(**fixtures: Any) -> None:
            failed: dict[str, BaseException] = {}
            for case in told:
                given = dict(zip(keys, case if len(keys) > 1 else (case,), strict=True))
                try:
                    test(**fixtures, **given)
                except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001 -- told below
                    error.add_note(f"This was with {given!r}.")
                    failed[repr(given)] = error
            if failed:
                # pytest shows the first fifteen of a group, so the names of all stand before them.
                names = ", ".join(failed)
                raise BaseExceptionGroup(
                    f"{len(failed)} of {len(told)} cases failed: {names}", list(failed.values())
                )

        assert told, "a test of no case would always pass"
        signature = inspect.signature(test)
        fixtures = [value for key, value in signature.parameters.items() if key not in keys]
        assert len(fixtures) + len(keys) == len(signature.parameters), f"it takes no {keys}"
        run.__signature__ = signature.replace(parameters=fixtures)  # type: ignore[attr-defined]
        return run

    return decorate

"""X's answers as they came over the wire, for those who want to see them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """The body of an answer, byte for byte, and the path that it answers."""

    path: str
    body: bytes


_tape: ContextVar[list[RawAnswer] | None] = ContextVar("tape", default=None)


@contextmanager
def recording() -> Iterator[list[RawAnswer]]:
    """Collect what X answers to all that is asked inside, in its order."""
    answers: list[RawAnswer] = []
    token = _tape.set(answers)
    try:
        yield answers
    finally:
        _tape.reset(token)


def record(path: str, body: bytes) -> None:
    """Keep an answer if somebody is recording."""
    answers = _tape.get()
    if answers is not None:
        answers.append(RawAnswer(path, body))

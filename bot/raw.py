"""What X sent, beside what was read from it."""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.x.tape import RawAnswer, recording

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class AsSent(Generic[Found]):
    """What a look-up found, and the answers of X that it was read from."""

    found: Found
    answers: tuple[RawAnswer, ...]


async def as_sent(asking: Awaitable[Found]) -> AsSent[Found]:
    """Await a look-up, and keep every answer that X gives to it."""
    with recording() as answers:
        found = await asking
    return AsSent(found, tuple(answers))

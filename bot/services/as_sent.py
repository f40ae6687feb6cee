"""What X sent, beside what was read from it."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.domain.files import NamedFile
from bot.x.asking.recording import RawAnswer, recording

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class AsSent(Generic[Found]):
    """What a look-up found, and the answers of X that it was read from, byte for byte."""

    found: Found
    files: tuple[NamedFile, ...]


async def as_sent(asking: Awaitable[Found]) -> AsSent[Found]:
    """Await a look-up, and keep every answer that X gives to it."""
    with recording() as answers:
        found = await asking
    return AsSent(found, _files(answers))


def _files(answers: Sequence[RawAnswer]) -> tuple[NamedFile, ...]:
    """Name each answer after what was asked: `1-tweets.json`, `2-tweets-1354-liking_users.json`."""
    return tuple(
        NamedFile(f"{number}-{_stem(answer.path)}.json", answer.body)
        for number, answer in enumerate(answers, start=1)
    )


def _stem(path: str) -> str:
    return path.strip("/").removeprefix("2/").replace("/", "-")

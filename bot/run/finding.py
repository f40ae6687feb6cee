"""A line of what `python -m bot check` says."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    OK = "ok"
    NOTE = "note"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the answer; a failure says how to mend it."""

    level: Level
    about: str
    sentence: str

    @property
    def failed(self) -> bool:
        return self.level is Level.FAIL

    def __str__(self) -> str:
        return f"{self.level:<4}  {self.about}: {self.sentence}"

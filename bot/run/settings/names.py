"""Names in `.env` that nothing reads: most are settings, misspelt."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from dotenv import dotenv_values


@dataclass(frozen=True, slots=True)
class Stray:
    """A name that nothing reads, and the setting that may be meant."""

    name: str
    meant: str | None

    @property
    def sentence(self) -> str:
        guess = f"; did you mean {self.meant}?" if self.meant else "."
        return f".env has it, but no setting has this name{guess}"

    def __str__(self) -> str:
        return f"{self.name}: {self.sentence}"


def stray_names(file: str, known: Iterable[str]) -> list[Stray]:
    """Return what a file names beside these settings, in its order."""
    settings = {name.upper() for name in known}
    # A line without a value is no setting, such as the last one that the sandbox prints.
    names = [
        name
        for name, value in dotenv_values(file, encoding="utf-8-sig").items()
        if value is not None
    ]
    strays = [name for name in names if name.upper() not in settings]
    return [Stray(name, _closest(name.upper(), settings)) for name in strays]


def _closest(name: str, settings: set[str]) -> str | None:
    return next(iter(get_close_matches(name, sorted(settings), n=1, cutoff=0.8)), None)

"""The pages about the bot that people can read before they use it."""

from dataclasses import dataclass
from enum import StrEnum


class AboutKind(StrEnum):
    PRIVACY = "privacy"
    TERMS = "terms"


@dataclass(frozen=True, slots=True)
class AboutPage:
    """A page, as markdown with a heading; `url` is where whoever runs the bot shows their own."""

    kind: AboutKind
    title: str
    text: str
    url: str | None = None

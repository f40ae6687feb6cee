"""What the bot says in one language: sentences, counts, numbers, days and sums."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from gettext import NullTranslations
from importlib import import_module
from typing import Protocol

from bot.domain.languages import Language
from bot.domain.sentences import CountedSentence, Sentence

MILLION = 1_000_000


class Formats(Protocol):
    """How a language writes what is no word."""

    def number(self, count: int) -> str: ...

    def millions(self, count: int) -> str:
        """Write how many millions a count is, to one place behind the point."""
        ...

    def dollars(self, usd: Decimal) -> str:
        """Write US dollars to the cent."""
        ...

    def day(self, day: date) -> str: ...


class EnglishFormats:
    def number(self, count: int) -> str:
        return f"{count:,}"

    def millions(self, count: int) -> str:
        return f"{count / MILLION:,.1f}"

    def dollars(self, usd: Decimal) -> str:
        return f"${usd:,.2f}"

    def day(self, day: date) -> str:
        return f"{day.day} {day:%B %Y}"


@dataclass(frozen=True, slots=True)
class Translator:
    """Says sentences of the code in a language; what it does not know, it says in English."""

    translations: NullTranslations = field(default_factory=NullTranslations)
    formats: Formats = field(default_factory=EnglishFormats)

    def __call__(self, sentence: Sentence, **fields: str) -> str:
        return self.translations.gettext(sentence).format_map(fields)

    def counted(self, count: int, what: CountedSentence, **fields: str) -> str:
        """Say how many of something there are."""
        said = self.translations.ngettext(what.one, what.many, count)
        return said.format_map({"n": self.number(count), **fields})

    def number(self, count: int) -> str:
        return self.formats.number(count)

    def short(self, count: int) -> str:
        """Write a number in no more than the room that a picture has for it."""
        return self.number(count) if count < MILLION else f"{self.formats.millions(count)}M"

    def dollars(self, usd: Decimal) -> str:
        return self.formats.dollars(usd)

    def day(self, day: date) -> str:
        return self.formats.day(day)


ENGLISH = Translator()


@cache
def translator_of(language: Language) -> Translator:
    """Return how a language says it; what others than English need is loaded when one is spoken."""
    if language is Language.ENGLISH:
        return ENGLISH
    loaded: Translator = import_module("bot.chat.languages.catalogues").load(language)
    return loaded

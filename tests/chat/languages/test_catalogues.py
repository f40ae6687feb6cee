"""Every language has every sentence of the code, with the same fields, and counts as CLDR does."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from string import Formatter

import pytest
from babel.messages.catalog import Message

from bot.chat.languages.catalogues import HERE, catalogue, locale_of
from bot.chat.languages.translator import ENGLISH, translator_of
from bot.domain.languages import Language, language_of
from bot.domain.sentences import CountedSentence, Sentence
from scripts.catalogues import TRANSLATED, updated, written
from tests.cases import in_turn

# What is no word of a language: commands, marks of Discord's, and what is bold.
_KEPT = re.compile(r"`[^`]*`|<#\{channel\}>|\*\*|→")
_COUNTS = [*range(130), 1_000, 1_001, 999_999, 1_500_000]


@pytest.fixture(params=TRANSLATED)
def language(request: pytest.FixtureRequest) -> Language:
    found: Language = request.param
    return found


def _messages(language: Language) -> Iterator[Message]:
    return (message for message in catalogue(language) if message.id)


def _forms(said: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said or ())


def _fields(said: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(said) if name is not None}


def test_a_catalogue_has_the_sentences_of_the_code(language: Language) -> None:
    """`make catalogues` writes them; what it adds is to be translated."""
    file = (HERE / f"{language}.po").read_bytes()
    assert file == written(language, updated(language))


def test_every_sentence_is_translated_with_its_fields(language: Language) -> None:
    for message in _messages(language):
        english, forms = _forms(message.id), _forms(message.string)
        assert all(forms or [""]), f"{language} lacks {english[0]!r}"
        assert not message.fuzzy
        for form in forms:
            assert _fields(form) == _fields(english[-1]), form
            assert sorted(_KEPT.findall(form)) == sorted(_KEPT.findall(english[-1])), form
            assert form == form.strip()
            assert "~" not in form


def test_counts_take_the_form_that_cldr_names(language: Language) -> None:
    found, locale = catalogue(language), locale_of(language)
    say = translator_of(language)
    one, *others = _forms(found["{n} new like"].string)
    for count in _COUNTS:
        form = one if locale.plural_form(count) == "one" or not others else others[0]
        said = say.counted(count, CountedSentence("{n} new like", "{n} new likes"))
        assert said == form.format(n=say.number(count))


@in_turn(
    "language, number, dollars, day",
    [
        (Language.ENGLISH, "1,234,567", "$1,234.50", "5 March 2026"),
        (Language.GERMAN, "1.234.567", "1.234,50\xa0$", "5. März 2026"),
        (Language.FRENCH, "1\u202f234\u202f567", "1\u202f234,50\xa0$US", "5 mars 2026"),
        (Language.SPANISH, "1.234.567", "1.234,50\xa0US$", "5 de marzo de 2026"),
        (Language.PORTUGUESE, "1.234.567", "US$\xa01.234,50", "5 de março de 2026"),
        (Language.JAPANESE, "1,234,567", "$1,234.50", "2026年3月5日"),
    ],
)
def test_numbers_sums_and_days(language: Language, number: str, dollars: str, day: str) -> None:
    say = translator_of(language)
    assert say.number(1_234_567) == number
    assert say.dollars(Decimal("1234.5")) == dollars
    assert say.day(date(2026, 3, 5)) == day


@in_turn(
    "language, count, said",
    [
        (Language.ENGLISH, 0, "0"),
        (Language.ENGLISH, 999_999, "999,999"),
        (Language.ENGLISH, 10**10, "10,000.0M"),
        (Language.GERMAN, 12_345, "12.345"),
        (Language.GERMAN, 1_250_000_000, "1.250,0M"),
        (Language.JAPANESE, 1_000_000, "1.0M"),
    ],
)
def test_counts_are_short_enough_for_a_picture(language: Language, count: int, said: str) -> None:
    assert translator_of(language).short(count) == said


def test_what_is_not_translated_is_said_in_english() -> None:
    unknown, counted = Sentence("{who} waves"), CountedSentence("{n} wave", "{n} waves")
    for language in Language:
        say = translator_of(language)
        assert say(unknown, who="Ada") == "Ada waves"
    assert ENGLISH.counted(1, counted) == "1 wave"
    assert ENGLISH.counted(0, counted) == "0 waves"


@in_turn(
    "locale, language",
    [
        ("en-US", Language.ENGLISH),
        ("en-GB", Language.ENGLISH),
        ("de", Language.GERMAN),
        ("fr", Language.FRENCH),
        ("es-ES", Language.SPANISH),
        ("es-419", Language.SPANISH),
        ("pt-BR", Language.PORTUGUESE),
        ("ja", Language.JAPANESE),
        ("uk", Language.ENGLISH),
        ("", Language.ENGLISH),
    ],
)
def test_discords_locales_name_languages(locale: str, language: Language) -> None:
    assert language_of(locale) is language

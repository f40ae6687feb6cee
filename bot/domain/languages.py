"""The languages in which the bot speaks to everybody in a server."""

from enum import StrEnum


class Language(StrEnum):
    """A language, by the name that Discord has for it, or for the first of its kind."""

    ENGLISH = "en"
    GERMAN = "de"
    FRENCH = "fr"
    SPANISH = "es"
    PORTUGUESE = "pt-BR"
    JAPANESE = "ja"


def language_of(locale: str) -> Language:
    """Return the language of one of Discord's locales, such as `es-419`; English of all others."""
    for language in Language:
        if locale == language or locale.partition("-")[0] == language:
            return language
    return Language.ENGLISH

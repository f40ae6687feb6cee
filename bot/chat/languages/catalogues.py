"""Languages other than English: their catalogues, and how CLDR has them write numbers and days.

Imported when the first of them is spoken: Babel takes longer to load than the rest of the chat.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal

from bot.chat.languages.translator import MILLION, Translator
from bot.domain.languages import Language

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class LocaleFormats:
    locale: Locale

    def number(self, count: int) -> str:
        return format_decimal(count, locale=self.locale)

    def millions(self, count: int) -> str:
        return format_decimal(Decimal(count) / MILLION, format="#,##0.0", locale=self.locale)

    def dollars(self, usd: Decimal) -> str:
        return format_currency(usd, "USD", locale=self.locale)

    def day(self, day: date) -> str:
        return format_date(day, "long", locale=self.locale)


def load(language: Language) -> Translator:
    """Return what a language's catalogue has for each sentence."""
    compiled = BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    return Translator(GNUTranslations(compiled), LocaleFormats(locale_of(language)))


def catalogue(language: Language) -> Catalog:
    with (HERE / f"{language}.po").open("rb") as file:
        return read_po(file, locale_of(language))


def locale_of(language: Language) -> Locale:
    return Locale.parse(language, sep="-")

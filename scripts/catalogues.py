"""Brings the catalogues in bot/chat/languages up to date with the sentences of the code.

What is new waits there for its translation, and what the code does not say any more is gone.
`make catalogues`.
"""

from functools import cache
from io import BytesIO
from operator import itemgetter
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import write_po

from bot.chat.languages.catalogues import HERE, catalogue, locale_of
from bot.domain.languages import Language

_ROOT = Path(__file__).parents[1]
_MARKS = {"Sentence": None, "CountedSentence": (1, 2)}
_WIDTH = 100
_HEADER = """# Likecord in {name}.
msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plurals}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
TRANSLATED = tuple(language for language in Language if language is not Language.ENGLISH)


@cache
def sentences() -> tuple[tuple[str | tuple[str, ...], str], ...]:
    """Return what is marked as said in a server's language, and in which file, in order."""
    return tuple(
        (sentence, str(path.relative_to(_ROOT)))
        for path in sorted((_ROOT / "bot").rglob("*.py"), key=str)
        if b"Sentence(" in path.read_bytes()  # to look closely at all the others takes long
        for _, sentence, _, _ in sorted(
            extract_from_file("python", path, keywords=_MARKS), key=itemgetter(0)
        )
    )


def updated(language: Language) -> Catalog:
    """Return a language's catalogue with the sentences that there are."""
    locale = locale_of(language)
    is_new = not (HERE / f"{language}.po").exists()
    old = Catalog(locale=locale) if is_new else catalogue(language)
    new = Catalog(locale=locale, project="Likecord", fuzzy=False, charset="utf-8")
    for sentence, path in sentences():
        known: Message | None = old.get(sentence)
        new.add(sentence, known.string if known else None, locations=[(path, 1)])
    return new


def written(language: Language, found: Catalog) -> bytes:
    """Return a catalogue as a file: with no dates and no lines, which change with every edit."""
    body = BytesIO()
    write_po(body, found, width=_WIDTH, include_lineno=False, omit_header=True)
    header = _HEADER.format(
        name=locale_of(language).english_name, language=language, plurals=found.plural_forms
    )
    return header.encode() + body.getvalue()


def main() -> None:
    for language in TRANSLATED:
        path = HERE / f"{language}.po"
        path.write_bytes(written(language, updated(language)))


if __name__ == "__main__":
    main()

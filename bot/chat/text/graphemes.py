"""Text in the units that people see, so that a cut never leaves half a letter or half an emoji."""

import unicodedata
from collections.abc import Iterator

ZERO_WIDTH_JOINER = "\u200d"
ZERO_WIDTH_NON_JOINER = "\u200c"
_FIRST_PICTOGRAPH = 0x2190
_EMOJI_MODIFIERS = range(0x1F3FB, 0x1F400)
_REGIONAL_INDICATORS = range(0x1F1E6, 0x1F200)
_TAGS = range(0xE0020, 0xE0080)
_HANGUL_LEADING = range(0x1100, 0x1160)
_HANGUL_VOWEL = range(0x1160, 0x11A8)
_HANGUL_TRAILING = range(0x11A8, 0x1200)
_HANGUL_SYLLABLES = range(0xAC00, 0xD7A4)


def graphemes(text: str) -> Iterator[str]:
    """Split into grapheme clusters: the rules of UAX #29 that occur in names and posts."""
    cluster = ""
    for char in text:
        if cluster and not _continues(cluster, char):
            yield cluster
            cluster = ""
        cluster += char
    if cluster:
        yield cluster


def _continues(cluster: str, char: str) -> bool:
    previous = cluster[-1]
    if previous in "\r\n" or char in "\r\n":
        return previous == "\r" and char == "\n"
    if extends(char):
        return True
    if previous == ZERO_WIDTH_JOINER:
        return ord(char) >= _FIRST_PICTOGRAPH
    if ord(char) in _REGIONAL_INDICATORS:
        # Flags are pairs: the third indicator begins the next flag.
        return ord(previous) in _REGIONAL_INDICATORS and len(cluster) % 2 == 1
    return _hangul_continues(ord(previous), ord(char))


def extends(char: str) -> bool:
    """Return whether a character only ever adds to the one before it."""
    code = ord(char)
    return (
        char in (ZERO_WIDTH_JOINER, ZERO_WIDTH_NON_JOINER)
        or unicodedata.category(char) in ("Mn", "Me", "Mc")
        or code in _EMOJI_MODIFIERS
        or code in _TAGS
    )


def _hangul_continues(previous: int, code: int) -> bool:
    if previous in _HANGUL_LEADING:
        return code in _HANGUL_LEADING or code in _HANGUL_VOWEL or code in _HANGUL_SYLLABLES
    if code in _HANGUL_VOWEL:
        return previous in _HANGUL_VOWEL or previous in _HANGUL_SYLLABLES
    if code in _HANGUL_TRAILING:
        return (
            previous in _HANGUL_VOWEL
            or previous in _HANGUL_TRAILING
            or previous in _HANGUL_SYLLABLES
        )
    return False

"""Characters that hide, reorder or pile up, taken out of what X and users write."""

import re
import unicodedata

from bot.chat.text.graphemes import FILLERS, graphemes, shows_each_alone

MAX_MARKS = 4
"""Marks on one letter: more than any script needs, fewer than it takes to cover the next line."""

_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
_JOINERS = "\u200d\u200c"  # zero width joiner and non-joiner
_BLACK_FLAG = "\U0001f3f4"  # begins the flags of England, Scotland and Wales, spelled in tags
_TAGS = range(0xE0020, 0xE0080)
_TAG_BLOCK = range(0xE0000, 0xE0100)  # the rest of it never shows
_FIRST_JOINED_SCRIPT = 0x0600  # Arabic; no script before it joins letters with invisible characters
_NEWLINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_ASCII_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n){2,}")


def clean(text: str) -> str:
    """Return text that shows what it holds: nothing invisible, nothing that reorders its line."""
    lines = _NEWLINES.sub("\n", text)
    if lines.isascii():
        shown = _ASCII_CONTROLS.sub("", lines)
    elif shows_each_alone(lines):
        shown = lines
    else:
        # First what never shows: between marks, it would let them pile up past their number.
        seen = "".join(char for char in lines if _may_show(char))
        shown = "".join(_clean_cluster(cluster) for cluster in graphemes(seen))
    return _BLANK_LINES.sub("\n\n", _SPACES.sub(" ", shown)).strip().strip(_JOINERS)


def _may_show(char: str) -> bool:
    if char in "\n\t" or char in _JOINERS or ord(char) in _TAGS:
        return True
    if char in FILLERS or ord(char) in _TAG_BLOCK:
        return False
    return unicodedata.category(char) not in ("Cc", "Cf")


def _clean_cluster(cluster: str) -> str:
    kept: list[str] = []
    marks = 0
    for char in cluster:
        category = unicodedata.category(char)
        if category in ("Mn", "Me"):
            marks += 1
            if marks > MAX_MARKS:
                continue
        elif category[0] in "LS":
            marks = 0  # a conjunct of Devanagari has several letters, and each has its own marks
        if _shows_there(char, kept):
            kept.append("\ufffd" if category == "Cs" else char)
    return "".join(kept)


def _shows_there(char: str, before: list[str]) -> bool:
    if char in _JOINERS:
        # They make family emoji and the letters of Persian and Indic scripts; elsewhere they hide.
        return bool(before) and ord(before[0]) >= _FIRST_JOINED_SCRIPT
    if ord(char) in _TAGS:
        return bool(before) and before[0] == _BLACK_FLAG
    return True


def isolate(text: str) -> str:
    """Keep right-to-left text from reordering what stands beside it."""
    if any(unicodedata.bidirectional(char) in ("R", "AL", "AN") for char in text):
        return f"{_ISOLATE}{text}{_POP_ISOLATE}"
    return text


def is_visible(text: str) -> bool:
    """Return whether there is a letter, digit or symbol to see."""
    return any(unicodedata.category(char)[0] in "LNPS" for char in text)

"""What is said to everybody in a server, in English; other languages are looked up by that.

The catalogues in `bot/chat/languages/` translate what is marked so; a test reads it from the code.
Fields stand in braces.
"""

from dataclasses import dataclass


class Sentence(str):
    """A sentence, or a part of one that is put into others."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class CountedSentence:
    """A sentence about `{n}` of something: of one, and of any other number."""

    one: str
    many: str

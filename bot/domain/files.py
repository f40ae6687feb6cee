"""Files that go with an answer."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class NamedFile:
    """What a member gets to download; the name is plain ASCII without spaces."""

    name: str
    contents: bytes = field(repr=False)

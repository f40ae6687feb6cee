"""The roots of the tree of errors."""

import re
from collections.abc import Sequence


class LikecordError(Exception):
    """Anything that Likecord knows how to explain."""

    @property
    def plain(self) -> str:
        """Return the sentence for a terminal: without the marks that Discord would draw."""
        return re.sub(r"<(https?://[^>]+)>", r"\1", str(self).replace("`", ""))


class SettingsError(LikecordError):
    """Settings are missing or wrong; `problems` has one line for each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class Mistake(LikecordError):
    """The request itself needs a change."""

"""The roots of the tree of errors."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime


class LikecordError(Exception):
    """Anything that Likecord knows how to explain."""

    @property
    def plain(self) -> str:
        """Return the sentence for a terminal: without the marks that Discord would draw."""
        text = re.sub(r"<(https?://[^>]+)>", r"\1", str(self).replace("`", ""))
        return re.sub(r"<t:(\d+):R>", lambda named: _in_words(int(named[1])), text)


class SettingsError(LikecordError):
    """Settings are missing or wrong; `problems` has one line for each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class Mistake(LikecordError):
    """The request itself needs a change."""


def _in_words(moment_s: int) -> str:
    return f"after {datetime.fromtimestamp(moment_s, UTC):%H:%M:%S} UTC"

"""The roots of the tree of errors."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

# As Discord writes them: an address without a preview, and so long ago.
_BARE_ADDRESS = re.compile(r"<(https?://[^<>]+)>")
_MOMENT = re.compile(r"<t:(\d{1,15}):R>")


class LikecordError(Exception):
    """Anything that Likecord knows how to explain."""

    @property
    def plain(self) -> str:
        """Return the sentence for a terminal: without the marks that Discord would draw."""
        text = _BARE_ADDRESS.sub(r"\1", str(self).replace("`", ""))
        return _MOMENT.sub(lambda named: _in_words(int(named[1])), text)


class SettingsError(LikecordError):
    """Settings are missing or wrong; `problems` has one line for each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class Mistake(LikecordError):
    """The request itself needs a change."""


class NothingStoredNow(LikecordError):
    """What is stored can be neither read nor changed for now."""

    def __init__(self) -> None:
        super().__init__("I can't reach my database right now. Try again in a minute.")


def _in_words(moment_s: int) -> str:
    return f"after {datetime.fromtimestamp(moment_s, UTC):%H:%M:%S} UTC"

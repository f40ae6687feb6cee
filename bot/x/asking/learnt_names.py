"""What X has refused of the names in its requests, so that it is asked in those that it accepts.

X says which names it refuses, and is then asked without them, or in the newer ones, as long as the
process lives. Where it says only that a request is invalid, it is asked in other ways before that
is believed: in the newer names, then for the least that the bot needs. What helped is kept for an
hour, since it may ask for less than X has.
"""

import logging
import time
from collections.abc import Callable, Collection

from bot.domain.errors import InvalidForX, RefusedName
from bot.x.asking.field_names import Look, Parameters, selects, worded
from bot.x.limits import Endpoint

logger = logging.getLogger(__name__)

_KEPT_S = 3_600.0

Kind = tuple[Endpoint, frozenset[tuple[str, str]]]
"""A kind of request: where it goes, and what it asks for."""


class LearntNames:
    """What is known of an X, whichever account asks it."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._refused: dict[Endpoint, set[RefusedName]] = {}
        self._looks: dict[Kind, tuple[Look, float]] = {}

    def wording(self, endpoint: Endpoint) -> "Wording":
        """Return the words of one request, to be found while it is asked."""
        return Wording(self, endpoint)

    def worded(self, endpoint: Endpoint, asked: Parameters, look: Look) -> Parameters:
        return worded(asked, look, self._refused.get(endpoint, frozenset()))

    def refused(self, endpoint: Endpoint, names: Collection[RefusedName]) -> None:
        known = self._refused.setdefault(endpoint, set())
        for name in sorted(set(names) - known, key=str):
            logger.info("X does not know %s at %s: it is no longer asked for", name, endpoint)
        known.update(names)

    def look(self, kind: Kind) -> Look:
        """Return how such requests are to be worded at first."""
        look, until_s = self._looks.get(kind, (Look.AS_ASKED, 0.0))
        return look if self._now_s() < until_s else Look.AS_ASKED

    def helped(self, kind: Kind, look: Look) -> None:
        self._looks[kind] = (look, self._now_s() + _KEPT_S)


class Wording:
    """The words of one request, changed until X accepts them or there are no others."""

    def __init__(self, learnt: LearntNames, endpoint: Endpoint) -> None:
        self._learnt = learnt
        self._endpoint = endpoint
        self._asked: Parameters = {}
        self._first: Look | None = None
        self._look = Look.AS_ASKED
        self._tried: list[Parameters] = []

    def words(self, asked: Parameters) -> Parameters:
        """Return what to ask in the place of tweepy's words."""
        self._asked = asked
        if self._first is None:
            self._first = self._look = self._learnt.look(self._kind)
        words = self._words(self._look)
        self._tried.append(words)
        return words

    def has_others(self, error: InvalidForX) -> bool:
        """Learn from a refusal; say whether X is to be asked in other words."""
        if not error.of_parameters:
            return False
        chosen = [name for name in error.names if selects(name.parameter)]
        if error.names and not chosen:
            return False  # what it is asked about is wrong, such as an ID
        if chosen and self._look is self._first:
            self._learnt.refused(self._endpoint, [name for name in chosen if self._sent(name)])
            if self._words(self._look) not in self._tried:
                return True
        return self._looks_again()

    def accepted(self) -> None:
        """Keep the way to ask that helped where X did not say what was wrong."""
        if self._first is not None and self._look is not self._first:
            self._learnt.helped(self._kind, self._look)

    def _sent(self, name: RefusedName) -> bool:
        sent = self._tried[-1].get(name.parameter)
        return sent is not None and (name.value is None or name.value in str(sent).split(","))

    @property
    def _kind(self) -> Kind:
        asked = ((name, str(value)) for name, value in self._asked.items() if selects(name))
        return self._endpoint, frozenset(asked)

    def _words(self, look: Look) -> Parameters:
        return self._learnt.worded(self._endpoint, self._asked, look)

    def _looks_again(self) -> bool:
        looks = list(Look)
        for look in looks[looks.index(self._look) + 1 :]:
            if self._words(look) not in self._tried:
                self._look = look
                return True
        return False

"""What the bot asks of X and what X answers, held to X's own OpenAPI files."""

import json
from collections.abc import Iterable
from http import HTTPStatus

from sandbox.x.exchanges import Exchange
from sandbox.x.world.state import World
from tests.sandbox.x import specification

# The bot asks in the names of this file at first, which tweepy uses too.
_ASKED_IN = "2.165"
# Only this one knows that likes can be pushed.
_PUSH, _WEBHOOKS, _PUSHED_IN = "/2/activity/", "/2/webhooks", "2.167"
_SHOWN = 5


class Traffic:
    """Hears the exchanges of X's stand-in; what was said twice is kept once."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._asked: dict[tuple[object, ...], Exchange] = {}
        self._answered: dict[tuple[object, ...], Exchange] = {}
        self._spellings: dict[tuple[object, ...], str] = {}
        self._asked_in: dict[tuple[object, ...], str] = {}

    def hear(self, exchange: Exchange) -> None:
        # The OAuth 2.0 endpoints stand in RFC 6749, not in X's files.
        if not exchange.path.startswith("/2/") or exchange.path.startswith("/2/oauth2/"):
            return
        asked = (exchange.method, exchange.path, *sorted(exchange.query.items()), exchange.body)
        self._asked.setdefault(asked, exchange)
        self._asked_in.setdefault(asked, self._edition(exchange))
        if exchange.status:
            answered = (exchange.method, exchange.path, exchange.status, exchange.answer)
            self._answered.setdefault(answered, exchange)
            spelling = self._spelling()
            if exchange.path.startswith(_WEBHOOKS):
                spelling = _PUSHED_IN
            self._spellings.setdefault(answered, spelling)

    def _spelling(self) -> str:
        settings = self._world.settings
        edition = _ASKED_IN if settings.edition == "any" else settings.edition
        return edition if settings.spelling == "asked" else settings.spelling

    def _edition(self, exchange: Exchange) -> str:
        """Return which file a request is to be in: the newer one, once X has refused the older."""
        if exchange.path.startswith((_PUSH, _WEBHOOKS)):
            return _PUSHED_IN
        accepts = self._world.settings.edition
        was_taken = exchange.status not in (0, HTTPStatus.BAD_REQUEST)
        return accepts if accepts != "any" and was_taken else _ASKED_IN

    def endpoints(self) -> set[str]:
        """Return which endpoints of X's were asked, as the file writes them."""
        asked = {(exchange.method, exchange.path) for exchange in self._asked.values()}
        return {f"{how} {specification.path_template(_ASKED_IN, how, path)}" for how, path in asked}

    def spellings(self) -> set[str]:
        """Return in which names X has answered."""
        return set(self._spellings.values())

    def check(self) -> None:
        """Fail, with the first of all that is wrong, unless the files allow everything."""
        wrong = [*self._wrong_requests(), *self._wrong_answers()]
        assert not wrong, f"{len(wrong)} in all\n" + "\n".join(wrong[:_SHOWN])

    def _wrong_requests(self) -> Iterable[str]:
        for key, asked in self._asked.items():
            try:
                specification.check_request(
                    self._asked_in[key],
                    asked.method,
                    asked.path,
                    query=asked.query,
                    body=asked.body,
                )
            except AssertionError as error:
                yield f"asked {asked.method} {asked.path} {dict(asked.query)}: {error}"

    def _wrong_answers(self) -> Iterable[str]:
        for key, answered in self._answered.items():
            try:
                specification.check(
                    self._spellings[key],
                    answered.method,
                    answered.path,
                    status=answered.status,
                    kind=answered.kind,
                    body=json.loads(answered.answer),
                )
            except AssertionError as error:
                yield f"{answered.status} to {answered.method} {answered.path}: {error}"

"""A small Discord that waits longer than Discord does for a bot's first answer.

A bot is not late where the machine has too much to do. How soon it answers is measured by the load
benchmark; that it answers before X does is shown by the tests in which X hangs.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.discord import interaction_book
from sandbox.discord.interactions import outcome
from tests.patience import GUARD_S


@contextmanager
def patient() -> Iterator[None]:
    before = interaction_book.ANSWER_SECONDS
    interaction_book.ANSWER_SECONDS = outcome.ANSWER_SECONDS = GUARD_S
    try:
        yield
    finally:
        interaction_book.ANSWER_SECONDS = outcome.ANSWER_SECONDS = before

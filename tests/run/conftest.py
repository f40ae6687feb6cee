"""The jobs are tried with the bot that the tests of watching build."""

from tests.watching.conftest import bot, http, world

__all__ = ["bot", "http", "world"]

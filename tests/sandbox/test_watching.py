"""What the demo takes for a watch: the bot's answers, whoever asked."""

from typing import Any

import pytest

from sandbox.clock import Clock
from sandbox.events import Event
from sandbox.score import Score
from sandbox.watching import Watching

POST, OTHER = "1354143047324299264", "1228393702244134912"


class Heard(Watching):
    """Watches heard of, with a verb for the bot's answers."""

    def answer(
        self, command: str | None, text: str, event: str = "message.update", **message: Any
    ) -> None:
        if command is not None:
            message["interaction_metadata"] = {"name": command}
        shown = [{"type": 17, "components": [{"type": 10, "content": text}]}]
        told = {"content": "", "embeds": [], "components": shown, **message}
        self.hear(Event(event, {"channel_id": "1", "message": told, "visible_to": "80351110"}))


def watching(post: str, channel: str = "5") -> str:
    return f"### Watching [a post](https://x.com/TwitterDev/status/{post}) in <#{channel}>"


@pytest.fixture
def heard() -> Heard:
    return Heard(Score(Clock()))


@pytest.mark.parametrize("command", ["watch add", "Watch likes"])
@pytest.mark.parametrize("event", ["message.create", "message.update"])
def test_a_watch_begins_with_the_answer_to_whoever_asked(
    heard: Heard, command: str, event: str
) -> None:
    heard.answer(command, watching(POST), event)

    assert heard.score.watched == {POST}


def test_a_watch_ends(heard: Heard) -> None:
    for post in (POST, OTHER):
        heard.answer("watch add", watching(post))
    heard.answer("watch remove", watching(POST))

    assert heard.score.watched == {OTHER}


def test_a_post_is_watched_until_its_last_channel_is_left(heard: Heard) -> None:
    for channel in ("5", "6"):
        heard.answer("watch add", watching(POST, channel))
    heard.answer("watch remove", watching(POST, "5"))
    assert heard.score.watched == {POST}
    heard.answer("watch remove", watching(POST, "6"))

    assert heard.score.watched == set()


def test_an_answer_that_names_no_post_with_a_channel_begins_nothing(heard: Heard) -> None:
    heard.answer("watch add", f"Give an address such as https://x.com/name/status/{POST}")
    heard.answer("watch add", "I may not write in <#5>.")
    heard.answer("watch add", watching(POST), "message.delete")

    assert heard.score.watched == set()


def test_other_messages_begin_nothing(heard: Heard) -> None:
    heard.answer("watch list", watching(POST))
    heard.answer(None, watching(POST))

    assert heard.score.watched == set()

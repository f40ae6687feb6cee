"""Migration 0006: what older versions wrote as sentences and names of classes becomes facts."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

import pytest

from bot.chat.cards.notices import notice_sentence
from bot.domain import ActionOutcome
from bot.domain.stored_notices import notice_value
from tests.databases import opened
from tests.storage.old_database import OldDatabase
from tests.storage.old_sentences import (
    LIST_ENDED,
    MISSING,
    NOT_OURS,
    OLDER,
    OUTCOMES,
    TOLD,
    TROUBLES,
)
from tests.storage.rows import CHANNEL, GUILD, MEMBER, POST

# The IDs of what has no sentence of ours; other rows are numbered from 1 on.
PLAIN, SENT, WAITING, ENDED, STRANGE = 101, 102, 103, 104, 105
FIRST_OLDER = 201


@dataclass
class Rows:
    """What stood in the tables at one of the versions."""

    announcements: dict[int, dict[str, Any]]
    watches: dict[int, str | None]
    accounts: dict[int, str | None]
    outcomes: list[str]

    def told(self) -> list[dict[str, Any]]:
        return [self.announcements[number] for number, _ in enumerate(TOLD, start=1)]


@dataclass
class Way:
    """Twice there and back: as far as 0006 with what is wrong, to the newest with all else."""

    there: Rows
    back: Rows
    newest: Rows
    from_newest: Rows
    log: list[str]


async def _look(old: OldDatabase, *, troubles: bool = True) -> Rows:
    """Read all; the newest version knows no trouble of a watch."""
    watches = await old.rows("watch") if troubles else []
    return Rows(
        {row["id"]: row for row in await old.rows("announcement")},
        {row["id"]: row["trouble"] for row in watches},
        {row["id"]: row["trouble"] for row in await old.rows("account_watch")},
        [row["outcome"] for row in await old.rows("action_log")],
    )


def _troubles() -> dict[int, str | None]:
    """Return what is wrong with which watch."""
    said = [sentence.format(channel=CHANNEL + at) for at, sentence in enumerate(TROUBLES, start=2)]
    return {1: None, **dict(enumerate(said, start=2)), STRANGE: NOT_OURS}


async def _fill_with_troubles(old: OldDatabase) -> None:
    await old.post()
    for number, trouble in _troubles().items():
        await old.watch(number, trouble)
    for number, note in enumerate([None, *(note for note, _ in MISSING)], start=1):
        await old.account(number, note)
    await old.account(STRANGE, NOT_OURS)
    await old.announcement(ENDED, "summary", LIST_ENDED)


async def _fill(old: OldDatabase) -> None:
    for number, (kind, note, _) in enumerate(TOLD, start=1):
        await old.announcement(number, kind, note, state=("waiting", "sent")[number % 2])
    for number, (note, _) in enumerate(OLDER, start=FIRST_OLDER):
        await old.announcement(number, "notice", note)
    await old.announcement(PLAIN, "likes", None)
    await old.announcement(SENT, "notice", NOT_OURS, state="sent")
    await old.announcement(WAITING, "notice", NOT_OURS)
    done = [(action, outcome) for action, outcome, _ in OUTCOMES]
    about = {"guild_id": GUILD, "member_id": MEMBER, "account": "a", "post_id": POST}
    for action, outcome in [*done, ("like", "SomethingThatIsNoMore")]:
        await old.add("action_log", at=old.now, action=action, outcome=outcome, **about)


class _Log(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


async def _go(url: str, log: _Log) -> Way:
    async with opened(url) as database:
        old = OldDatabase(database)
        await old.upgrade("0005")
        await _fill_with_troubles(old)
        await old.upgrade("0006")
        there = await _look(old)
        await old.downgrade()
        back = await _look(old)
        await _fill(old)
        await old.upgrade()
        newest = await _look(old, troubles=False)
        await old.downgrade()
        return Way(there, back, newest, await _look(old), log.messages)


@pytest.fixture(scope="module")
def way(old_database_url: str) -> Way:
    log = _Log()
    logging.getLogger().addHandler(log)
    try:
        return asyncio.run(_go(old_database_url, log))
    finally:
        logging.getLogger().removeHandler(log)


def test_announcements_become_facts_and_sentences_again(way: Way) -> None:
    rows = way.newest.told()
    assert {row["kind"] for row in rows} == {"notice"}
    assert [notice_value(row["notice"], row["facts"]) for row in rows] == [
        notice for _, _, notice in TOLD
    ]
    # What comes of a watch was summed up "in all" then, and "in total" now.
    now = [note.replace(" likes in all.", " likes in total.") for _, note, _ in TOLD]
    now = [note.replace(" like in all.", " like in total.") for note in now]
    assert [notice_sentence(notice) for _, _, notice in TOLD] == now
    rows = way.from_newest.told()
    assert [(row["kind"], row["note"]) for row in rows] == [(kind, note) for kind, note, _ in TOLD]


def test_what_was_said_of_a_list_that_had_ended_keeps_the_word_of_its_time(way: Way) -> None:
    there, back = way.there.announcements[ENDED], way.back.announcements[ENDED]
    assert (there["notice"], there["facts"]["kind"]) == ("watch_ended", "saturated")
    assert (back["kind"], back["note"]) == ("summary", LIST_ENDED)


def test_what_was_put_in_other_words_once_is_recognised(way: Way) -> None:
    rows = [way.newest.announcements[FIRST_OLDER + at] for at in range(len(OLDER))]
    assert [notice_value(row["notice"], row["facts"]) for row in rows] == [
        notice for _, notice in OLDER
    ]


def test_what_has_no_sentence_stays_and_what_is_not_ours_is_not_sent(way: Way) -> None:
    rows = way.newest.announcements
    assert WAITING not in rows
    kept = [rows[number] for number in (PLAIN, SENT)]
    assert [(row["kind"], row["to_count"]) for row in kept] == [("likes", 7), ("notice", 7)]
    assert {(row["notice"], row["facts"]) for row in kept} == {(None, None)}
    assert any(f"announcement {WAITING} " in line and NOT_OURS in line for line in way.log)


def test_troubles_become_words_and_sentences_again(way: Way) -> None:
    troubles, words = _troubles(), list(TROUBLES.values())
    assert way.there.watches == {**dict.fromkeys(troubles), **dict(enumerate(words, start=2))}
    assert way.back.watches == {**troubles, STRANGE: None}
    whys = dict(enumerate([None, *(why for _, why in MISSING)], start=1))
    assert way.there.accounts == {**whys, STRANGE: None}
    notes = dict(enumerate([None, *(note for note, _ in MISSING)], start=1))
    assert way.back.accounts == {**notes, STRANGE: None}


def test_a_trouble_that_is_not_ours_is_forgotten(way: Way) -> None:
    assert way.there.watches[STRANGE] is None
    assert way.there.accounts[STRANGE] is None


def test_outcomes_become_words_and_names_again(way: Way) -> None:
    words = way.newest.outcomes
    assert words == [*(word for _, _, word in OUTCOMES), ActionOutcome.FAILED]
    # A clock that is off was no outcome of its own, and every server was served.
    later = {ActionOutcome.CLOCK_OFF, ActionOutcome.NOT_SERVED}
    assert set(words) == set(ActionOutcome) - later
    names = way.from_newest.outcomes
    assert names == [*(name for _, name, _ in OUTCOMES), "LikecordError"]

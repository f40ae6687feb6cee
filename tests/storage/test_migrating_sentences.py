"""Migration 0006: what older versions wrote as sentences and names of classes becomes facts."""

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from bot.chat.cards.notices import notice_sentence
from bot.domain import ActionOutcome, Missing, WatchKind
from bot.domain.notices import (
    AccountShown,
    BudgetWarning,
    LikersHidden,
    Notice,
    PostShown,
    WatchEnded,
)
from bot.domain.stored_notices import notice_value
from bot.domain.troubles import AccountMissing, DeliveryTrouble, PostMissing
from tests.databases import opened
from tests.storage.old_database import OldDatabase
from tests.storage.rows import CHANNEL, GUILD, MEMBER, POST

_TOLD = "In 3 days, 4 likes announced by name; 1,006 likes in all."
# As the bot wrote them until 0005.
NOTICES: list[tuple[str, Notice]] = [
    (
        "X no longer has this post. The watch goes on by itself if it comes back.",
        PostMissing(Missing.DELETED),
    ),
    (
        "The author's posts are protected now. The watch goes on when they are public again.",
        PostMissing(Missing.PROTECTED),
    ),
    (
        "X withholds this post. The watch goes on when it is shown again.",
        PostMissing(Missing.WITHHELD),
    ),
    ("X shows this post again. The watch goes on.", PostShown()),
    (
        (
            "X no longer shows me who likes this post, so from now on I tell how many do. Its "
            "author can change that with `/account link`."
        ),
        LikersHidden(),
    ),
    (
        (
            "X no longer shows the account `@Twitter_1`: it was suspended, or its owner deleted "
            "it. I go on with its new posts if it comes back."
        ),
        AccountMissing("Twitter_1", Missing.DELETED),
    ),
    (
        (
            "The posts of `@Twitter` are protected now. I go on with its new posts when they are "
            "public again."
        ),
        AccountMissing("Twitter", Missing.PROTECTED),
    ),
    (
        "X withholds the account `@Twitter`. I go on with its new posts when it is shown again.",
        AccountMissing("Twitter", Missing.WITHHELD),
    ),
    (
        "X shows the posts of `@Twitter` again. I go on with its new posts.",
        AccountShown("Twitter"),
    ),
    (
        (
            "This server has spent $8,000.50 of its budget of $10,000.00 for X this month. From "
            "now on I look for new likes less often, so that it lasts until the month ends. "
            "`/usage` shows what it went for, and `/config budget` changes it."
        ),
        BudgetWarning(Decimal("8000.5"), Decimal(10_000)),
    ),
]
SUMMARIES: list[tuple[str, Notice]] = [
    (_TOLD, WatchEnded(3, 4, 1_006, WatchKind.NAMES)),
    (
        "In 1 day, 1 like announced by name; 1 like in all. X no longer shows the post.",
        WatchEnded(1, 1, 1, WatchKind.NAMES, post_shown=False),
    ),
    (f"{_TOLD} X hides who likes it.", WatchEnded(3, 4, 1_006, WatchKind.COUNTS)),
    (
        f"{_TOLD} X does not show who 1,002 of them come from.",
        WatchEnded(3, 4, 1_006, WatchKind.NAMES, hidden=1_002),
    ),
]
# Two were put in other words once, and some may still wait.
OLDER: list[tuple[str, Notice]] = [
    (
        (
            "X shows me no longer who likes this post, so from now on I tell how many do. Its "
            "author can change that with `/account link`."
        ),
        LikersHidden(),
    ),
    (
        (
            "The posts of `@Twitter` are protected now. I go on with its new posts when they are "
            "public again, or when its owner links the account with `/account link`."
        ),
        AccountMissing("Twitter", Missing.PROTECTED),
    ),
]
TROUBLES = {
    "The channel for these announcements is gone. Remove the watch and add it again for another "
    "channel.": DeliveryTrouble.CHANNEL_DELETED,
    "Discord refuses my announcement in <#{channel}>. The person who runs me finds the reason in "
    "my log.": "refused",
    "I may not post in <#{channel}>. Give me the permission “View Channel” there, or choose "
    "another channel.": DeliveryTrouble.CANNOT_VIEW,
    "I may not post in <#{channel}>. Give me the permission “Send Messages” there, or choose "
    "another channel.": DeliveryTrouble.CANNOT_SEND,
    "I may not post in <#{channel}>. Give me the permission “Send Messages in Threads” there, or "
    "choose another channel.": DeliveryTrouble.CANNOT_SEND_IN_THREADS,
}
OUTCOMES = [
    ("like", "liked", ActionOutcome.LIKED),
    ("unlike", "not liked", ActionOutcome.NOT_LIKED),
    ("like", "LikingRefused", ActionOutcome.NOT_IN_PLAN),
    ("unlike", "UnlikingRefused", ActionOutcome.NOT_IN_PLAN),
    ("like", "Refused", ActionOutcome.REFUSED),
    ("like", "AccountSuspended", ActionOutcome.ACCOUNT_SUSPENDED),
    ("like", "PermissionMissing", ActionOutcome.READ_ONLY),
    ("like", "PostNotFound", ActionOutcome.POST_NOT_FOUND),
    ("like", "PostNotShown", ActionOutcome.POST_NOT_SHOWN),
    ("like", "CredentialRefused", ActionOutcome.CREDENTIAL_REFUSED),
    ("like", "RateLimited", ActionOutcome.RATE_LIMITED),
    ("like", "UsageCapped", ActionOutcome.USAGE_CAPPED),
    ("like", "InvalidForX", ActionOutcome.INVALID),
    ("like", "XUnavailable", ActionOutcome.UNAVAILABLE),
    ("like", "XUnreadable", ActionOutcome.UNREADABLE),
    ("like", "NoCredential", ActionOutcome.NO_CREDENTIAL),
    ("like", "BudgetSpent", ActionOutcome.BUDGET_SPENT),
    ("like", "GuildBudgetSpent", ActionOutcome.GUILD_BUDGET_SPENT),
    ("like", "LikecordError", ActionOutcome.FAILED),
]


@pytest.fixture
async def old(empty_database_url: str) -> AsyncIterator[OldDatabase]:
    async with opened(empty_database_url) as database:
        rows = OldDatabase(database)
        await rows.upgrade("0005")
        yield rows


async def test_announcements_become_facts_and_sentences_again(old: OldDatabase) -> None:
    await old.post()
    await old.watch(1)
    told = [("notice", *each) for each in NOTICES] + [("summary", *each) for each in SUMMARIES]
    for number, (kind, note, _) in enumerate(told, start=1):
        await old.announcement(number, kind, note, state=("waiting", "sent")[number % 2])

    await old.upgrade()

    rows = await old.rows("announcement")
    assert {row["kind"] for row in rows} == {"notice"}
    assert [notice_value(row["notice"], row["facts"]) for row in rows] == [
        notice for _, _, notice in told
    ]
    # What comes of a watch was summed up "in all" then, and "in total" now.
    now = [note.replace(" likes in all.", " likes in total.") for _, note, _ in told]
    now = [note.replace(" like in all.", " like in total.") for note in now]
    assert [notice_sentence(notice) for _, _, notice in told] == now

    await old.downgrade()

    rows = await old.rows("announcement")
    assert [(row["kind"], row["note"]) for row in rows] == [(kind, note) for kind, note, _ in told]


async def test_what_was_said_of_a_list_that_had_ended_keeps_the_word_of_its_time(
    old: OldDatabase,
) -> None:
    await old.post()
    await old.watch(1)
    note = f"{_TOLD} X shows at most 100 names a post."
    await old.announcement(1, "summary", note)

    await old.upgrade("0006")

    (row,) = await old.rows("announcement")
    assert (row["notice"], row["facts"]["kind"]) == ("watch_ended", "saturated")

    await old.downgrade()

    (row,) = await old.rows("announcement")
    assert (row["kind"], row["note"]) == ("summary", note)


async def test_what_was_put_in_other_words_once_is_recognised(old: OldDatabase) -> None:
    await old.post()
    await old.watch(1)
    for number, (note, _) in enumerate(OLDER, start=1):
        await old.announcement(number, "notice", note)

    await old.upgrade()

    rows = await old.rows("announcement")
    assert [notice_value(row["notice"], row["facts"]) for row in rows] == [
        notice for _, notice in OLDER
    ]


async def test_what_has_no_sentence_stays_and_what_is_not_ours_is_not_sent(
    old: OldDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    await old.post()
    await old.watch(1)
    await old.announcement(1, "likes", None)
    await old.announcement(2, "notice", "Somebody else's words.", state="sent")
    await old.announcement(3, "notice", "Somebody else's words.")

    await old.upgrade()

    rows = await old.rows("announcement")
    assert [(row["id"], row["kind"], row["to_count"]) for row in rows] == [
        (1, "likes", 7),
        (2, "notice", 7),
    ]
    assert {(row["notice"], row["facts"]) for row in rows} == {(None, None)}
    assert "Somebody else's words." in caplog.text


async def test_troubles_become_words_and_sentences_again(old: OldDatabase) -> None:
    await old.post()
    await old.watch(1)
    sentences = [
        sentence.format(channel=CHANNEL + number)
        for number, sentence in enumerate(TROUBLES, start=2)
    ]
    for number, sentence in enumerate(sentences, start=2):
        await old.watch(number, sentence)
    missing = [
        (note, notice.why)
        for note, notice in NOTICES
        if isinstance(notice, AccountMissing) and notice.username == "Twitter"
    ]
    await old.account(1, None)
    for number, (note, _) in enumerate(missing, start=2):
        await old.account(number, note)

    await old.upgrade("0006")

    assert [row["trouble"] for row in await old.rows("watch")] == [None, *TROUBLES.values()]
    accounts = await old.rows("account_watch")
    assert [row["trouble"] for row in accounts] == [None, *(why for _, why in missing)]

    await old.downgrade()

    assert [row["trouble"] for row in await old.rows("watch")] == [None, *sentences]
    accounts = await old.rows("account_watch")
    assert [row["trouble"] for row in accounts] == [None, *(note for note, _ in missing)]


async def test_a_trouble_that_is_not_ours_is_forgotten(old: OldDatabase) -> None:
    await old.post()
    await old.watch(1, "Somebody else's words.")
    await old.account(1, "Somebody else's words.")

    await old.upgrade("0006")

    assert [row["trouble"] for row in await old.rows("watch")] == [None]
    assert [row["trouble"] for row in await old.rows("account_watch")] == [None]


async def test_outcomes_become_words_and_names_again(old: OldDatabase) -> None:
    async def log(action: str, outcome: str) -> None:
        about = {"guild_id": GUILD, "member_id": MEMBER, "account": "a", "post_id": POST}
        await old.add("action_log", at=old.now, action=action, outcome=outcome, **about)

    for action, outcome, _ in OUTCOMES:
        await log(action, outcome)
    await log("like", "SomethingThatIsNoMore")

    await old.upgrade()

    words = [row["outcome"] for row in await old.rows("action_log")]
    assert words == [*(word for _, _, word in OUTCOMES), ActionOutcome.FAILED]
    # A clock that is off was no outcome of its own, and every server was served.
    later = {ActionOutcome.CLOCK_OFF, ActionOutcome.NOT_SERVED}
    assert set(words) == set(ActionOutcome) - later

    await old.downgrade()

    names = [row["outcome"] for row in await old.rows("action_log")]
    assert names == [*(name for _, name, _ in OUTCOMES), "LikecordError"]

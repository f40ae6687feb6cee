"""What the bot wrote into the tables until 0005, and what it is since."""

from decimal import Decimal

from bot.domain import ActionOutcome, Missing, WatchKind
from bot.domain.notices import (
    AccountShown,
    BudgetWarning,
    LikersHidden,
    Notice,
    PostShown,
    WatchEnded,
)
from bot.domain.troubles import AccountMissing, DeliveryTrouble, PostMissing

_TOLD = "In 3 days, 4 likes announced by name; 1,006 likes in all."
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
TOLD = [("notice", *each) for each in NOTICES] + [("summary", *each) for each in SUMMARIES]
LIST_ENDED = f"{_TOLD} X shows at most 100 names a post."
NOT_OURS = "Somebody else's words."
MISSING = [
    (note, notice.why)
    for note, notice in NOTICES
    if isinstance(notice, AccountMissing) and notice.username == "Twitter"
]

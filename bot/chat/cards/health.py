"""Whether all is well in a server and, of what is not, the worst first, with what to do."""

from enum import IntEnum

from bot.chat.cards.budgets import paused_lines
from bot.chat.cards.numbers import ago, counted
from bot.domain import Status, Verdict, VerdictKind
from bot.domain.notices import LikesTooDear
from bot.domain.usage import MonthSoFar

_THINGS = {
    VerdictKind.LINKED_ACCOUNTS: "linked account",
    VerdictKind.POSTS: "watched post",
    VerdictKind.ACCOUNTS: "watched account",
    VerdictKind.CHANNELS: "channel",
}
_VERDICTS = {
    VerdictKind.OWN_KEYS: "**X has refused my keys since {since}**: three times in a minute it did "
    "not know who I am. I ask it again every five minutes. If it goes on, the person who runs me "
    "must make new ones.",
    VerdictKind.APP_KEY: "**X has refused this app's bearer token since {since}**, three times in "
    "a minute. I ask it again every five minutes. If it goes on, the person who runs me must make "
    "a new one.",
    VerdictKind.LINKED_ACCOUNTS: "**X has refused {things} since {since}**. I try again once a "
    "day, and when its owner uses `/account status`.",
    VerdictKind.POSTS: "**X has not shown {things} since {since}**. `/watch list` says why. What "
    "comes back goes on by itself.",
    VerdictKind.ACCOUNTS: "**X has not shown the posts of {things} since {since}**. `/watch list` "
    "says why. What comes back goes on by itself.",
    VerdictKind.CHANNELS: "**I have not been able to announce in {things} since {since}**, and "
    "ask X nothing for it. `/watch list` says what is missing; I go on by myself when it is "
    "mended.",
}
_BUDGETS = {
    True: ("this server's budget", "Raise it to have them announced (`/config budget`)"),
    False: ("my budget", "The person who runs me can raise `MONTHLY_BUDGET_USD`"),
}
_NOTHING_WATCHED = "Nothing is watched yet. Start with `/watch add`."
_NOTHING_WRONG = "What is watched here is looked at, and each new like is announced."


class HealthLevel(IntEnum):
    """How bad it is: red is that nothing new is announced in the server."""

    GREEN = 0
    AMBER = 1
    RED = 2


def health_of(status: Status) -> tuple[HealthLevel, list[str]]:
    """Return how bad it is, and a line for each trouble, the worst first; one where all is well."""
    troubles = sorted(_troubles(status), key=lambda trouble: -trouble[0])
    if troubles:
        return troubles[0][0], [sentence for _, sentence in troubles]
    return HealthLevel.GREEN, [_NOTHING_WRONG if status.watches else _NOTHING_WATCHED]


def _troubles(status: Status) -> list[tuple[HealthLevel, str]]:
    """Return every trouble; of those that are as bad, the one that explains the others first."""
    problem = [f"**{status.problem}**"] if status.problem else []
    found = [(HealthLevel.RED, sentence) for sentence in (*problem, *paused_lines(status.month))]
    found += [(_level_of(verdict, status), _sentence(verdict)) for verdict in status.verdicts]
    if status.too_dear is not None and not status.month.is_paused:
        found.append((HealthLevel.AMBER, _too_dear(status.too_dear, status.month)))
    if status.likes_waiting and status.likers_again_at is not None:
        found.append((HealthLevel.AMBER, _window_used_up(status)))
    if status.set_aside:
        found.append((HealthLevel.AMBER, _set_aside(status.set_aside)))
    return found


def _level_of(verdict: Verdict, status: Status) -> HealthLevel:
    match verdict.kind:
        case VerdictKind.OWN_KEYS:
            return HealthLevel.RED if status.is_home else HealthLevel.AMBER
        case VerdictKind.APP_KEY:
            # With it alone guests' servers are looked at.
            reads_all = status.app_only or not status.is_home
            return HealthLevel.RED if reads_all else HealthLevel.AMBER
        case VerdictKind.CHANNELS:
            return HealthLevel.RED if verdict.count >= status.channels else HealthLevel.AMBER
        case _:
            return HealthLevel.AMBER


def _sentence(verdict: Verdict) -> str:
    """Say what X was found not to accept or to show, or what is shut, and how that ends."""
    things = counted(verdict.count, _THINGS.get(verdict.kind, ""))
    return _VERDICTS[verdict.kind].format(since=ago(verdict.since), things=things)


def _too_dear(likes: LikesTooDear, month: MonthSoFar) -> str:
    whose, who_raises = _BUDGETS[likes.of_server]
    return (
        f"**{counted(likes.likes, 'like')} wait for money**: to see who they are from costs more "
        f"than is left of {whose} this month. {who_raises}; else I announce them "
        f"{ago(month.ends_at)}, when the next month begins."
    )


def _window_used_up(status: Status) -> str:
    opens = ago(status.likers_again_at) if status.likers_again_at else ""
    return (
        f"**{counted(status.likes_waiting, 'like')} wait for X**, which lets me read likers again "
        f"{opens}. Nothing is to be done: they are announced then."
    )


def _set_aside(count: int) -> str:
    refused = counted(count, "announcement")
    return (
        f"**Discord refused {refused} for good**. I told why when it happened, and `/watch list` "
        "says where."
    )

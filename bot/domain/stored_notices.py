"""Notices as the database keeps them, and back: a word for the kind, its facts as JSON.

Here and not beside the outbox, because who keeps the budgets announces too.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from bot.domain.money import in_micro_usd, in_usd
from bot.domain.notices import (
    AccountShown,
    AnnouncementRefused,
    BotBudgetSpent,
    BudgetWarning,
    ChannelClosed,
    KeysNotAccepted,
    LikersHidden,
    LikesTooDear,
    ListStalled,
    Notice,
    PostShown,
    ServerBudgetSpent,
    WatchEnded,
    WatchesFull,
)
from bot.domain.posts import Missing
from bot.domain.troubles import AccountMissing, DeliveryTrouble, PostMissing
from bot.domain.watches import WatchKind

Facts = dict[str, Any]

# What is written here stays: there are rows with it.
_KINDS: Mapping[type[Notice], str] = {
    PostMissing: "post_missing",
    PostShown: "post_shown",
    LikersHidden: "likers_hidden",
    ListStalled: "list_stalled",
    AccountMissing: "account_missing",
    AccountShown: "account_shown",
    BudgetWarning: "budget_warning",
    ServerBudgetSpent: "server_budget_spent",
    BotBudgetSpent: "bot_budget_spent",
    LikesTooDear: "likes_too_dear",
    ChannelClosed: "channel_shut",
    KeysNotAccepted: "keys_not_accepted",
    WatchesFull: "watches_full",
    AnnouncementRefused: "announcement_refused",
    WatchEnded: "watch_ended",
}
_VALUES: Mapping[str, Callable[[Facts], Notice]] = {
    "post_missing": lambda facts: PostMissing(Missing(facts["why"])),
    "post_shown": lambda _: PostShown(),
    "likers_hidden": lambda _: LikersHidden(),
    "list_stalled": lambda _: ListStalled(),
    "account_missing": lambda facts: AccountMissing(facts["username"], Missing(facts["why"])),
    "account_shown": lambda facts: AccountShown(facts["username"]),
    "budget_warning": lambda facts: BudgetWarning(*_sums(facts)),
    "server_budget_spent": lambda facts: ServerBudgetSpent(*_sums(facts)),
    "bot_budget_spent": lambda _: BotBudgetSpent(),
    "likes_too_dear": lambda facts: LikesTooDear(**facts),
    "channel_shut": lambda facts: ChannelClosed(facts["channel_id"], DeliveryTrouble(facts["why"])),
    "keys_not_accepted": lambda _: KeysNotAccepted(),
    "watches_full": lambda facts: WatchesFull(**facts),
    "announcement_refused": lambda facts: AnnouncementRefused(**facts),
    "watch_ended": lambda facts: WatchEnded(**{**facts, "kind": WatchKind(facts["kind"])}),
}


def stored_notice(notice: Notice) -> tuple[str, Facts]:
    """Return the kind and the facts to store."""
    if isinstance(notice, BudgetWarning | ServerBudgetSpent):
        facts: Facts = {
            "spent_micro_usd": in_micro_usd(notice.spent_usd),
            "budget_micro_usd": in_micro_usd(notice.budget_usd),
        }
    else:
        facts = asdict(notice)
    return _KINDS[type(notice)], facts


def notice_value(kind: str, facts: Facts | None) -> Notice:
    return _VALUES[kind](facts or {})


def _sums(facts: Facts) -> tuple[Decimal, Decimal]:
    return in_usd(facts["spent_micro_usd"]), in_usd(facts["budget_micro_usd"])

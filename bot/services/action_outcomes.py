"""What came of a like or an unlike that failed, by the error that says so."""

from bot.domain import ActionOutcome
from bot.domain.errors import (
    AccountSuspended,
    BudgetSpent,
    ClockOff,
    CredentialRefused,
    GuestNotServed,
    GuildBudgetSpent,
    InvalidForX,
    LikecordError,
    LikingRefused,
    NoCredential,
    NotInPlan,
    PermissionMissing,
    PostNotFound,
    PostNotShown,
    RateLimited,
    Refused,
    UnlikingRefused,
    UsageCapped,
    XUnavailable,
    XUnreadable,
)

_OUTCOMES: dict[type[BaseException], ActionOutcome] = {
    LikingRefused: ActionOutcome.NOT_IN_PLAN,
    UnlikingRefused: ActionOutcome.NOT_IN_PLAN,
    NotInPlan: ActionOutcome.NOT_IN_PLAN,
    PermissionMissing: ActionOutcome.READ_ONLY,
    Refused: ActionOutcome.REFUSED,
    AccountSuspended: ActionOutcome.ACCOUNT_SUSPENDED,
    CredentialRefused: ActionOutcome.CREDENTIAL_REFUSED,
    PostNotFound: ActionOutcome.POST_NOT_FOUND,
    PostNotShown: ActionOutcome.POST_NOT_SHOWN,
    RateLimited: ActionOutcome.RATE_LIMITED,
    UsageCapped: ActionOutcome.USAGE_CAPPED,
    InvalidForX: ActionOutcome.INVALID,
    XUnavailable: ActionOutcome.UNAVAILABLE,
    XUnreadable: ActionOutcome.UNREADABLE,
    ClockOff: ActionOutcome.CLOCK_OFF,
    NoCredential: ActionOutcome.NO_CREDENTIAL,
    BudgetSpent: ActionOutcome.BUDGET_SPENT,
    GuildBudgetSpent: ActionOutcome.GUILD_BUDGET_SPENT,
    GuestNotServed: ActionOutcome.NOT_SERVED,
}


def outcome_of(error: LikecordError) -> ActionOutcome:
    """Return the outcome that an error stands for, or else what it is a kind of."""
    known = (_OUTCOMES[kind] for kind in type(error).__mro__ if kind in _OUTCOMES)
    return next(known, ActionOutcome.FAILED)

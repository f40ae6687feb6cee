"""What X's 403 is about: the app, the account, or the one post or user that was asked for."""

from collections.abc import Callable, Mapping

from bot.domain import Missing
from bot.domain.errors import (
    AccountSuspended,
    LikersNotShown,
    LikingRefused,
    NotInPlan,
    PermissionMissing,
    PostNotFound,
    PostNotShown,
    PostsOfUserNotShown,
    Refused,
    UnlikingRefused,
    UserNotShown,
    XError,
    XNotFound,
)
from bot.x.limits import Endpoint

# Not a type of X's: it tells of a suspended account in words, or by an old code.
ACCOUNT_SUSPENDED = "account-suspended"
RATE_LIMIT_EXCEEDED = "rate-limit-exceeded"
# Nor is this: the time that a request was signed with is too far from X's.
TIMESTAMP_REFUSED = "timestamp-out-of-bounds"
# Codes of X's first API, which still come from some parts of it.
OLD_CODES: Mapping[int, str] = {
    64: ACCOUNT_SUSPENDED,  # the account is suspended
    88: RATE_LIMIT_EXCEEDED,
    135: TIMESTAMP_REFUSED,
    261: "oauth1-permissions",  # the app may not write
    326: ACCOUNT_SUSPENDED,  # the account is locked until its owner signs in
    453: "client-forbidden",  # the endpoint is not part of the access level
}

_KINDS: Mapping[str, type[Refused]] = {
    ACCOUNT_SUSPENDED: AccountSuspended,
    "client-forbidden": NotInPlan,
    "oauth1-permissions": PermissionMissing,
}
# Whatever is asked for, X gives the same answer: it is not the post's or the user's.
_ABOUT_US = (AccountSuspended, NotInPlan, PermissionMissing)
# X says no more than "Forbidden", which may be about this one post or user alone.
_UNNAMED = frozenset({"", "about:blank"})
_GONE = frozenset({"resource-not-found"})
_NOT_SHOWN = frozenset(
    {"disallowed-resource", "not-authorized-for-resource", "resource-unavailable"}
)
# Only whoever X counts as the author, or as the user, is shown these likes.
_NOT_YOURS = _UNNAMED | {"not-authorized-for-resource", "unsupported-authentication"}


def refusal(problem: str) -> Refused:
    """Return the error for a type of problem, fresh from X or remembered."""
    return _KINDS.get(problem, Refused)(problem)


def is_about_the_resource(error: Refused) -> bool:
    """Say whether X surely means the one post or user: no other credential changes that."""
    return error.problem in _GONE | _NOT_SHOWN


def teaches(error: Refused) -> bool:
    """Say whether a refusal is about the endpoint, so that asking again today is in vain.

    An account can be unlocked any minute, and then works at once; so does one that was too fast.
    """
    return not (
        is_about_the_resource(error)
        or error.problem in _UNNAMED
        or error.problem == RATE_LIMIT_EXCEEDED
        or isinstance(error, AccountSuspended)
    )


def post_missing(why: Missing) -> XError:
    """Return the error for a post that X names as missing."""
    return PostNotFound() if why is Missing.DELETED else PostNotShown()


def why_no_likers(error: Refused) -> XError:
    """Return why X does not list who likes a post."""
    return _why(error, private=LikersNotShown, gone=PostNotFound, not_shown=PostNotShown)


def why_no_liked_posts(error: Refused) -> XError:
    """Return why X does not list what a user likes."""
    return _why(error, private=UserNotShown, gone=XNotFound, not_shown=UserNotShown)


def why_no_posts(error: Refused | XNotFound) -> XError:
    """Return why X does not list what a user posts."""
    if isinstance(error, XNotFound) or error.problem in _GONE:
        return PostsOfUserNotShown(Missing.DELETED)
    return PostsOfUserNotShown(Missing.PROTECTED) if is_about_the_resource(error) else error


def why_not_liked(error: Refused, endpoint: Endpoint, post_id: int) -> XError:
    """Return why X did not make a like, or did not take it back: the endpoint says which."""
    if isinstance(error, NotInPlan):
        taken_back = endpoint is Endpoint.UNLIKE
        return UnlikingRefused(post_id) if taken_back else LikingRefused(post_id)
    if error.problem in _GONE:
        return PostNotFound()
    return PostNotShown() if error.problem in _NOT_SHOWN else error


def _why(
    error: Refused,
    *,
    private: Callable[[], XError],
    gone: Callable[[], XError],
    not_shown: Callable[[], XError],
) -> XError:
    if isinstance(error, _ABOUT_US):
        return error
    if error.problem in _NOT_YOURS:
        return private()
    if error.problem in _GONE:
        return gone()
    return not_shown() if error.problem in _NOT_SHOWN else error

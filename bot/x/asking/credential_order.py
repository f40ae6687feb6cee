"""Which of an account's credentials X is asked with, in which order."""

from bot.x.asking.books import RequestTerms
from bot.x.credentials import Credentials, Principal
from bot.x.limits import Endpoint


def in_order(credentials: Credentials, terms: RequestTerms) -> tuple[Principal, ...]:
    """Return the ways to ask for this, the one that X shows most to first: the user, the app.

    Only a user likes, and is somebody; only the app has a cap.
    """
    principals = credentials.principals()
    if terms.action is not None or terms.endpoint is Endpoint.ME:
        return tuple(principal for principal in principals if principal.user is not None)
    if terms.endpoint is Endpoint.USAGE:
        return tuple(principal for principal in principals if principal.user is None)
    return principals

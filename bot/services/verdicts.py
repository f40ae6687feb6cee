"""What X was found not to accept or not to show any more, and which channels are shut."""

from collections.abc import Mapping
from datetime import datetime

from bot.domain import Verdict, VerdictKind
from bot.x.credentials import APP
from storage.server_figures import Figure, HowMany

_COUNTED = {
    VerdictKind.LINKED_ACCOUNTS: Figure.REFUSED_LINKS,
    VerdictKind.POSTS: Figure.MISSING_POSTS,
    VerdictKind.ACCOUNTS: Figure.HIDDEN_ACCOUNTS,
    VerdictKind.CHANNELS: Figure.SHUT_CHANNELS,
}


def verdicts_of(
    keys: Mapping[str, datetime], figures: Mapping[Figure, HowMany]
) -> tuple[Verdict, ...]:
    """Return what stands now, each since the first of its kind; it is taken back by itself.

    `keys` are those accounts of the bot that X refuses, and since when.
    """
    found = [
        Verdict(VerdictKind.APP_KEY if account == APP else VerdictKind.OWN_KEYS, since)
        for account, since in keys.items()
    ]
    for kind, figure in _COUNTED.items():
        count, since = figures[figure]
        if since is not None:
            found.append(Verdict(kind, since, count))
    return tuple(found)

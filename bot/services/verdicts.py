"""What X was found not to accept or not to show any more, and which channels are shut."""

from collections.abc import Mapping

from bot.domain import Verdict, VerdictKind
from storage.server_figures import Figure, HowMany

_COUNTED = {
    VerdictKind.OWN_KEYS: Figure.OWN_KEYS_REFUSED,
    VerdictKind.APP_KEY: Figure.APP_KEY_REFUSED,
    VerdictKind.LINKED_ACCOUNTS: Figure.REFUSED_LINKS,
    VerdictKind.POSTS: Figure.MISSING_POSTS,
    VerdictKind.ACCOUNTS: Figure.HIDDEN_ACCOUNTS,
    VerdictKind.CHANNELS: Figure.SHUT_CHANNELS,
}


def verdicts_of(figures: Mapping[Figure, HowMany]) -> tuple[Verdict, ...]:
    """Return what stands now, each since the first of its kind; it is taken back by itself."""
    found = ((kind, figures.get(figure)) for kind, figure in _COUNTED.items())
    return tuple(
        Verdict(kind, many.since, many.number)
        for kind, many in found
        if many is not None and many.since is not None
    )

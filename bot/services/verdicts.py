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

_OF_A_GUEST = {VerdictKind.LINKED_ACCOUNTS: Figure.REFUSED_LINKS_HERE}


def verdicts_of(figures: Mapping[Figure, HowMany], *, is_home: bool) -> tuple[Verdict, ...]:
    """Return what stands now, each since the first of its kind; it is taken back by itself.

    How many accounts are refused in the whole bot matters at home alone.
    """
    counted = _COUNTED if is_home else {**_COUNTED, **_OF_A_GUEST}
    found = ((kind, figures.get(figure)) for kind, figure in counted.items())
    return tuple(
        Verdict(kind, many.since, many.number)
        for kind, many in found
        if many is not None and many.since is not None
    )

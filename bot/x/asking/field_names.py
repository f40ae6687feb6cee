"""The names of fields and expansions in the two editions of X's API, and how to choose. Pure.

tweepy asks in the names of the older edition (2.165). The newer one (2.167) has renamed some of
them, and knows others no more.
"""

from collections.abc import Collection, Iterator, Mapping
from enum import Enum
from typing import Any

from bot.domain.errors import RefusedName

Parameters = Mapping[str, Any]
"""A request's query, as tweepy writes it: lists are joined by commas."""


class Look(Enum):
    """How a request is worded: in which edition's names, and how much it asks for."""

    AS_ASKED = (False, False)
    NEWER = (True, False)
    SMALLEST = (False, True)
    SMALLEST_NEWER = (True, True)

    @property
    def is_newer(self) -> bool:
        is_newer, _ = self.value
        return is_newer

    @property
    def is_smallest(self) -> bool:
        _, is_smallest = self.value
        return is_smallest


_SUCCESSORS = {"tweet.fields": "post.fields"}
# What the newer edition calls them; None: it has nothing of the kind.
_NEWER: Mapping[tuple[str, str], str | None] = {
    ("user.fields", "affiliation"): None,
    ("user.fields", "most_recent_tweet_id"): None,
    ("user.fields", "pinned_tweet_id"): None,
    ("tweet.fields", "author_id"): None,
    ("tweet.fields", "in_reply_to_user_id"): None,
    ("tweet.fields", "note_tweet"): "note_post",
    ("tweet.fields", "referenced_tweets"): None,
    ("expansions", "pinned_tweet_id"): "pinned_post_id",
    ("expansions", "referenced_tweets.id"): "referenced_posts",
    ("expansions", "referenced_tweets.id.author_id"): None,
}
# Without these an answer would say something else: a post without its counts has no likes.
_ESSENTIAL = {
    "tweet.fields": frozenset({"public_metrics"}),
    "usage.fields": frozenset({"project_cap", "project_usage"}),
}
# What the bot cannot do without: whose a post is, what it is, and how many like it.
_NEEDED = {
    "expansions": frozenset({"author_id"}),
    "tweet.fields": frozenset(
        {"author_id", "non_public_metrics", "public_metrics", "referenced_tweets"}
    ),
    "usage.fields": frozenset({"project_cap", "project_usage"}),
}
_NONE: frozenset[str] = frozenset()


def selects(parameter: str) -> bool:
    """Say whether a parameter chooses what is shown, rather than what it is asked about."""
    return parameter == "expansions" or parameter.endswith(".fields")


def worded(asked: Parameters, look: Look, refused: Collection[RefusedName]) -> dict[str, Any]:
    """Return a request in the names that are left, without what X has no name for."""
    words = {name: value for name, value in asked.items() if not selects(name)}
    # Who knows a parameter by its newer name alone has the newer names of all that is in it too.
    is_newer = look.is_newer or any(RefusedName(name) in refused for name in _SUCCESSORS)
    for parameter in asked.keys() - words.keys():
        needed = _NEEDED.get(parameter, _NONE)
        values = str(asked[parameter]).split(",")
        wanted = [value for value in values if value in needed or not look.is_smallest]
        for place, names in _placed(parameter, wanted, refused, is_newer=is_newer):
            words[place] = ",".join(names)
    return words


def _placed(
    parameter: str, values: Collection[str], refused: Collection[RefusedName], *, is_newer: bool
) -> Iterator[tuple[str, list[str]]]:
    """Yield the parameter that takes the values, with those that it takes; none if none does."""
    essential = [value for value in values if value in _ESSENTIAL.get(parameter, _NONE)]
    for place in _places(parameter, is_newer=is_newer):
        if RefusedName(place) in refused:
            continue
        names = {value: _names_of(parameter, value, place, is_newer=is_newer) for value in values}
        left = {value: _first_left(place, known, refused) for value, known in names.items()}
        kept = {value: name for value, name in left.items() if name is not None}
        if kept and kept.keys() >= set(essential):
            yield place, list(kept.values())
            return
    if essential:
        yield parameter, essential


def _places(parameter: str, *, is_newer: bool) -> tuple[str, ...]:
    successor = _SUCCESSORS.get(parameter)
    if successor is None:
        return (parameter,)
    return (successor,) if is_newer else (parameter, successor)


def _names_of(parameter: str, value: str, place: str, *, is_newer: bool) -> list[str | None]:
    newer = _NEWER.get((parameter, value), value)
    return [newer] if is_newer or place != parameter else [value, newer]


def _first_left(
    place: str, names: Collection[str | None], refused: Collection[RefusedName]
) -> str | None:
    return next((name for name in names if name and RefusedName(place, name) not in refused), None)

"""People on X."""

from collections.abc import Callable

from hypothesis import strategies as st

from bot.domain import Affiliation, User, UserCounts
from tests.chat.drawn.parts import (
    BOTH,
    ID,
    OTHER,
    SOME_COUNT,
    SOME_ID,
    SOME_TIME,
    TEXT,
    USERNAME,
    Handful,
    made,
    tagged,
)
from tests.chat.drawn.texts import awkward, usernames
from tests.chat.samples import LARGEST_ID, WORST_NAME

PICTURES = (None, "https://pbs.example/a.png", "ftp://x", "https://" + "a" * 3000)
COUNTRIES = ((), ("DE",), ("FR", "XX"), ("XX", "DE", "FR") * 5, ("DE", "DE", "FR", "XX") * 10)
TAGS = (0, 0, 1, 3, 60)
_ADDRESSES = (None, "https://x.com/X", "javascript:x", "https://a.example/)x")


def _name(of: Handful) -> str:
    return of.text[:50]


def _counts(of: Handful) -> UserCounts:
    return UserCounts(*of.counts(6))


def _other_counts(of: Handful) -> UserCounts:
    return UserCounts(*reversed(of.counts(6)))


def _affiliated(url: str | None) -> Callable[[Handful], Affiliation]:
    return lambda of: Affiliation(of.other, url)


def _brief(picture: str | None, name: str | None) -> Callable[[Handful], User]:
    return lambda of: User(of.id, of.username, name or of.other[:50], picture)


# Those who are told of in an announcement, by name and picture.
BRIEF_USERS = [_brief(picture, name) for picture in PICTURES for name in (None, WORST_NAME)]


def _brief_user(text: str, username: str, number: int) -> User:
    number, which = divmod(number, len(BRIEF_USERS))
    return BRIEF_USERS[which](Handful("", text, username, number))


brief_users = st.builds(_brief_user, awkward, usernames, st.integers(0, LARGEST_ID - 1))
users = made(
    tagged(User, "description", "links"),
    tags=TAGS,
    id=[ID],
    username=[USERNAME],
    name=[_name, WORST_NAME],
    profile_image_url=PICTURES,
    verified_type=[None, "none", "blue", "business", "government", "else"],
    protected=BOTH,
    verified=BOTH,
    identity_verified=BOTH,
    parody=BOTH,
    verified_followers=SOME_COUNT,
    subscription=[None, TEXT, OTHER],
    description=[TEXT, OTHER, "*" * 1_000],
    created_at=SOME_TIME,
    location=[None, TEXT, OTHER, "*" * 500],
    website=[None, TEXT, OTHER, "https://a.example/" + "a" * 500],
    counts=[None, _counts, _other_counts],
    affiliation=[None, *map(_affiliated, _ADDRESSES)],
    withheld_in=COUNTRIES,
    banner_url=PICTURES,
    pinned_post_id=SOME_ID,
    most_recent_post_id=SOME_ID,
)

"""What a reading saw of X's list of likers, held against the likes that are stored. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain import User, UsersPage
from bot.domain.page_sizes import MAX_LIKERS_A_PAGE
from bot.watching.post_state.state import LikesState, Reading
from storage.likes import KnownLike, NewLike
from storage.models import ListOrder


@dataclass(frozen=True, slots=True)
class Listing:
    """The likers that X listed, in its order, and whether to the end of its list.

    It begins at the top, unless the reading went on where an earlier one had ended.
    """

    users: tuple[User, ...] = ()
    whole: bool = False
    from_top: bool = True
    own: bool = False

    def with_page(self, page: UsersPage) -> "Listing":
        """Return the listing with one more page; nobody is in it twice."""
        seen = {user.id for user in self.users}
        more = {user.id: user for user in page.users if user.id not in seen}
        return replace(self, users=(*self.users, *more.values()), whole=page.next_token is None)


@dataclass(frozen=True, slots=True)
class Compared:
    """A listing with what is known of it: newest like first, whatever X's order is."""

    reading: Reading
    order: ListOrder | None
    newest_first: tuple[User, ...]
    known: Mapping[int, KnownLike]

    def likes(self, places: int, news: int, doubtful: int) -> tuple[list[NewLike], dict[int, int]]:
        """Return the likes to store, the oldest first, and who has liked again at which place.

        `places` is the highest place so far. After the newest `news` of the new ones come those
        who are doubtful.
        """
        unknown = [user.id for user in self.newest_first if user.id not in self.known]
        doubted = set(unknown[news : news + doubtful])
        new: list[NewLike] = []
        again: dict[int, int] = {}
        highest = -1
        for user in reversed(self.newest_first):
            like = self.known.get(user.id)
            if like is None:
                places += 1
                new.append(NewLike(user.id, places, user.id in doubted))
            elif like.place < highest or like.gone_at is not None:
                places += 1
                again[user.id] = places
            else:
                highest = like.place
        return new, again

    def covered(self, *, whole: bool) -> tuple[int, int] | None:
        """Return between which places everybody who likes the post was seen."""
        if whole:
            return (0, 2**31 - 1)
        places = [like.place for like in self.known.values() if like.gone_at is None]
        if not places:
            return None
        if self.order is ListOrder.OLDEST_FIRST:
            return (min(places), max(places))
        return (min(places), 2**31 - 1)


def compare(
    listing: Listing,
    known: Mapping[int, KnownLike],
    began: LikesState,
    order: ListOrder | None,
) -> Compared:
    """Hold a listing against what is stored of these users' likes."""
    order = order or _order_shown(listing, known, began)
    users = listing.users
    if order is ListOrder.OLDEST_FIRST:
        users = users[::-1]
    elif began.older and began.read_at is not None:
        # Farther down than was ever read are people who liked before the watch began.
        users = _down_to_the_last_known(users, known)
    reading = Reading(
        shown=len(users),
        new=sum(user.id not in known for user in users),
        recent=sum(like.first_seen_at == began.found_at for like in known.values()),
        proven=_proves(listing, users, known, order, began),
        whole=listing.whole and (listing.from_top or order is ListOrder.OLDEST_FIRST),
        own=listing.own,
        beyond=order is ListOrder.OLDEST_FIRST,
    )
    return Compared(reading, order, users, known)


def _order_shown(
    listing: Listing, known: Mapping[int, KnownLike], began: LikesState
) -> ListOrder | None:
    """Return which order the places of those who are new show, if any are and any are known."""
    if began.read_at is None or not known:
        return None
    are_new = [user.id not in known for user in listing.users]
    if not any(are_new):
        return None
    first_new = are_new.index(True)
    if first_new == 0 and not are_new[-1]:
        return ListOrder.NEWEST_FIRST
    # One alone above them may just have liked again; and where no more are listed than were before,
    # those at the end are older than was ever read.
    listed_before = began.collected - began.hidden - began.held_back
    grew = len(listing.users) > listed_before
    if listing.whole and grew and first_new > 1 and all(are_new[first_new:]):
        return ListOrder.OLDEST_FIRST
    return None


def _down_to_the_last_known(
    users: tuple[User, ...], known: Mapping[int, KnownLike]
) -> tuple[User, ...]:
    last = max((index for index, user in enumerate(users) if user.id in known), default=None)
    return users if last is None else users[: last + 1]


def _proves(
    listing: Listing,
    users: Sequence[User],
    known: Mapping[int, KnownLike],
    order: ListOrder | None,
    began: LikesState,
) -> bool:
    """Say whether nobody new is farther down than was read.

    One who is known proves that only where the order shows that they did not just like again: all
    who liked after them stand above, or somebody older comes right behind.
    """
    if order is ListOrder.OLDEST_FIRST:
        return listing.whole
    nobody_new = all(user.id in known for user in users)
    if order is None and nobody_new and len(users) < how_far(began):
        return False  # The list may begin with the oldest: its other end may show them.
    above: list[int] = []
    for index, user in enumerate(users):
        like = known.get(user.id)
        if like is None or like.gone_at is not None:
            continue
        if all(later.id in known for later in users[index:]):
            newer_seen = sum(place > like.place for place in above)
            if newer_seen >= like.newer or _is_followed(users, index, known):
                return True
        above.append(like.place)
    return False


def how_far(began: LikesState) -> int:
    """Return how many likers to look through, before it is said that nobody new is listed.

    A page at first. Before a list is given up, all of it, unless that is more than another page.
    """
    if not began.pending:
        return 0
    if began.missing_since is None:
        return MAX_LIKERS_A_PAGE
    gives_up = began.rises > 1 and began.stalled_at is not None
    if gives_up and 0 < began.older <= MAX_LIKERS_A_PAGE:
        return 2 * MAX_LIKERS_A_PAGE + began.pending
    return 0


def _is_followed(users: Sequence[User], index: int, known: Mapping[int, KnownLike]) -> bool:
    """Say whether right behind stands somebody whose like is known to be older."""
    if index + 1 >= len(users):
        return False
    return known[users[index + 1].id].place < known[users[index].id].place

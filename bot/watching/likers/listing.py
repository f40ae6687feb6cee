"""What a reading saw of X's list of likers, held against the likes that are stored. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain import User, UsersPage
from bot.domain.page_sizes import MAX_LIKERS_A_PAGE
from bot.watching.post_state.state import LikesState, Reading
from storage.likes import KnownLike, NewLike
from storage.models import ListOrder

# Pages in a row that bring nobody who was not on an earlier one.
_BARREN_PAGES = 2
# Above the newest stand few who have just liked again, among all who are known.
_FEW = 10
_HIGHEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Listing:
    """The likers that X listed, in its order, and whether to the end of its list.

    It begins at the top, unless the reading went on where an earlier one had ended. The last
    `barren` pages showed nobody but whom those before had shown.
    """

    users: tuple[User, ...] = ()
    whole: bool = False
    from_top: bool = True
    own: bool = False
    barren: int = 0

    @property
    def leads_nowhere(self) -> bool:
        """Whether the last pages brought nobody: X may name them as the next ones for ever."""
        return self.barren >= _BARREN_PAGES

    def with_page(self, page: UsersPage) -> "Listing":
        """Return the listing with one more page; nobody is in it twice."""
        seen = {user.id for user in self.users}
        more = {user.id: user for user in page.users if user.id not in seen}
        return replace(
            self,
            users=(*self.users, *more.values()),
            whole=page.next_token is None,
            barren=0 if more else self.barren + 1,
        )


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
        """Return between which places everybody who likes the post was seen.

        A list that ends behind a full page, with somebody known, may have ended there for that. Of
        one that may begin with the oldest, who liked again stands at the other end.
        """
        if whole and (self.reading.cut or len(self.newest_first) < MAX_LIKERS_A_PAGE):
            return (0, _HIGHEST)
        places = [like.place for like in self.known.values() if like.gone_at is None]
        if not places or not (whole or self.order is ListOrder.NEWEST_FIRST):
            return None
        return (min(places), _HIGHEST)


def compare(
    listing: Listing,
    known: Mapping[int, KnownLike],
    began: LikesState,
    order: ListOrder | None,
    behind: int = 0,
) -> Compared:
    """Hold a listing against what is stored of these users' likes.

    When the list was last read to its end, so many stood `behind` all that are known.
    """
    order = order or _order_shown(listing, known, began, behind)
    users = listing.users
    if order is ListOrder.OLDEST_FIRST:
        users = users[::-1]
    elif order is None and began.older and began.read_at is not None and listing.whole:
        # At which end those are who are new is not known yet; the next like shows it.
        users = tuple(user for user in users if user.id in known)
    elif began.read_at is not None and (began.older or len(users) >= MAX_LIKERS_A_PAGE):
        # Farther down than was ever read are people who liked before the watch began.
        users = users[: _number_down_to_known(users, known)]
    reading = Reading(
        shown=len(users),
        new=sum(user.id not in known for user in users),
        recent=sum(_is_recent(like, began) for like in known.values()),
        moves=any(_is_new_to_list(known.get(user.id), began) for user in users),
        proven=_proves(listing, users, known, order, began),
        whole=listing.whole and (listing.from_top or order is ListOrder.OLDEST_FIRST),
        own=listing.own,
        beyond=order is ListOrder.OLDEST_FIRST,
        cut=len(listing.users) - len(users),
    )
    return Compared(reading, order, users, known)


def _is_recent(like: KnownLike, began: LikesState) -> bool:
    """Say whether a like may be one that was found beyond the count."""
    is_pushed = began.pushed_place is not None and like.place > began.pushed_place
    return like.first_seen_at == began.found_at or (began.surplus > 0 and is_pushed)


def _is_new_to_list(like: KnownLike | None, began: LikesState) -> bool:
    """Say whether X's list may show a like for the first time: nobody knew it, or it was pushed."""
    if like is None or (began.pushed_place is not None and like.place > began.pushed_place):
        return True
    return began.read_at is not None and like.first_seen_at > began.read_at


def _order_shown(
    listing: Listing, known: Mapping[int, KnownLike], began: LikesState, behind: int
) -> ListOrder | None:
    """Return which order the places of those who are new show, if any are and others are not."""
    if began.read_at is None:
        return None
    are_new = [_is_new_to_list(known.get(user.id), began) for user in listing.users]
    if all(are_new) or not any(are_new):
        return None
    first_new = are_new.index(True)
    if first_new * _FEW < len(are_new) - sum(are_new):
        return ListOrder.NEWEST_FIRST
    # One alone above them may just have liked again.
    if not listing.whole or first_new == 1 or not all(are_new[first_new:]):
        return None
    if began.older:
        # Those at the end may all be older than was ever read, until more of them come.
        return ListOrder.OLDEST_FIRST if 0 < behind < sum(are_new) else None
    # Where no more are listed than were before, those at the end are older, too.
    listed_before = began.collected - began.hidden - began.held_back
    return ListOrder.OLDEST_FIRST if len(are_new) > listed_before else None


def _number_down_to_known(users: Sequence[User], known: Mapping[int, KnownLike]) -> int:
    """Return how many there are down to the last of those who are known, if any are."""
    return max((n for n, user in enumerate(users, 1) if user.id in known), default=len(users))


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
    if order is None and nobody_new and began.pending:
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

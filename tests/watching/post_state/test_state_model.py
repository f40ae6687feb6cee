"""What counts and readings come to, in a model of X in which anything happens at any moment."""

import os
from dataclasses import dataclass
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.domain import WatchKind
from bot.watching.post_state.looking_again import LOOKS, SOON
from tests.cases import in_turn
from tests.watching.model import START, PostOnX, Watcher

USERS = st.integers(0, 11)
SOME = st.lists(USERS, max_size=4, unique=True)
# Nobody, a few less than a page, and more than one.
CROWDS = st.sampled_from([0, 0, 97, 130])
BEGUN = START + timedelta(minutes=30)
QUIET_S = 1_200


@dataclass(frozen=True)
class Drawn:
    """What a post is like when its watch begins, as far as a case of this X makes use of it."""

    hidden: frozenset[int]
    first: list[int]
    crowd: int
    lag_s: int
    oldest_first: bool


class AnythingHappens(RuleBasedStateMachine):
    """People like, unlike and like again between any two requests, also within a reading."""

    unlikes = False

    @initialize(
        drawn=st.builds(
            Drawn,
            hidden=st.frozensets(USERS, max_size=4),
            first=SOME,
            crowd=CROWDS,
            lag_s=st.integers(1, 100),
            oldest_first=st.booleans(),
        )
    )
    def begin(self, drawn: Drawn) -> None:
        self.begin_as(drawn)

    def begin_as(self, drawn: Drawn) -> None:
        # Of longer lists than a page the next likes show where they begin.
        crowd = min(drawn.crowd, 90) if drawn.oldest_first else drawn.crowd
        post = PostOnX(drawn.hidden, oldest_first=drawn.oldest_first)
        self.begin_on(post, drawn.first, crowd)

    def begin_on(self, post: PostOnX, first: list[int], crowd: int) -> None:
        """Begin to watch a post that a crowd likes, whose names are read at once."""
        self.post = post
        post.like(*range(1_000, 1_000 + crowd))
        post.now = BEGUN
        post.like(*first)
        self.watcher = Watcher(post, unlikes=self.unlikes)
        self.read_first()

    def read_first(self) -> None:
        self.watcher.look()

    def change(self, likes: list[int], unlikes: list[int]) -> None:
        if self.may_like():
            self.post.like(*likes)
        if self.may_unlike():
            self.post.unlike(*unlikes)

    def may_like(self) -> bool:
        return True

    def may_unlike(self) -> bool:
        return True

    @rule(likes=SOME)
    def people_like(self, likes: list[int]) -> None:
        self.change(likes, [])

    @rule(unlikes=SOME)
    def people_unlike(self, unlikes: list[int]) -> None:
        self.change([], unlikes)

    @rule(user=USERS)
    def somebody_likes_again(self, user: int) -> None:
        self.change([], [user])
        self.change([user], [])

    @rule(seconds=st.integers(1, 15))
    def wait(self, seconds: int) -> None:
        self.pass_time(seconds)

    def pass_time(self, seconds: int) -> None:
        self.watcher.wait(seconds)

    @rule(seconds=st.integers(1, 15))
    def round(self, seconds: int) -> None:
        self.pass_time(seconds)
        self.watcher.round()

    @rule(minutes=st.integers(1, 20))
    def stand_still(self, minutes: int) -> None:
        """Nobody counts or reads meanwhile: the bot is stopped, or X is away.

        It is known by then whom the list held back when the watch began.
        """
        learnt_at = BEGUN + timedelta(minutes=3)
        self.watcher.rest(max(0.0, (learnt_at - self.post.now).total_seconds()), step=15)
        self.be_away(60 * minutes)

    def be_away(self, seconds: int) -> None:
        self.watcher.wait(seconds)

    @rule()
    def probe(self) -> None:
        self.watcher.probe()

    @precondition(lambda self: self.watcher.is_due or self.watcher.is_due_deeper)
    @rule(between=st.tuples(SOME, SOME), meanwhile=st.tuples(SOME, SOME), is_probed=st.booleans())
    def read(
        self,
        between: tuple[list[int], list[int]],
        meanwhile: tuple[list[int], list[int]],
        *,
        is_probed: bool,
    ) -> None:
        def after_it() -> None:
            self.change(*meanwhile)
            if is_probed:
                self.watcher.probe()

        self.watcher.read(
            deep=not self.watcher.is_due,
            between=lambda: self.change(*between),
            meanwhile=after_it,
        )

    @invariant()
    def nobody_is_announced_twice(self) -> None:
        assert max(self.watcher.told.announced.values(), default=0) <= 1

    @invariant()
    def nobody_who_liked_before_is_announced(self) -> None:
        assert not self.watcher.old & self.watcher.announced.keys()

    @invariant()
    def names_stay_names(self) -> None:
        """Only people whom X never lists can make it look as if it listed nobody any more."""
        if self.post.hidden:
            return
        assert self.watcher.state.kind in (WatchKind.PENDING, WatchKind.NAMES)
        assert not self.watcher.told.growths

    @invariant()
    def nobody_is_told_gone_who_never_left(self) -> None:
        unliked = {user for _, user, liked in self.post.changes if not liked}
        assert self.watcher.told.gone.keys() <= unliked

    def teardown(self) -> None:
        if not hasattr(self, "watcher"):
            return
        self.watcher.rest(60)
        self.watcher.rest(QUIET_S, step=40)
        if not self.watcher.told.growths:
            # A like that an unlike made up for before the count was read leaves no trace in it. Who
            # is listed still after they unliked looks like the one who is counted.
            assert len(self.watcher.untold) <= self.watcher.masked + self.post.listed_after_unlike
        self.watcher.requests = 0
        self.watcher.rest(QUIET_S, step=40)
        assert not self.watcher.requests, "a quiet post is read again and again"
        self.nobody_is_announced_twice()
        self.nobody_who_liked_before_is_announced()
        self.names_stay_names()


class EverythingIsCounted(AnythingHappens):
    """Between two counts there are only likes, or only unlikes: then nothing at all is missed."""

    def may_like(self) -> bool:
        return self.watcher.may_like

    def may_unlike(self) -> bool:
        return self.watcher.may_unlike


class TheListIsLate(AnythingHappens):
    """What the list held back when the watch began is told from what came since.

    Only not where, until it is listed, somebody takes their like back or likes and is hidden: the
    count says nothing of who that is. It takes a look in between, too.
    """

    def begin_as(self, drawn: Drawn) -> None:
        # So that the first page shows how many are held back.
        post = PostOnX(drawn.hidden, list_lag_s=min(drawn.lag_s, 14))
        self.begin_on(post, drawn.first, min(drawn.crowd, 75))

    def change(self, likes: list[int], unlikes: list[int]) -> None:
        if self.post.now < BEGUN + timedelta(minutes=3):
            likes, unlikes = [user for user in likes if user not in self.post.hidden], []
        if self.post.now < BEGUN + SOON and self.post.list_lag_s >= LOOKS[0].total_seconds():
            likes = []
        super().change(likes, unlikes)

    def pass_time(self, seconds: int) -> None:
        self.watcher.rest(seconds, step=1)

    def be_away(self, seconds: int) -> None:
        super().be_away(seconds)
        self.watcher.rest(LOOKS[-1].total_seconds(), step=15)


class TheListIsVeryLate(AnythingHappens):
    """Whoever the list shows late is named all the same."""

    def begin_as(self, drawn: Drawn) -> None:
        self.begin_on(PostOnX(drawn.hidden, list_lag_s=drawn.lag_s), [], drawn.crowd)


class EachLikeIsLateByItself(AnythingHappens):
    """Who liked after somebody may be listed before them: whoever is late is named all the same."""

    def begin_as(self, drawn: Drawn) -> None:
        late = {user: (user * drawn.lag_s) % 290 for user in range(6)}
        post = PostOnX(drawn.hidden, late_s=late)
        self.begin_on(post, [], drawn.crowd)


class TheCountIsLate(AnythingHappens):
    def begin_as(self, drawn: Drawn) -> None:
        post = PostOnX(drawn.hidden, count_lag_s=min(drawn.lag_s, 55))
        self.begin_on(post, drawn.first, drawn.crowd)


class TheNewestHundredAreListed(AnythingHappens):
    def begin_as(self, drawn: Drawn) -> None:
        self.begin_on(PostOnX(drawn.hidden, listing="newest"), drawn.first, drawn.crowd)


class TheFirstHundredAreListed(AnythingHappens):
    """Where it ends, the list is followed by its count."""

    def begin_as(self, drawn: Drawn) -> None:
        self.begin_on(PostOnX(drawn.hidden, listing="first"), drawn.first, drawn.crowd)

    def names_stay_names(self) -> None:
        pass


class UnlikesAreTold(AnythingHappens):
    unlikes = True


class UnlikesOfTheNewestHundredAreTold(TheNewestHundredAreListed):
    unlikes = True


class LongListsMayBeginWithTheOldest(AnythingHappens):
    """Where a list that is longer than a page begins with the oldest, the next likes show it."""

    def begin_as(self, drawn: Drawn) -> None:
        self.begin_on(PostOnX(oldest_first=True), drawn.first, 130)

    def may_unlike(self) -> bool:
        return False

    def teardown(self) -> None:
        for user in (100, 101, 102):
            self.post.like(user)
            self.watcher.rest(600, step=40)
        super().teardown()


MACHINES = [
    AnythingHappens,
    EverythingIsCounted,
    TheListIsLate,
    TheListIsVeryLate,
    EachLikeIsLateByItself,
    TheCountIsLate,
    TheNewestHundredAreListed,
    TheFirstHundredAreListed,
    UnlikesAreTold,
    UnlikesOfTheNewestHundredAreTold,
    LongListsMayBeginWithTheOldest,
]


SEARCHES_LONG = os.environ.get("LIKECORD_LONG") == "1"


@in_turn("machine", MACHINES)
def test_whatever_happens(machine: type[AnythingHappens]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=settings().max_examples // 5,
            # The same ones each time; the long search is for others.
            derandomize=not SEARCHES_LONG,
            database=None,
            stateful_step_count=20,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )

"""What a count and a reading change, in a model of X in which anything happens at any moment."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.watching.model import PostOnX, Watcher

USERS = st.integers(0, 11)
SOME = st.lists(USERS, max_size=4, unique=True)


class AnythingHappens(RuleBasedStateMachine):
    """People like, unlike and like again between any two requests, also within a reading."""

    @initialize(hidden=st.frozensets(USERS, max_size=4), first=SOME)
    def begin(self, hidden: frozenset[int], first: list[int]) -> None:
        self.post = PostOnX(hidden)
        self.watcher = Watcher(self.post)
        self.change(first, [])
        self.watcher.probe()

    def change(self, likes: list[int], unlikes: list[int]) -> None:
        for user in likes if self.may_like() else ():
            self.post.like(user)
        for user in unlikes if self.may_unlike() else ():
            self.post.unlike(user)

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

    @rule()
    def probe(self) -> None:
        self.watcher.probe()

    @precondition(lambda self: self.watcher.has_pending)
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

        self.watcher.read(between=lambda: self.change(*between), meanwhile=after_it)

    @invariant()
    def nobody_is_announced_twice(self) -> None:
        assert max(self.watcher.announced.values(), default=0) <= 1

    def teardown(self) -> None:
        if not hasattr(self, "watcher"):
            return
        for _ in range(2):
            self.watcher.round()
        # A like that an unlike made up for before the count was read leaves no trace in it.
        assert len(self.watcher.missing) <= self.watcher.masked
        requests = self.watcher.requests
        for _ in range(3):
            self.watcher.round()
        assert self.watcher.requests == requests, "a quiet post is read again and again"
        self.nobody_is_announced_twice()


class EverythingIsCounted(AnythingHappens):
    """Between two counts there are only likes, or only unlikes: then nothing at all is missed."""

    def may_like(self) -> bool:
        return self.post.taken == 0

    def may_unlike(self) -> bool:
        return self.post.given == 0


TestAnythingHappens = AnythingHappens.TestCase
TestEverythingIsCounted = EverythingIsCounted.TestCase
TestAnythingHappens.settings = TestEverythingIsCounted.settings = settings(
    max_examples=settings().max_examples // 2,
    stateful_step_count=30,
    suppress_health_check=[HealthCheck.too_slow],
)

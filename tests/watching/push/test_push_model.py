"""Push and polling together, in a model in which events come late, twice, in another order, never.

What holds for counts and readings alone holds here: nobody is missed, and nobody told twice.
"""

import os
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from bot.accounts.which_account import Access
from bot.domain import User
from bot.domain.push import PushEvent, PushKind
from bot.watching.push.coverage import Coverage
from bot.watching.push.store_events import PushedLikes
from bot.x.x_time import XTime
from storage.models import Watch
from storage.told_watches import ToldWatches
from tests.watching.in_memory import LikesInMemory, NoUsers, Told
from tests.watching.model import POST, PostOnX, Watcher, at_once
from tests.watching.post_state.test_state_model import USERS, AnythingHappens

AUTHOR = 1
PEOPLE = st.lists(USERS, min_size=1, max_size=4, unique=True)
SEARCHES_LONG = os.environ.get("LIKECORD_LONG") == "1"


class PushedInMemory(PushedLikes):
    """Stores what is pushed where the watcher keeps what it reads."""

    def __init__(self, watcher: Watcher, coverage: Coverage) -> None:
        now: Any = lambda: watcher.post.now  # noqa: E731 -- it is typed so
        nothing: Any = None
        own: Any = SimpleNamespace(user_id=AUTHOR)
        access = Access(own)
        super().__init__(nothing, access, XTime(now), coverage)
        self._watcher = watcher
        began = watcher.post.now
        watch = Watch(id=1, guild_id=1, channel_id=1, post_id=POST, created_by=1, created_at=began)
        self._told = ToldWatches([watch], frozenset())

    def push(self, events: list[PushEvent]) -> None:
        row, nothing = self._watcher.row, None
        if row.collected_at is None:
            return
        row.pushed_at = self._watcher.post.now
        likes = self._likes_of(events, self._watcher.post.now)
        session: Any = nothing
        at_once(self._store(session, row, self._told, likes))

    def _likes(self, _session: object) -> LikesInMemory:
        return self._watcher.storing.likes

    def _users(self, _session: object) -> NoUsers:
        return NoUsers()

    def _writer(self, *_: object) -> Told:
        return self._watcher.told


class PushAndPolling(AnythingHappens):
    """Each like has an event, which is on its way until it comes, or is lost."""

    tells_count = False

    def begin_on(self, post: PostOnX, first: list[int], crowd: int) -> None:
        self.flying: list[PushEvent] = []
        self.coverage = Coverage(lambda: post.now)
        super().begin_on(post, first, crowd)
        self.watcher.coverage = self.coverage
        self.pushed = PushedInMemory(self.watcher, self.coverage)
        self.coverage.subscribed([AUTHOR])
        self.coverage.opened("stream")

    def change(self, likes: list[int], unlikes: list[int]) -> None:
        before = self.post.likes
        super().change(likes, [])
        for user in likes:
            if user not in before and user in self.post.likes:
                self.flying.append(self.event(user))
        super().change([], unlikes)

    def event(self, user: int) -> PushEvent:
        return PushEvent(
            PushKind.LIKE,
            key=f"{self.post.likes[user]:032x}",
            account_id=AUTHOR,
            post_id=POST,
            liker=User(user, f"user{user}", "Ada"),
            at=self.post.now,
            like_count=len(self.post.likes) if self.tells_count else None,
        )

    @rule(likes=PEOPLE, comes=st.integers(0, 4), times=st.integers(1, 2))
    def people_like_and_some_of_it_comes(self, likes: list[int], comes: int, times: int) -> None:
        self.change(likes, [])
        self.some_come(comes, times, in_order=True)

    @precondition(lambda self: self.flying)
    @rule(comes=st.integers(1, 4), times=st.integers(1, 2), in_order=st.booleans())
    def some_come(self, comes: int, times: int, *, in_order: bool) -> None:
        """The newest come, in either order; what comes twice comes again later."""
        some = self.flying[-comes:] if comes else []
        if self.coverage.is_open and some:
            self.pushed.push(some if in_order else some[::-1])
        if times == 1:
            self.flying = [event for event in self.flying if event not in some]

    @precondition(lambda self: self.flying)
    @rule(user=USERS)
    def one_is_lost(self, user: int) -> None:
        self.flying.pop(user % len(self.flying))

    @rule()
    def the_stream_ends_or_opens(self) -> None:
        if self.coverage.is_open:
            self.coverage.closed("stream")
            self.flying.clear()
        else:
            self.coverage.opened("stream")


class EventsTellTheCount(PushAndPolling):
    tells_count = True


@pytest.mark.parametrize("machine", [PushAndPolling, EventsTellTheCount])
def test_whatever_comes(machine: type[PushAndPolling]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=settings().max_examples // 5,
            derandomize=not SEARCHES_LONG,
            database=None,
            stateful_step_count=20,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )

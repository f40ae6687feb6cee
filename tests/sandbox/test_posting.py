"""The account posts anew where X's lists of likers end, and only there."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Literal

import pytest

from sandbox.posting import keep_posting, with_room
from sandbox.x.server import XSandbox
from sandbox.x.world.rows import Post
from sandbox.x.world.seed import TWITTER_DEV


class Posting:
    """An account with one watched post, and whoever has its new posts watched."""

    def __init__(self) -> None:
        self.world = XSandbox().world
        self.post = self.world.posts_by(TWITTER_DEV)[0]
        self.watched = {str(self.post.id)}
        self.heard: asyncio.Queue[Post] = asyncio.Queue()

    async def watch(self, post: Post) -> None:
        self.watched.add(str(post.id))
        self.heard.put_nowait(post)

    def like(self, times: int) -> None:
        for _ in range(times):
            self.world.like(self.post, self.world.make_up_user())


async def _looked() -> None:
    """Let the account look at all that has happened: it waits only where nothing has."""
    await asyncio.sleep(0)


@pytest.fixture
async def posting() -> AsyncIterator[Posting]:
    started = Posting()
    running = keep_posting(started.world, TWITTER_DEV, lambda: started.watched, started.watch)
    task = asyncio.create_task(running)
    await _looked()
    yield started
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def test_it_posts_before_the_first_hundred_are_full(posting: Posting) -> None:
    posting.world.settings.listing = "first_100"
    posting.like(80)
    new = await posting.heard.get()
    assert new.author_id == TWITTER_DEV
    assert with_room(posting.world, [posting.post, new]) == [posting.post, new]
    posting.like(20)
    assert with_room(posting.world, [posting.post, new]) == [new]


@pytest.mark.parametrize("listing", ["all", "newest_100"])
async def test_a_list_that_never_ends_has_always_room(
    posting: Posting, listing: Literal["all", "newest_100"]
) -> None:
    posting.world.settings.listing = listing
    posting.like(120)
    await _looked()
    assert with_room(posting.world, [posting.post]) == [posting.post]
    assert posting.heard.empty()
    # Now there is something to post for, and a change of the settings is told as well.
    posting.world.settings.listing = "first_100"
    posting.world.settings_changed()
    assert (await posting.heard.get()).like_count == 0

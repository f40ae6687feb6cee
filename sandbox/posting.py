"""The account posts anew before X lists no more likers of its watched posts, where that ends."""

from collections.abc import Awaitable, Callable, Collection, Iterable
from itertools import cycle

from sandbox.x.world.listing import room
from sandbox.x.world.rows import Post
from sandbox.x.world.state import World

# When X will list fewer people than that, the account posts again.
_ROOM = 40
_TEXTS = (
    "The recording of today's talk is up. Thank you for all the questions!",
    "What should we build next? We read every answer.",
    "Small release today: quicker start, clearer messages, two old bugs less.",
    "Behind the scenes: how a picture finds its way into a post.",
    "We are looking for people to try something new. Interested?",
)

Watch = Callable[[Post], Awaitable[None]]


def with_room(world: World, posts: Iterable[Post]) -> list[Post]:
    """Return the posts of which X would still list one more liker."""
    return [post for post in posts if room(post, world.settings) > 0]


async def keep_posting(
    world: World, author_id: int, watched: Callable[[], Collection[str]], watch: Watch
) -> None:
    """Post whenever the author's watched posts are nearly full, and have the new one watched."""
    texts = cycle(_TEXTS)
    async with world.events.listen() as news:
        while True:
            mine = [post for post in world.posts_by(author_id) if str(post.id) in watched()]
            if sum(room(post, world.settings) for post in mine) < _ROOM:
                await watch(_post(world, author_id, next(texts)))
            await anext(news)


def _post(world: World, author_id: int, text: str) -> Post:
    post_id = world.free_id(world.posts)
    return world.add_post(Post(post_id, author_id, text, world.clock.now()))

"""The account posts anew before the places that X has for likers run out on its watched posts."""

from collections.abc import Awaitable, Callable, Collection, Iterable
from itertools import cycle

from sandbox.x.world.rows import Post
from sandbox.x.world.state import LISTED_LIKERS, World

# With fewer places left the account posts again.
_ROOM = 40
_TEXTS = (
    "The recording of today's talk is up. Thank you for all the questions!",
    "What should we build next? We read every answer.",
    "Small release today: quicker start, clearer messages, two old bugs less.",
    "Behind the scenes: how a picture finds its way into a post.",
    "We are looking for people to try something new. Interested?",
)

Watch = Callable[[Post], Awaitable[None]]


def with_room(posts: Iterable[Post]) -> list[Post]:
    """Return the posts on which X still shows one more liker."""
    return [post for post in posts if len(post.seats) < LISTED_LIKERS]


async def keep_posting(
    world: World, author_id: int, watched: Callable[[], Collection[str]], watch: Watch
) -> None:
    """Post whenever the author's watched posts are nearly full, and have the new one watched."""
    texts = cycle(_TEXTS)
    async with world.events.listen() as news:
        while True:
            mine = [post for post in world.posts_by(author_id) if str(post.id) in watched()]
            if sum(LISTED_LIKERS - len(post.seats) for post in mine) < _ROOM:
                await watch(_post(world, author_id, next(texts)))
            await anext(news)


def _post(world: World, author_id: int, text: str) -> Post:
    post_id = world.free_id(world.posts)
    return world.add_post(Post(post_id, author_id, text, world.clock.now()))

"""The four Likes endpoints."""

from sandbox.x.access.charges import Charge, Resource
from sandbox.x.access.tokens import App
from sandbox.x.api.gate import Answer, Call
from sandbox.x.api.pages import BadToken, Page, page
from sandbox.x.api.paths import path_id
from sandbox.x.api.query import bad_value
from sandbox.x.api.values import ID
from sandbox.x.problems import Fault, Sought, invalid_request, liking_refused, plain
from sandbox.x.world.rows import Like, Post
from sandbox.x.world.state import World

_EMPTY = Answer(meta={"result_count": 0})


class LikesApi:
    def __init__(self, world: World, app: App) -> None:
        self._world = world
        self._app = app

    def liking_users(self, call: Call) -> Answer:
        """List who likes a post; while likes are private, for its author alone."""
        post_id = path_id(call, "id")
        post = call.reader.find_post(Sought("tweet", "id", str(post_id)))
        if post is None:
            return Answer()
        if not self._is_public and call.caller.user_id != post.author_id:
            return _EMPTY
        settings = self._world.settings
        likes = self._world.likers(post, settings.list_lag_s, settings.list_jitter_s)
        # A token leads on in the order in which it was made, and in no other.
        list_name = f"liking_users {post_id} {settings.list_order}"
        is_rising = settings.list_order == "oldest_first"
        found = _page(likes, call, list_name, is_rising=is_rising)
        users = [self._world.users[like.user_id] for like in found.items]
        return Answer(call.reader.users(users) or None, found.meta)

    def liked_posts(self, call: Call) -> Answer:
        """List what somebody likes; while likes are private, for themselves alone."""
        user_id = path_id(call, "id")
        if not self._is_public and call.caller.user_id != user_id:
            raise plain(403, "Forbidden", "You are not permitted to see the likes of this user.")
        user = self._world.users.get(user_id)
        if call.reader.find_user(user, Sought("user", "id", str(user_id))) is None:
            return Answer()
        readable = [like for like in self._world.liked_by(user_id) if self._may_read(like, call)]
        found = _page(readable, call, f"liked_tweets {user_id}")
        posts = [self._world.posts[like.post_id] for like in found.items]
        is_own = call.caller.user_id == user_id == self._app.owner_id
        resource = Resource.OWNED_READ if is_own else Resource.POST_READ
        return Answer(call.reader.posts(posts, resource) or None, found.meta)

    def like(self, call: Call) -> Answer:
        self._admit(call)
        post = call.reader.find_post(Sought("tweet", "tweet_id", _tweet_id(call.body)))
        if post is None:
            return Answer()
        self._world.like(self._original(post), self._world.users[path_id(call, "id")])
        return Answer({"liked": True}, charges=(Charge(Resource.LIKE),))

    def unlike(self, call: Call) -> Answer:
        """Take a like back; that there was none is no error."""
        self._admit(call)
        post = self._world.posts.get(path_id(call, "tweet_id"))
        if post is not None:
            self._world.unlike(self._original(post), self._world.users[path_id(call, "id")])
        return Answer({"liked": False}, charges=(Charge(Resource.UNLIKE),))

    def _original(self, post: Post) -> Post:
        """Return which post is liked: a repost has no likes of its own."""
        found = (ref.id for ref in post.references if ref.type == "retweeted")
        return self._world.posts.get(next(found, post.id), post)

    @property
    def _is_public(self) -> bool:
        return self._world.settings.likers == "public"

    def _may_read(self, like: Like, call: Call) -> bool:
        author = self._world.author(self._world.posts[like.post_id])
        return call.reader.may_read_posts_of(author)

    def _admit(self, call: Call) -> None:
        if path_id(call, "id") != call.caller.user_id:
            raise plain(403, "Forbidden", "You are not permitted to perform this action.")
        if self._world.settings.liking == "refused":
            raise liking_refused(self._app.id)


def _page(likes: list[Like], call: Call, list_name: str, *, is_rising: bool = False) -> Page[Like]:
    values = call.query.values
    token = values["pagination_token"]
    try:
        return page(
            likes,
            lambda like: -like.sequence if is_rising else like.sequence,
            size=values["max_results"],
            token=token,
            list_name=list_name,
        )
    except BadToken as error:
        raise invalid_request([bad_value("pagination_token", token)]) from error


def _tweet_id(body: dict[str, object]) -> str:
    tweet_id = body.get("tweet_id")
    faults = [
        Fault(
            f"$.{name}: is not defined in the schema and the schema does not allow "
            "additional properties"
        )
        for name in body
        if name != "tweet_id"
    ]
    if tweet_id is None:
        faults.append(Fault("$.tweet_id: is missing but it is required"))
    elif not isinstance(tweet_id, str):
        faults.append(Fault("$.tweet_id: string expected"))
    elif not ID.fullmatch(tweet_id):
        faults.append(Fault("$.tweet_id: does not match the regex pattern ^[0-9]{1,19}$"))
    if faults:
        raise invalid_request(faults)
    return str(tweet_id)

"""Posts: by ID, by many IDs, by author."""

from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.x.access.charges import Resource
from sandbox.x.access.tokens import App
from sandbox.x.api.gate import Answer, Call
from sandbox.x.api.pages import BadToken, page
from sandbox.x.api.paths import path_id
from sandbox.x.api.query import bad_value
from sandbox.x.problems import Sought, invalid_request
from sandbox.x.world.rows import Post
from sandbox.x.world.state import World


class PostsApi:
    def __init__(self, world: World, app: App) -> None:
        self._world = world
        self._app = app

    def by_ids(self, call: Call) -> Answer:
        sought = (Sought("tweet", "ids", value) for value in call.query.values["ids"])
        posts = [post for each in sought if (post := call.reader.find_post(each)) is not None]
        return Answer(call.reader.posts(posts) or None)

    def by_id(self, call: Call) -> Answer:
        post = call.reader.find_post(Sought("tweet", "id", str(path_id(call, "id"))))
        return Answer() if post is None else Answer(call.reader.posts([post])[0])

    def by_user(self, call: Call) -> Answer:
        """List somebody's posts, newest first."""
        user_id = path_id(call, "id")
        sought = Sought("user", "id", str(user_id))
        user = call.reader.find_user(self._world.users.get(user_id), sought)
        if user is None:
            return Answer()
        if not call.reader.may_read_posts_of(user):
            call.reader.errors.append(sought.not_authorized())
            return Answer()
        values = call.query.values
        posts = list(_chosen(self._world.posts_by(user_id), values))
        token = values["pagination_token"]
        try:
            found = page(
                posts,
                lambda post: post.id,
                size=values["max_results"],
                token=token,
                list_name=f"tweets {user_id}",
            )
        except BadToken as error:
            raise invalid_request([bad_value("pagination_token", token)]) from error
        is_own = call.caller.user_id == user_id == self._app.owner_id
        resource = Resource.OWNED_READ if is_own else Resource.POST_READ
        return Answer(
            call.reader.posts(found.items, resource) or None, found.meta | _ends(found.items)
        )


def _ends(posts: Iterable[Post]) -> dict[str, str]:
    ids = [post.id for post in posts]
    return {"newest_id": str(max(ids)), "oldest_id": str(min(ids))} if ids else {}


def _chosen(posts: Iterable[Post], values: Mapping[str, Any]) -> Iterable[Post]:
    """Apply the timeline's filters; an ID takes precedence over the time of its side."""
    since_id, until_id = values["since_id"], values["until_id"]
    start = None if since_id is not None else values["start_time"]
    end = None if until_id is not None else values["end_time"]
    return (
        post
        for post in posts
        if (since_id is None or post.id > since_id)
        and (until_id is None or post.id < until_id)
        and (start is None or post.created_at >= start)
        and (end is None or post.created_at < end)
        and not _excluded(post, values["exclude"])
    )


def _excluded(post: Post, exclude: frozenset[str]) -> bool:
    is_repost = any(reference.type == "retweeted" for reference in post.references)
    is_reply = post.in_reply_to_user_id is not None
    return ("replies" in exclude and is_reply) or ("retweets" in exclude and is_repost)

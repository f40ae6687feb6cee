"""Each thing that the client asks of X, once."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from bot.x.client import XClient
from tests.x.clients import ME

POST = 1354143047324299264
# What X's own tokens look like is X's affair: this one needs escaping.
PAGE = "7140:dibo~hjgk+l/x== &%20"

CALLS: dict[str, Callable[[XClient], Awaitable[object]]] = {
    "counts": lambda client: client.counts([20, POST]),
    "post": lambda client: client.post(POST),
    "whole_post": lambda client: client.whole_post(POST),
    "author_metrics": lambda client: client.author_metrics(POST),
    "liking_users": lambda client: client.likes.liking_users(POST, max_results=5, token=PAGE),
    "liked_posts": lambda client: client.likes.liked_posts(ME, max_results=5, token=PAGE),
    "user_by_username": lambda client: client.user_by_username("TwitterDev"),
    "profile": lambda client: client.profile("TwitterDev"),
    "me": lambda client: client.me(),
    "own_posts": lambda client: client.own_posts(until_id=POST),
    "posts_since": lambda client: client.posts_since(ME, 20, replies=False, reposts=False),
    "like": lambda client: client.likes.like(POST),
    "unlike": lambda client: client.likes.unlike(POST),
}
# Only the app is told.
CALLS_OF_THE_APP: dict[str, Callable[[XClient], Awaitable[object]]] = {
    "posts_left": lambda client: client.posts_left(),
    "posts_counted": lambda client: client.posts_counted(datetime.now(UTC).date()),
}

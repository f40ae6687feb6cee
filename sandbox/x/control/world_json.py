"""The world as the control calls show it: everything, hidden things too."""

from dataclasses import asdict
from typing import Any

from sandbox.x.api.attached_json import picture_url
from sandbox.x.api.post_json import rendered
from sandbox.x.api.user_json import avatar_url
from sandbox.x.world.rows import Post, User
from sandbox.x.world.snowflake import x_time
from sandbox.x.world.state import World


def world_view(world: World, origin: str) -> dict[str, Any]:
    posts = sorted(world.posts.values(), key=lambda post: post.id, reverse=True)
    return {
        "now": world.clock.time(),
        "settings": asdict(world.settings),
        "users": [user_view(user, origin) for user in world.users.values()],
        "posts": [post_view(world, post, origin) for post in posts],
    }


def user_view(user: User, origin: str) -> dict[str, Any]:
    return {
        "id": str(user.id),
        "username": user.username,
        "name": user.name,
        "created_at": x_time(user.created_at),
        "description": user.description,
        "location": user.location,
        "profile_image_url": avatar_url(user, origin),
        "protected": user.protected,
        "suspended": user.suspended,
        "deactivated": user.deactivated,
        "verified": user.verified,
    }


def post_view(world: World, post: Post, origin: str) -> dict[str, Any]:
    """Show a post with all its likers, newest first; `visible` ones are those X lists.

    Of those that were `pushed` X has told whoever reads its stream.

    Counts and lists are here as they will be once nothing is late any more.
    """
    author = world.author(post)
    listed = {like.user_id for like in world.likers(post)}
    return {
        "id": str(post.id),
        "url": f"https://x.com/{author.username}/status/{post.id}",
        "author_id": str(author.id),
        "author_username": author.username,
        "author_name": author.name,
        "text": post.text,
        "rendered_text": rendered(world, post).text,
        "note": post.note,
        "created_at": x_time(post.created_at),
        "pictures": [picture_url(media, origin) for media in post.media],
        "poll": [asdict(option) for option in post.poll.options] if post.poll else None,
        "like_count": post.like_count,
        "likers": [
            {
                "user_id": str(like.user_id),
                "username": world.users[like.user_id].username,
                "name": world.users[like.user_id].name,
                "profile_image_url": avatar_url(world.users[like.user_id], origin),
                "at": like.at,
                "visible": like.user_id in listed,
                "pushed": like.user_id in post.pushed,
            }
            for like in reversed(post.likes.values())
        ],
    }

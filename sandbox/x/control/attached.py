"""Reads what hangs on users and posts out of control calls."""

from datetime import timedelta
from itertools import zip_longest

from sandbox.x.control import orders
from sandbox.x.control.orders import BadOrder, Raw, read_all
from sandbox.x.world.rows import Affiliation, Media, Place, Poll, PollOption, Post
from sandbox.x.world.state import World

_MEDIA: dict[str, orders.ReadValue] = {
    "type": orders.one_of("photo", "video", "animated_gif"),
    "width": orders.an_int,
    "height": orders.an_int,
    "alt_text": orders.a_string,
    "duration_ms": orders.an_int,
    "view_count": orders.an_int,
}
_AFFILIATION: dict[str, orders.ReadValue] = {
    "description": orders.a_string,
    "url": orders.a_string,
    "user_id": orders.an_id,
}
_PLACE: dict[str, orders.ReadValue] = {
    "id": orders.a_string,
    "full_name": orders.a_string,
    "country": orders.a_string,
    "country_code": orders.a_string,
    "place_type": orders.one_of("poi", "neighborhood", "city", "admin", "country"),
}


def media(post: Post, raw: list[Raw]) -> tuple[Media, ...]:
    return tuple(
        Media(key=f"3_{post.id + index}", **read_all(each, _MEDIA))
        for index, each in enumerate(raw, start=1)
    )


def poll(world: World, post: Post, raw: Raw) -> Poll:
    """Read `{options: [label], votes?: [count], duration_minutes?}`."""
    labels = raw.get("options")
    votes = raw.get("votes", [])
    minutes = orders.an_int(raw.get("duration_minutes", 1440))
    if not isinstance(labels, list) or not 2 <= len(labels) <= 4 or not 5 <= minutes <= 10_080:
        raise BadOrder("poll: 2 to 4 options and 5 to 10080 duration_minutes are needed")
    if not isinstance(votes, list):
        raise BadOrder(f"poll: {votes!r} is not a list of votes")
    return Poll(
        id=world.free_id(world.posts, post.created_at) + 1,
        options=tuple(
            PollOption(orders.a_string(label), orders.an_int(count))
            for label, count in zip_longest(labels, votes[: len(labels)], fillvalue=0)
        ),
        duration_minutes=minutes,
        ends_at=post.created_at + timedelta(minutes=minutes),
    )


def place(raw: Raw) -> Place:
    """Read `{id, full_name, …}`."""
    if not {"id", "full_name"} <= raw.keys():
        raise BadOrder("place: id and full_name are needed")
    return Place(**read_all(raw, _PLACE))


def affiliation(raw: Raw) -> Affiliation:
    """Read `{description, …}`."""
    if "description" not in raw:
        raise BadOrder("affiliation: description is needed")
    return Affiliation(**read_all(raw, _AFFILIATION))

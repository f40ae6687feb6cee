"""What an announcement says: who likes a post, in whose name, and how many there are."""

from collections.abc import Iterable, Iterator, Sequence

from bot.chat import text
from bot.chat.cards.display_rules import newer_version, seen_on_x
from bot.chat.cards.facts import many_followers, user_marks
from bot.chat.cards.numbers import counted, number
from bot.chat.cards.posts import post_line, post_link
from bot.domain import Announcement, AnnouncementType, Post, User
from bot.domain.announcements import Recognition
from bot.domain.styles import WatchStyle
from bot.domain.wording import put_in

NOT_SHOWN = "X does not show who they are."
# A like is worth a word when it is somebody's so manieth.
_ROUND = frozenset({10, 25, 50, 100, 250, 500, 1_000})
_MAX_NAME = 40
_LEAST_SMALL = 40  # characters for the count below
_DOES = {
    AnnouncementType.LIKES: "liked",
    AnnouncementType.LEFT: "no longer likes",
}
_DO = {**_DOES, AnnouncementType.LEFT: "no longer like"}


def people_text(announcement: Announcement, post: Post, most_line: int, limit: int) -> str:
    """Say who likes a post, then the post in a line that leads to it, then the count, small.

    What is worth saying of the likers is added as far as it fits into `limit`.
    """
    line = post_line(post, most_line)
    whole = _people(announcement, post, line, limit)
    # Nothing is quoted where there is no room to say where that is from.
    is_short = not line or text.length(whole) <= limit
    return whole if is_short else _people(announcement, post, "", limit)


def _people(announcement: Announcement, post: Post, line: str, limit: int) -> str:
    does = (_DOES if announcement.told == 1 else _DO)[announcement.type]
    head = f"{_names(announcement)} {does} {_by_whom(post, line)}"
    body = "\n".join(filter(None, [head, line]))
    source = _source(post) if line else ""
    if announcement.template and line and announcement.type is AnnouncementType.LIKES:
        own = put_in(announcement.template, _fields(announcement, post, line))
        room = limit - _LEAST_SMALL - text.length(source)
        body = own if own.strip() and text.length(own) <= room else body
    small = _small(announcement, source, limit - text.length(body) - 1)
    return f"{body}\n{small}" if small else body


def growth_text(announcement: Announcement, post: Post, most_line: int) -> str:
    """Say how a count grew where names are not shown."""
    before, after = announcement.from_count, announcement.like_count
    line = post_line(post, most_line)
    if before is None:
        facts = counted(after, "like")
        head = f"**{withheld(announcement)}** on {_by_whom(post, line)}"
    else:
        facts = f"{number(before)} → {number(after)} likes"
        grown = counted(after - before, "new like") if after > before else "Likes changed"
        head = f"**{grown}** on {_by_whom(post, line)}"
    small = f"-# {' · '.join([facts, _source(post)] if line else [facts])}"
    return "\n".join(filter(None, [head, line, small]))


def _source(post: Post) -> str:
    """Return where what is quoted of a post is from, as X wants it."""
    return " · ".join(filter(None, [seen_on_x(post), newer_version(post)]))


def _by_whom(post: Post, line: str) -> str:
    """Return "a post by @name"; it leads to the post where no `line` of its text does."""
    if not line:
        return post_link(post)
    return f"a post by {text.handle_link(post.author.username)}" if post.author else "a post"


def withheld(announcement: Announcement) -> str:
    """Return what is told where names are not shown: not even how many they were."""
    return "Likes taken back" if announcement.type is AnnouncementType.LEFT else "New likes"


def named(announcement: Announcement) -> str:
    """Return how many likes are told of."""
    if announcement.type is AnnouncementType.LEFT:
        return f"{counted(announcement.told, 'like')} taken back"
    return counted(announcement.told, "new like")


def _fields(announcement: Announcement, post: Post, line: str) -> dict[str, str]:
    """Return what the fields of a template stand for, escaped."""
    return {
        "names": _names(announcement),
        "count": number(announcement.like_count),
        "new": number(announcement.told),
        "author": text.handle_link(post.author.username) if post.author else "",
        "post": line,
        "url": f"<{post.url}>",
    }


def _names(announcement: Announcement) -> str:
    likers = announcement.likers
    if not likers:
        return f"**{counted(announcement.more, 'person', 'people')}**"
    if announcement.told == 1:
        handle = text.handle_link(likers[0].username)
        return f"**{text.profile_link(likers[0])}** ({handle})"
    names = [f"**{text.profile_link(liker, _MAX_NAME)}**" for liker in likers]
    if announcement.more:
        return f"{', '.join(names)} and **{number(announcement.more)} more**"
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _small(announcement: Announcement, source: str, room: int) -> str:
    """Return the count, what is worth saying of who liked if there is room, and the `source`."""
    # A card says it above.
    is_said = announcement.style is WatchStyle.CARD and announcement.type is AnnouncementType.LIKES
    said = [] if is_said else [counted(announcement.like_count, "like")]
    for remark in _remarks(announcement):
        if text.length(_small_line(*said, remark, source)) > room:
            break
        said.append(remark)
    return _small_line(*said, source)


def _small_line(*facts: str) -> str:
    shown = " · ".join(filter(None, facts))
    return f"-# {shown}" if shown else ""


def _remarks(announcement: Announcement) -> Iterator[str]:
    if announcement.type is not AnnouncementType.LIKES:
        return
    known = {each.user_id: each for each in announcement.recognitions}
    for liker in announcement.likers:
        said = worth_saying(liker, known.get(liker.id))
        if announcement.told == 1:
            yield from said
        elif said:
            yield f"{text.label(liker.name, _MAX_NAME) or text.handle(liker.username)}: " + (
                ", ".join(said)
            )


def worth_saying(liker: User, like: Recognition | None) -> Sequence[str]:
    """Return what is worth saying of somebody who likes a post, the most telling first."""
    return list(_worth(liker, like))


def _worth(liker: User, like: Recognition | None) -> Iterable[str]:
    if like is not None and like.is_first:
        yield "first like on this post"
    if like is not None and like.nth in _ROUND:
        yield f"their {number(like.nth)}th like this month"
    yield from (mark for mark in user_marks(liker) if mark.startswith("verified"))
    yield from many_followers(liker)

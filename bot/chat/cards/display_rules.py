"""How X wants its posts shown: who wrote them and when, with links, and where to see them on X.

Whoever shows or quotes a post uses these; buttons of ours stand below its block, not in it.
"""

from datetime import UTC

from bot.chat import text
from bot.chat.languages.translator import ENGLISH, Translator
from bot.domain import Post, post_url
from bot.domain.sentences import Sentence

_LEAST_QUOTED = 20
_VIEW = Sentence("View on X")
_NEWER = Sentence("A newer version of this post exists")
_POSTED = Sentence("{day}, {time} UTC")


def seen_on_x(post: Post, say: Translator = ENGLISH) -> str:
    """Return when a post was written, and that it is on X, linked to it there."""
    return text.link(" · ".join(filter(None, [_posted(post, say), say(_VIEW)])), post.url)


def posted_link(post: Post) -> str:
    """Return when a post was written, linked to it: for lists, which have no room for more."""
    return text.link(_posted(post, ENGLISH) or _VIEW, post.url)


def _posted(post: Post, say: Translator) -> str:
    """Return when a post was written, in letters: links of Discord's show no times of its own."""
    if post.created_at is None:
        return ""
    when = post.created_at.astimezone(UTC)
    return say(_POSTED, day=say.day(when), time=f"{when:%H:%M}")


def newer_version(post: Post, say: Translator = ENGLISH) -> str:
    """Return that a post was edited since, with a link to how it is now; nothing if it was not."""
    newer = post.newer_id
    return "" if newer is None else text.link(say(_NEWER), post_url(newer))


def attribution(post: Post, say: Translator = ENGLISH) -> str:
    """Return the small line below what is quoted of a post, with its line break."""
    return f"-# {source(post, say)}\n"


def source(post: Post, say: Translator = ENGLISH) -> str:
    """Return where what is quoted of a post is from, as X wants it."""
    return " · ".join(filter(None, [seen_on_x(post, say), newer_version(post, say)]))


def excerpt(post: Post, limit: int) -> str:
    """Return a quoted line of a post's text with its line break, or nothing."""
    quoted = text.linked_line(post.text, limit)
    return f"> {quoted}\n" if quoted else ""


def quotation(post: Post, limit: int) -> str:
    """Return a quoted line of a post's text, and below it where that is from; or nothing.

    Both take no more than `limit`: nothing is quoted where there is no room to say where from.
    """
    below = attribution(post)
    left = limit - text.length(below)
    quoted = excerpt(post, left) if left >= _LEAST_QUOTED else ""
    return f"{quoted}{below}" if quoted else ""

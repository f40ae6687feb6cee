"""A watched account's new post, as X shows it."""

from typing import Any

from discord import ui

from bot.chat import text
from bot.chat.cards.attached import films, pictures
from bot.chat.cards.card import Accent, beside_picture, frame
from bot.chat.cards.display_rules import source
from bot.chat.cards.facts import warnings
from bot.chat.languages.translator import Translator
from bot.domain import Announcement, Post
from bot.domain.sentences import Sentence

PICTURE_OF = Sentence("Profile picture of {name}")
_MAX_TEXT = 2_000
_NEW_POST = Sentence("A new post")
_POSTED = Sentence("{author} posted")
_DOES = {
    "replied": Sentence("{author} replied"),
    "quoted": Sentence("{author} quoted a post"),
}
_REPOSTED = Sentence("{who} reposted {author}")


def appeared(
    announcement: Announcement, post: Post, say: Translator, *, pictured: bool
) -> ui.Container[Any]:
    """Show who posted what, with its pictures; what acts on it stands below, in no part of it."""
    head = _head(announcement, post, say)
    body = "\n".join(filter(None, [head, text.linked(post.text, post.links, _MAX_TEXT)]))
    facts = " · ".join([*films(post, say), *warnings(post, say), source(post, say)])
    picture = post.author.profile_image_url if post.author and pictured else None
    alt_text = say(PICTURE_OF, name=post.author.name) if post.author else ""
    return frame(
        Accent.PLAIN,
        beside_picture(body, picture, alt_text),
        pictures(post, say) if pictured else None,
        f"-# {facts}",
    )


def _head(announcement: Announcement, post: Post, say: Translator) -> str:
    if post.author is None:
        return text.link(say(_NEW_POST), post.url)
    handle = text.handle_link(post.author.username)
    author = f"**{text.profile_link(post.author)}** ({handle})"
    if announcement.reposted_by:
        return say(_REPOSTED, who=text.handle_link(announcement.reposted_by), author=author)
    return say(_DOES.get(announcement.does, _POSTED), author=author)

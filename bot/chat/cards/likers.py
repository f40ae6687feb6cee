"""A page of the people who like a post."""

from collections.abc import Callable, Sequence

from bot.chat import text
from bot.chat.cards.card import Accent, Button, Card, frame, line, row
from bot.chat.cards.display_rules import quotation
from bot.chat.cards.facts import many_followers, of_repost, user_marks
from bot.chat.cards.hidden import shown_of
from bot.chat.cards.numbers import counted
from bot.chat.cards.posts import open_button, post_link
from bot.domain import Hidden, LikersPage, User

_MAX_LIST = 3_300
_MAX_EXCERPT = 280  # with where it is from


def likers_card(found: LikersPage, *buttons: Button, note: str | None = None) -> Card:
    post = found.post
    likes = counted(post.counts.likes, "like")
    title = "\n".join([f"### Who likes {post_link(post)}", *of_repost(post)])
    head = f"{title}\n{quotation(post, _MAX_EXCERPT)}{likes}"
    shown = frame(Accent.LIKE, head, line(), _people(found), *_remarks(found, note))
    return Card(shown, row(*buttons, open_button(post)))


def _people(found: LikersPage) -> str:
    if found.page.users:
        return people_list(found.page.users)
    if found.hidden is Hidden.PRIVATE:
        return "There are no names to show."
    return "Nobody is shown here." if found.post.counts.likes else "Nobody likes it yet."


def _remarks(found: LikersPage, note: str | None) -> list[str]:
    sentences = [sentence for sentence in (shown_of(found), note) if sentence]
    return ["\n".join(f"-# {sentence}" for sentence in sentences)] if sentences else []


def people_list(users: Sequence[User]) -> str:
    """List people a line each, with less of each the more there are.

    Those who asked not to be named are a number below them.
    """
    named = [user for user in users if user.is_named]
    unnamed = len(users) - len(named)
    others = [f"-# and {unnamed:,} more"] if unnamed else []
    for style in (_full, _linked, _short):
        shown = "\n".join([*(style(user) for user in named), *others])
        if text.length(shown) <= _MAX_LIST:
            return shown
    return _as_many_as_fit(named, _short, unnamed)


def _as_many_as_fit(users: Sequence[User], style: Callable[[User], str], unnamed: int) -> str:
    lines: list[str] = []
    left = _MAX_LIST - text.length("\n-# and 999,999 more")
    for user in users:
        shown = style(user)
        left -= text.length(shown) + 1
        if left < 0:
            break
        lines.append(shown)
    return "\n".join([*lines, f"-# and {len(users) + unnamed - len(lines):,} more"])


def _full(user: User) -> str:
    remarks = [text.handle(user.username), *user_marks(user), *many_followers(user)]
    return f"- {text.profile_link(user)} · {' · '.join(remarks)}"


def _linked(user: User) -> str:
    return f"- {text.profile_link(user, 24)}"


def _short(user: User) -> str:
    return f"- {text.handle(user.username)}"

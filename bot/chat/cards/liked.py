"""A page of the posts that a user likes."""

from bot.chat import text
from bot.chat.cards.card import Accent, Button, Card, card, line, link_button, row
from bot.chat.cards.posts import excerpt, post_link
from bot.chat.cards.words import ago, counted
from bot.domain import LikedPage, Post

_MAX_LIST = 3_500
_MAX_EXCERPT = 200


def liked_card(found: LikedPage, *buttons: Button, note: str | None = None) -> Card:
    user = found.user
    head = f"### Posts that {text.profile_link(user)} likes"
    remarks = [f"-# {note}"] if note else []
    return card(
        Accent.LIKE,
        head,
        line(),
        _posts(found.page.posts),
        *remarks,
        row(*buttons, link_button("Open on X", user.url)),
    )


def _posts(posts: tuple[Post, ...]) -> str:
    if not posts:
        return "X shows no posts here."
    blocks: list[str] = []
    left = _MAX_LIST
    # What each may say of itself shrinks with their number; the fixed part is at most 190.
    limit = max(20, min(_MAX_EXCERPT, _MAX_LIST // len(posts) - 190))
    for shown, post in enumerate(posts):
        block = _post(post, limit)
        left -= text.length(block) + 2
        if left < 0:
            blocks.append(f"-# and {counted(len(posts) - shown, 'more post')}")
            break
        blocks.append(block)
    return "\n\n".join(blocks)


def _post(post: Post, limit: int) -> str:
    posted = f" · {ago(post.created_at)}" if post.created_at else ""
    head = f"{post_link(post)} · {counted(post.counts.likes, 'like')}{posted}"
    return f"{head}\n{excerpt(post, limit)}".rstrip()

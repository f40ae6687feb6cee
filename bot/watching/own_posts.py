"""Which posts are counted as the account's own, on its timeline, and how many of them."""

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.accounts.which_account import Access
from storage.posts import Posts


def is_counted_as_own(access: Access, author_id: int | None) -> bool:
    """Say whether X reads an author's posts to the bot at the lower price."""
    own = access.own
    return own.owns_app and author_id is not None and author_id == own.user_id


async def own_posts_watched(session: AsyncSession, access: Access, *, but: int = 0) -> int:
    """Return how many posts of the bot's account are watched, one of them left out."""
    own_id = access.own.user_id
    return 0 if own_id is None else await Posts(session).watched_by(own_id, but=but)

"""How many of a post's likers are shown, and why not all, in words."""

from bot.chat.cards.numbers import counted, number
from bot.domain import Hidden, LikersPage

_PRIVATE = (
    "X only shows likers to the author: {likes}, none shown. If the author links their X account "
    "with `/account link`, names appear here."
)
# What every list of X's lacks, however long it is.
_NEVER_LISTED = "It counts protected and suspended accounts, and lists none of them."


def shown_of(found: LikersPage) -> str | None:
    """Return which of how many this page shows; nothing where it shows all there are."""
    likes = found.post.counts.likes
    if found.hidden is Hidden.PRIVATE:
        return _PRIVATE.format(likes=counted(likes, "like"))
    if found.hidden is Hidden.SOME:
        return _ended_early(found)
    is_first, is_last = found.before == 0, found.page.next_token is None
    if not found.page.users or (is_first and is_last):
        return None
    # Somebody may have liked the post since its count was read.
    total = number(max(likes, found.until))
    return f"{number(found.before + 1)} to {number(found.until)} of {total}."


def _ended_early(found: LikersPage) -> str:
    shown = number(found.until) if found.until else "none"
    return f"X showed {shown} of {counted(found.post.counts.likes, 'like')}. {_NEVER_LISTED}"

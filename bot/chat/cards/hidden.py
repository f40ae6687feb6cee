"""How many of a post's likers are shown, and why not all, in words."""

from bot.chat.cards.numbers import counted, number
from bot.domain import Hidden, LikersPage
from bot.domain.page_sizes import LIKERS_SHOWN

_PRIVATE = (
    "X hides who likes posts of other accounts: {likes}, none shown. Likes are private since June "
    "2024, and the author lifts that with `/account link`."
)


def shown_of(found: LikersPage) -> str | None:
    """Return which of how many this page shows; nothing where it shows all there are."""
    likes = found.post.counts.likes
    if found.hidden is Hidden.PRIVATE:
        return _PRIVATE.format(likes=counted(likes, "like"))
    is_first, is_last = found.before == 0, found.page.next_token is None
    if found.hidden is None and is_first and is_last:
        return None
    # Somebody may have liked the post since its count was read.
    total = number(max(likes, found.until))
    if found.hidden is Hidden.SOME and found.until == 0:
        return f"None of {total}: they are protected or suspended accounts."
    shown = f"{number(found.until)} of {total}" if is_last else f"{_range(found)} of {total}"
    match found.hidden:
        case Hidden.CEILING:
            return f"{shown}: X shows at most {LIKERS_SHOWN}."
        case Hidden.SOME:
            return f"{shown}: {_the_others(likes - found.until)}."
        case _:
            return f"{_range(found)} of {total}."


def _range(found: LikersPage) -> str:
    return f"{number(found.before + 1)} to {number(found.until)}"


def _the_others(count: int) -> str:
    if count == 1:
        return "the other is a protected or suspended account"
    return "the others are protected or suspended accounts"

"""An announcement of nobody's like, to see how one looks and whether it arrives."""

from bot.chat.cards.card import Accent, Card, frame
from bot.chat.delivery.card import announcement_card
from bot.domain import Announcement, Delivery, Post, PostCounts, User

# X's first post, and X's own account: the links lead somewhere.
_POST = Post(20, "This stands for the post that you watch.", counts=PostCounts(likes=1))
_LIKER = User(783_214, "X", "Somebody")
_KEY = "sample"


def sample_card(remark: str) -> Card:
    """Return what a like will look like, above a remark that it is none."""
    announcement = Announcement(0, None, _POST, (_LIKER,), 1)
    shown = announcement_card(Delivery(_KEY, 0, (announcement,), None))
    shown.add_item(frame(Accent.PLAIN, remark))
    return shown

"""What keeps a watch from telling anything, in words for those who can mend it."""

from bot.chat.cards.notices import delivery_sentence, notice_sentence
from bot.chat.cards.numbers import counted
from bot.domain import AccountWatch, Watch
from bot.domain.troubles import DeliveryTrouble


def trouble_sentence(watch: Watch | AccountWatch) -> str | None:
    """Return what is wrong with a watch; None where nothing is."""
    if watch.trouble is None:
        return None
    if isinstance(watch.trouble, DeliveryTrouble):
        return delivery_sentence(watch.trouble, watch.channel_id)
    return notice_sentence(watch.trouble)


def set_aside_sentence(watch: Watch) -> str | None:
    """Return how many announcements Discord refused for good; None where it took all."""
    if not watch.set_aside:
        return None
    refused = counted(watch.set_aside, "announcement")
    return f"Discord refused {refused}, which I have set aside. The channel says why."

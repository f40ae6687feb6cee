"""What keeps a watch from telling anything, in words for those who can mend it."""

from bot.chat.cards.notices import notice_sentence
from bot.domain import AccountWatch, Watch
from bot.domain.errors import ChannelNotWritable
from bot.domain.troubles import DeliveryTrouble

_CHANNEL_DELETED = (
    "The channel for these announcements is gone. Remove the watch and add it again for another "
    "channel."
)
_REFUSED = (
    "Discord refuses my announcement in <#{channel}>. The person who runs me finds the reason in "
    "my log."
)


def trouble_sentence(watch: Watch | AccountWatch) -> str | None:
    """Return what is wrong with a watch; None where nothing is."""
    if watch.trouble is None:
        return None
    if isinstance(watch.trouble, DeliveryTrouble):
        return _delivery(watch.trouble, watch.channel_id)
    return notice_sentence(watch.trouble)


def _delivery(trouble: DeliveryTrouble, channel_id: int) -> str:
    match trouble:
        case DeliveryTrouble.CHANNEL_DELETED:
            return _CHANNEL_DELETED
        case DeliveryTrouble.REFUSED:
            return _REFUSED.format(channel=channel_id)
        case _:
            return str(ChannelNotWritable(channel_id, trouble))

"""What went wrong, in one sentence."""

from bot.chat.cards.card import Accent, Card, card, open_on_x, row
from bot.chat.cards.posts import like_button
from bot.domain import post_url
from bot.domain.errors import (
    LikecordError,
    LikingRefused,
    NotLinked,
    TransientXError,
    UnlikingRefused,
)


def error_card(sentence: str) -> Card:
    return card(Accent.ERROR, sentence)


def known_error_card(error: LikecordError) -> Card:
    if isinstance(error, LikingRefused):
        return card(Accent.TROUBLE, str(error), row(like_button(error.post_id)))
    if isinstance(error, UnlikingRefused):
        return card(Accent.TROUBLE, str(error), row(open_on_x(post_url(error.post_id))))
    if isinstance(error, TransientXError):
        return card(Accent.TROUBLE, str(error))
    if isinstance(error, NotLinked):
        return card(Accent.PLAIN, str(error))
    return error_card(str(error))

"""What became of a like or an unlike."""

from bot.chat import text
from bot.chat.cards.card import Accent, Card, card, open_on_x, row
from bot.chat.cards.facts import OF_REPOST
from bot.chat.cards.posts import like_button
from bot.domain import LikeDone, post_url


def like_card(done: LikeDone) -> Card:
    """Say what X said, and as whom; X answers the same when nothing changed."""
    account = text.handle(done.account)
    if done.liked:
        return _card(done, Accent.LIKE, f"{account} likes this post now. X confirmed it.")
    return _card(done, Accent.TROUBLE, f"X took the request, but says {account} does not like it.")


def like_on_x_card(post_id: int) -> Card:
    """Lead a member without a linked account to X's own dialog."""
    sentence = (
        "You haven't linked an X account here. Like it on X, or link your account with "
        "`/account link` and press **Like** again."
    )
    return card(Accent.PLAIN, sentence, row(like_button(post_id)))


def unlike_card(done: LikeDone) -> Card:
    account = text.handle(done.account)
    if done.liked:
        return _card(done, Accent.TROUBLE, f"X took the request, but says {account} likes it.")
    return _card(done, Accent.DONE, f"{account} does not like this post now. X confirmed it.")


def _card(done: LikeDone, accent: Accent, sentence: str) -> Card:
    if done.of_repost:
        sentence = f"{sentence}\n-# {OF_REPOST}"
    return card(accent, sentence, row(open_on_x(post_url(done.post_id))))

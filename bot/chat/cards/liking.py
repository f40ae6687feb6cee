"""What became of a like or an unlike."""

from bot.chat import text
from bot.chat.cards.card import Accent, Button, Card, card, open_on_x, row
from bot.chat.cards.facts import OF_REPOST
from bot.chat.cards.posts import like_button
from bot.domain import LikeDone, post_url


def like_card(done: LikeDone, *buttons: Button) -> Card:
    """Say what X said, and as whom; X answers the same when nothing changed."""
    account = text.handle(done.account)
    if done.liked:
        return _card(done, Accent.LIKE, f"Liked as {account}.", *buttons)
    return _card(
        done,
        Accent.TROUBLE,
        f"X accepted the request, but the like of {account} isn't there. Try again.",
    )


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
        return _card(
            done,
            Accent.TROUBLE,
            f"X accepted the request, but the like of {account} is still there. Try again.",
        )
    return _card(done, Accent.DONE, f"Like taken back as {account}.")


def _card(done: LikeDone, accent: Accent, sentence: str, *buttons: Button) -> Card:
    if done.of_repost:
        sentence = f"{sentence}\n-# {OF_REPOST}"
    return card(accent, sentence, row(*buttons, open_on_x(post_url(done.post_id))))

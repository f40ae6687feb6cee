"""Deleting all that is stored about a server."""

from bot.chat.cards.card import Accent, Button, Card, card, row

_QUESTION = (
    "### Delete everything stored about this server?\n"
    "These go at once, and nobody can bring them back:\n"
    "- its watches of posts and accounts, and all they were about to announce,\n"
    "- its settings: channels, role, budget, and whether it is home,\n"
    "- its log of likes, and which linked accounts serve it.\n"
    "My messages in its channels stay; you can delete them in Discord. Linked accounts belong to "
    "their members, who delete them with `/forget-me`. What X charged stays in my books: "
    "for today with this server's ID, so that its daily limit holds, for earlier days without it."
)
_DONE = (
    "Everything stored about this server is deleted. I stay here until you remove me; "
    "`/watch add` begins anew."
)


def delete_data_question_card(button: Button) -> Card:
    return card(Accent.TROUBLE, _QUESTION, row(button))


def data_deleted_card() -> Card:
    return card(Accent.DONE, _DONE)

"""A member's own X account: linking it, how it stands, unlinking it, forgetting."""

from collections.abc import Mapping, Sequence

from bot.chat import text
from bot.chat.cards.card import Accent, Button, Card, card, line, link_button, row
from bot.chat.cards.consents import served_lines
from bot.chat.cards.numbers import ago, counted, day
from bot.domain import AccountStatus, Forgotten, LinkedAccount, LinkStart, Unlinked
from bot.domain.accounts import Served

_CONNECTED_APPS = "<https://x.com/settings/connected_apps>"
_ALLOWS = (
    "### Link your X account\n"
    "Once it is linked:\n"
    "- `/like` and `/unlike` act as your account, when you ask for it and at no other time.\n"
    "- {server} sees who likes your posts: its watches name them, and its members can look them "
    "up with `/likers`. Other servers see it only if you agree there, in `/account status`.\n"
    "- X tells me of each new like of your posts while one of them is watched there.\n"
    "I post nothing, follow nobody and read no messages. What X gives me is stored encrypted; "
    "`/account unlink` takes it back at any time."
)
_MEANS = {
    "tweet.read": "read posts",
    "users.read": "read profiles",
    "like.read": "read likes",
    "like.write": "like and unlike",
    "offline.access": "stay linked",
}


def link_card(
    start: LinkStart, pin_button: Button | None, server: str, about: Sequence[Button] = ()
) -> Card:
    """Say what linking allows, and offer each way there is."""
    ways, buttons = [], list[Button]()
    if start.browser_url is not None:
        ways.append("**Link in the browser** opens my page, then X's, which asks you again.")
        buttons.append(link_button("Link in the browser", start.browser_url))
    if start.pin_url is not None and pin_button is not None:
        way = "X shows you a PIN on its own page, and you enter it here."
        ways.append(f"**With a PIN**, {way}" if not ways else f"**Or with a PIN**: {way}")
        buttons += [link_button("Get a PIN from X", start.pin_url), pin_button]
    ways.append(f"-# This ends {ago(start.ends_at)}.")
    allows = _ALLOWS.format(server=f"**{text.one_line(server, 60)}**")
    shown = [row(*buttons)] if buttons else []
    pages = [row(*about)] if about else []
    return card(Accent.PLAIN, allows, "\n".join(ways), *shown, *pages)


def linked_card(linked: LinkedAccount) -> Card:
    return card(
        Accent.DONE,
        f"### Linked as {text.handle(linked.username)}\n"
        "`/like` and `/unlike` act as this account now, and this server sees who likes its "
        "posts. `/account status` changes that, and `/account unlink` undoes it.",
    )


def link_over_card() -> Card:
    return card(
        Accent.PLAIN,
        "This link expired. Start again with `/account link`.",
    )


def account_card(status: AccountStatus, served: Served, names: Mapping[int, str]) -> Card:
    """Show how an account is linked, and whom it serves; `names` are those of the servers."""
    lines = [f"### Your X account is {text.handle(status.username)}"]
    if not status.accepted:
        lines.append("**X no longer accepts it.** Link it again with `/account link`.")
    lines.append(f"**Linked** {day(status.linked_at)}, {' and '.join(status.ways)}")
    if status.scopes:
        means = (_MEANS.get(scope, text.one_line(scope, 40)) for scope in status.scopes)
        lines.append(f"**I may** {', '.join(sorted(means))}")
    lines.append(f"**Liking** {_LIKING[status.liking]}")
    accent = Accent.PLAIN if status.accepted else Accent.TROUBLE
    return card(accent, "\n".join(lines), line(), "\n".join(served_lines(served, names)))


_LIKING = {
    None: "untested",
    True: "allowed by X",
    False: "refused by X: `/like` offers X's own dialog instead, and asks X again next time",
}


def unlink_question_card(username: str, button: Button) -> Card:
    return card(
        Accent.PLAIN,
        f"Unlink {text.handle(username)}? I'll revoke my access at X and delete it here. Watches "
        "on its posts go on without names.",
        row(button),
    )


def unlinked_card(unlinked: Unlinked) -> Card:
    done = f"{text.handle(unlinked.username)} is unlinked, and what X gave me is deleted here. "
    if unlinked.revoked:
        return card(Accent.DONE, f"{done}X confirmed that it revoked my access.")
    return card(
        Accent.TROUBLE,
        f"{done}X has not confirmed that it revoked my access. Revoke it yourself on X, at "
        f"{_CONNECTED_APPS}.",
    )


def forget_question_card(button: Button) -> Card:
    return card(
        Accent.PLAIN,
        "Delete everything stored about you? This also removes your linked X account, your entries "
        "from the server's like log, and your name from watches you added, which go on.",
        row(button),
    )


def forgotten_card(forgotten: Forgotten) -> Card:
    account = (
        f"Your linked account {text.handle(forgotten.account)} is unlinked"
        if forgotten.account is not None
        else "You hadn't linked an account"
    )
    entries = counted(forgotten.actions, "entry of yours is", "entries of yours are")
    deleted = f"{account}, and {entries} deleted from the like log."
    if not forgotten.actions:
        deleted = f"{account}, and the like log has no entry of yours."
    lines = [f"{deleted} Nothing about you is stored here any more."]
    if forgotten.account is not None:
        lines.append(
            "I'm asking X to revoke my access, for up to a week if it doesn't answer. You can see "
            f"whether it has at {_CONNECTED_APPS}."
        )
    return card(Accent.DONE, "\n".join(lines))

"""What the bot does with data, and on which terms it may be used: docs/privacy.md, docs/terms.md.

Numbers are those of the code. The pages are shown in Discord, too, in one message each.
"""

from datetime import timedelta

from bot.accounts.open_requests import LINK_LIFETIME
from bot.chat.cards.card import Accent, Card, card
from bot.domain.about import AboutKind, AboutPage
from bot.domain.retention import (
    ACCOUNT_USES_KEPT,
    LEFT_GUILD_KEPT,
    NOT_SHOWN_GONE_WITHIN,
    REVOKING_GIVES_UP_AFTER,
    UNWATCHED_KEPT,
)
from bot.services.export.values import MOST_OBJECTS

_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
_PRIVACY = f"""# Privacy

This bot tells a Discord server who likes posts on X. Whoever runs it ("the operator") is \
responsible for what it stores, and this page says what that is.

## What is stored, why, and for how long

- **Posts that somebody watches**, to announce who likes them: the text, the author, the number \
of likes, and who likes them as far as X shows it (ID, name, @handle, address of the picture). \
While they are watched, and {UNWATCHED_KEPT // _DAY} days longer.
- **A post that X shows no more**: its text and who liked it are deleted within \
{NOT_SHOWN_GONE_WITHIN // _HOUR} hours after that was seen, and my messages about it are \
changed.
- **Servers**, to work as they wish: ID, settings, watches, and who liked what with me by a \
command. Until a manager uses `/config delete-data`, or {LEFT_GUILD_KEPT // _DAY} days after I \
was removed.
- **Members**: your Discord ID beside the watches you added, what you liked by a command, and \
how much you exported that day. Until you use `/forget-me`.
- **A linked X account**, to act and read for you: its ID and @handle, X's tokens (encrypted), \
and the servers it serves; for {ACCOUNT_USES_KEPT // _DAY} days, what it was used for. Until you \
use `/account unlink`. If X doesn't answer after `/forget-me`, the tokens wait up to \
{REVOKING_GIVES_UP_AFTER // _DAY} days for X to revoke them. A link that is never finished ends \
after {LINK_LIFETIME // _MINUTE} minutes, and goes at most an hour later.
- **What X charged**: sums by day, server, command and post.

Pictures and messages of members are not stored. Nothing is used for advertising or sold.

## Who sees it

A server sees what it watches. Names are shown where X shows them to an account whose owner lets \
it serve that server. Managers see their server's log of likes. The operator can read the \
database. X and Discord get what I ask or tell them, under [X's](https://x.com/privacy) and \
[Discord's](https://discord.com/privacy) policies.

## How it goes

- `/account unlink` and `/forget-me` delete what is yours, at once.
- `/config delete-data` deletes a server's, at once.
- Are you named here because of X? Ask the operator, who can delete a person or a post for good. \
Then only the ID is kept, so that it is never stored or named again; a like still counts as one \
more.
- Messages in Discord stay until they are deleted there, except for those about a post that X \
shows no more, or of somebody who asked to be forgotten.
- Backups are the operator's: what is deleted may be in them until they are replaced.
"""
_TERMS = f"""# Terms

- Likecord is free software, without any warranty. The operator may stop running it, or serving \
a server, at any time.
- Keep to [X's terms](https://x.com/tos) and [Discord's](https://discord.com/terms). What X \
shows belongs to X and to those who wrote it.
- I like a post when you ask me to, one by one. Nobody may be paid or rewarded for likes, and I \
am not for liking in bulk.
- Don't use what I show to harass or profile anybody, or to find out which person of Discord is \
which person of X without their consent.
- A linked X account serves you, and the servers that you agreed to. You can end that at any \
time with `/account unlink`.
- Files hold {MOST_OBJECTS} users or posts a person and day, and IDs alone beyond that. Whoever \
takes one agrees to X's [developer agreement](https://docs.x.com/developer-terms/agreement) and \
[policy](https://docs.x.com/developer-terms/policy): delete what X deletes, and pass it on to \
nobody.
- Managers of a server answer for what is watched and announced there.
"""


def about_pages(
    privacy_url: str | None = None, terms_url: str | None = None
) -> tuple[AboutPage, ...]:
    """Return the pages; where the operator shows their own, these are to be read instead."""
    return (
        AboutPage(AboutKind.PRIVACY, "Privacy", _PRIVACY, privacy_url),
        AboutPage(AboutKind.TERMS, "Terms", _TERMS, terms_url),
    )


def about_card(page: AboutPage) -> Card:
    return card(Accent.PLAIN, page.text.strip())

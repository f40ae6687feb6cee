"""For how long what is stored.

docs/privacy.md promises it: `bot/domain/privacy_page.py` makes that page of these numbers.
"""

from datetime import timedelta

# Beside the hour between two rounds this leaves hours for a round that fails.
NOT_SHOWN_KEPT = timedelta(hours=12)
"""How long a post is kept that X shows no more: X's own trouble passes in that time."""

NOT_SHOWN_GONE_WITHIN = timedelta(hours=24)
"""Within which such a post is gone: what X asks for."""

UNWATCHED_KEPT = timedelta(days=30)
"""How long a post and who likes it are kept when nobody watches it any more."""

LEFT_GUILD_KEPT = timedelta(days=7)
"""How long a server is kept that the bot was removed from."""

ACCOUNT_USES_KEPT = timedelta(days=30)
"""How long it is kept what a member's linked account was used for."""

REVOKING_GIVES_UP_AFTER = timedelta(days=7)
"""How long X is asked to revoke what a member has deleted here."""

"""What fits into one Discord message, in numbers alone: nothing here needs discord.py."""

from bot.domain.announcements import MAX_ANNOUNCEMENTS, MAX_IN_DIGEST
from bot.domain.page_sizes import SMALLEST_PAGE

MAX_TEXT = 4_000  # characters of all text in a Components V2 message
MAX_COMPONENTS = 40  # components in it, nested ones included
MAX_CUSTOM_ID = 100
MAX_ALT_TEXT = 1_024
MAX_BUTTON_LABEL = 80

LEAST_A_PAGE, MOST_A_PAGE = SMALLEST_PAGE, 25
"""Users or posts of a page: X gives no fewer posts, and no more are sure to fit into a card."""

PAGE_WATCHES = 7


def may_have_chart(announcements: int) -> bool:
    """Return whether a message of so many has room for a chart: one component more."""
    return announcements <= MAX_IN_DIGEST


def fits(announcements: int) -> bool:
    """Return whether so many announcements can share one message."""
    return announcements <= MAX_ANNOUNCEMENTS

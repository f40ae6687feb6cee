"""What fits into one Discord message, in numbers alone: nothing here needs discord.py."""

from collections.abc import Sequence

MAX_TEXT = 4_000  # characters of all text in a Components V2 message
MAX_COMPONENTS = 40  # components in it, nested ones included
MAX_CUSTOM_ID = 100
MAX_CHOICES = 25
MAX_CHOICE_NAME = 100
MAX_ALT_TEXT = 1_024
MAX_BUTTON_LABEL = 80

MAX_ANNOUNCEMENTS = 5
"""Announcements in one message; at 7 components each, 35 of the 40 that Discord allows."""

MAX_LIKERS = 25
"""Likers in one message, over all its announcements: that many of the longest names fit.

A notice takes the room of a few; see `Announcement.weight`.
"""

SMALLEST_PAGE, LARGEST_PAGE = 5, 25
"""Users or posts of a page: X gives no fewer posts, and no more are sure to fit into a card."""

PAGE_WATCHES = 7


def fits(likers: Sequence[int]) -> bool:
    """Return whether announcements with so many likers each can share one message."""
    return len(likers) <= MAX_ANNOUNCEMENTS and sum(likers) <= MAX_LIKERS

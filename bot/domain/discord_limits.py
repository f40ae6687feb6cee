"""What Discord allows, as far as more than the chat must know it."""

MAX_ANNOUNCEMENTS = 5
"""Announcements in one message; at 7 components each, 35 of the 40 that Discord allows."""

MAX_LIKERS = 25
"""Likers in one message, over all its announcements: that many of the longest names fit.

A note takes the room of a few; see `Announcement.weight`.
"""

MAX_CHOICES = 25
MAX_CHOICE_NAME = 100

ANSWER_MINUTES = 15
"""For so long an answer to a command can be changed."""

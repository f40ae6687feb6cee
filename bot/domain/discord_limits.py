"""What Discord allows, as far as more than the chat must know it."""

MAX_CHOICES = 25
MAX_CHOICE_NAME = 100

ANSWER_MINUTES = 15
"""For so long an answer to a command can be changed."""

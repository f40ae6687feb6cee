"""Interactions: a member asks, the bot answers, and only some of it is for all to see."""

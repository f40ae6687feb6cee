"""Likes that X tells of itself: what it is to push, what it pushed, and whether it really does."""

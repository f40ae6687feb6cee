"""Likes as tables: those stored here, and those that X shows of a post or a user."""

"""Announcements on their way into channels, each exactly once."""

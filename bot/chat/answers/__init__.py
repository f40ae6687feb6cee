"""Answering an interaction: who asks, what they may, how it is said, what went wrong."""

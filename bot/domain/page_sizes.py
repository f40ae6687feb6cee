"""How much X gives at once. That some are equal is chance."""

MAX_LIKERS_A_PAGE = 100

LIKERS_BEYOND_KNOWN = 50
"""A list is read so far past as many as are known, to find who was overlooked among them."""

POSTS_A_REQUEST = 100
"""Posts that one request may name by their IDs."""

MAX_POSTS_A_PAGE = 100
"""Posts in a page of what a user has posted, or likes."""

SMALLEST_PAGE = 5
"""Posts in such a page: X gives no smaller one."""

TOLD_A_PAGE = 20
"""People in a page of those of whom one message told; that many fit into a card with all marks."""

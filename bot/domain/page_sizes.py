"""How much X gives at once, and of a post's likers at all. That some are equal is chance."""

LIKERS_SHOWN = 100
"""X shows at most this many likers of a post, for all time."""

MAX_LIKERS_A_PAGE = 100

POSTS_A_REQUEST = 100
"""Posts that one request may name by their IDs."""

MAX_POSTS_A_PAGE = 100
"""Posts in a page of what a user has posted, or likes."""

SMALLEST_PAGE = 5
"""Posts in such a page: X gives no smaller one."""

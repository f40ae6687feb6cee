"""All that decides when X is asked about watched posts, and what has changed since."""

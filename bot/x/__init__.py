"""All that knows X: its API, limits, prices, and how people write its posts' addresses."""

"""The first tier: like counts, a hundred posts a request."""

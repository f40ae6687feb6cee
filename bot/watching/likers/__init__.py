"""The second tier: who likes a post, asked only where its count moved."""

"""One request to X: with which credential, through tweepy, and what its answer means."""

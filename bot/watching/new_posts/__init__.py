"""New posts of accounts that are watched."""

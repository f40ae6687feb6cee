"""X's API v2: endpoints, their queries and their answers."""

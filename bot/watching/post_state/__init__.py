"""What is known of a post, and what a count or a reading of likers makes of it. Pure."""

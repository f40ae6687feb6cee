"""What is asked of X about posts and users; each object costs the same, however many fields."""

POST_FIELDS = [
    "attachments",
    "author_id",
    "created_at",
    "entities",
    "note_tweet",
    "possibly_sensitive",
    "public_metrics",
]
POST_EXPANSIONS = ["author_id", "attachments.media_keys"]
MEDIA_FIELDS = ["alt_text", "preview_image_url", "type", "url"]
USER_FIELDS = ["profile_image_url", "protected", "verified_type"]
WHOLE_POSTS = {
    "expansions": POST_EXPANSIONS,
    "media_fields": MEDIA_FIELDS,
    "tweet_fields": POST_FIELDS,
    "user_fields": USER_FIELDS,
}
# All that a probe needs; nothing expanded, because included users are charged as reads.
COUNT_FIELDS = ["public_metrics"]

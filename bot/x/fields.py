"""What is asked of X about posts and users; each object costs the same, however many fields.

What an expansion brings along is charged as if it had been asked for, so only `/post` expands
what a post refers to, and only a profile its pinned post. Media, polls and places are free.
"""

from collections.abc import Mapping, Sequence

Asked = Mapping[str, Sequence[str]]
"""What to ask for, by tweepy's names of X's parameters."""

USER_FIELDS = [
    "affiliation",
    "created_at",
    "description",
    "entities",
    "is_identity_verified",
    "location",
    "most_recent_tweet_id",
    "parody",
    "pinned_tweet_id",
    "profile_banner_url",
    "profile_image_url",
    "protected",
    "public_metrics",
    "subscription_type",
    "url",
    "verified",
    "verified_followers_count",
    "verified_type",
    "withheld",
]
POST_FIELDS = [
    "attachments",
    "author_id",
    "created_at",
    "entities",
    "note_tweet",
    "possibly_sensitive",
    "public_metrics",
]
MEDIA_FIELDS = ["alt_text", "duration_ms", "preview_image_url", "public_metrics", "type", "url"]
# A post with its author, for a line about it.
POSTS: Asked = {
    "expansions": ["author_id", "attachments.media_keys"],
    "media_fields": MEDIA_FIELDS,
    "tweet_fields": POST_FIELDS,
    "user_fields": USER_FIELDS,
}
# The same, and whether it is a repost: then it is the original that is liked.
POST: Asked = {**POSTS, "tweet_fields": [*POST_FIELDS, "referenced_tweets"]}
# A post of an account that is known; its pictures are free, all else that is expanded is charged.
NEW_POSTS: Asked = {
    "expansions": ["attachments.media_keys"],
    "media_fields": MEDIA_FIELDS,
    "tweet_fields": [*POST_FIELDS, "referenced_tweets"],
}
# A post with all that X shows of it, and the posts that it quotes, replies to or reposts.
WHOLE_POSTS: Asked = {
    "expansions": [
        "attachments.media_keys",
        "attachments.poll_ids",
        "author_id",
        "geo.place_id",
        "in_reply_to_user_id",
        "referenced_tweets.id",
        "referenced_tweets.id.author_id",
    ],
    "media_fields": MEDIA_FIELDS,
    "place_fields": ["country", "full_name"],
    "poll_fields": ["end_datetime", "voting_status"],
    "tweet_fields": [
        *POST_FIELDS,
        "article",
        "conversation_id",
        "edit_controls",
        "geo",
        "in_reply_to_user_id",
        "lang",
        "referenced_tweets",
        "reply_settings",
        "source",
        "withheld",
    ],
    "user_fields": USER_FIELDS,
}
# A user with the post that they pinned.
PROFILES: Asked = {
    "expansions": ["pinned_tweet_id"],
    "tweet_fields": POST_FIELDS,
    "user_fields": USER_FIELDS,
}
# What X tells only the author of a post.
AUTHOR_METRICS: Asked = {
    "expansions": ["attachments.media_keys"],
    "media_fields": ["non_public_metrics", "organic_metrics", "type"],
    "tweet_fields": ["attachments", "non_public_metrics", "organic_metrics"],
}
# How much of the monthly cap is used.
USAGE = {"usage.fields": "project_cap,project_usage"}
# Yesterday is among the last two days.
DAILY_USAGE = {"usage.fields": "daily_project_usage", "days": "2"}
# All that a probe needs; nothing expanded, because included users are charged as reads.
COUNT_FIELDS = ["public_metrics"]

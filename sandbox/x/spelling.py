"""X's two spellings: the names of June 2026 (2.165) and the renamed ones of August (2.167).

Inside, everything bears the 2.165 names. Requests are read into them, answers written out of them.
"""

from enum import StrEnum


def _names(text: str) -> list[str]:
    return text.split()


class Spelling(StrEnum):
    OLD = "2.165"
    NEW = "2.167"


_USER = _names(
    "confirmed_email connection_status created_at description entities id is_identity_verified "
    "location name parody profile_banner_url profile_image_url protected public_metrics "
    "receives_your_dm subscription subscription_type url username verified "
    "verified_followers_count verified_type withheld"
)
_POST = _names(
    "article attachments card_uri community_id context_annotations conversation_id created_at "
    "display_text_range edit_controls entities geo id lang matched_media_notes media_metadata "
    "non_public_metrics note_request_suggestions organic_metrics paid_partnership "
    "possibly_sensitive promoted_metrics public_metrics reply_settings scopes source "
    "suggested_source_links suggested_source_links_with_counts text withheld"
)
_MEDIA = _names(
    "alt_text duration_ms height media_key non_public_metrics organic_metrics preview_image_url "
    "promoted_metrics public_metrics type url variants width"
)
_POLL = _names("duration_minutes end_datetime id options voting_status")
_PLACE = _names("contained_within country country_code full_name geo id name place_type")
_USAGE = _names(
    "cap_reset_day daily_client_app_usage daily_project_usage project_cap project_id project_usage"
)

# What each selecting parameter may hold. Both `expansions` are here by what they expand.
CHOICES: dict[Spelling, dict[str, list[str]]] = {
    Spelling.OLD: {
        "user.fields": [*_USER, "affiliation", "most_recent_tweet_id", "pinned_tweet_id"],
        "tweet.fields": [
            *_POST,
            "author_id",
            "edit_history_tweet_ids",
            "in_reply_to_user_id",
            "note_tweet",
            "referenced_tweets",
        ],
        "media.fields": _MEDIA,
        "poll.fields": _POLL,
        "place.fields": _PLACE,
        "usage.fields": _USAGE,
        "user expansions": ["affiliation.user_id", "most_recent_tweet_id", "pinned_tweet_id"],
        "post expansions": [
            "article.cover_media",
            "article.media_entities",
            "attachments.media_keys",
            "attachments.media_source_tweet",
            "attachments.poll_ids",
            "author_id",
            "edit_history_tweet_ids",
            "entities.mentions.username",
            "geo.place_id",
            "in_reply_to_user_id",
            "entities.note.mentions.username",
            "referenced_tweets.id",
            "referenced_tweets.id.attachments.media_keys",
            "referenced_tweets.id.author_id",
        ],
    },
    Spelling.NEW: {
        "user.fields": [*_USER, "subscribes_to_you"],
        "post.fields": [*_POST, "article_title", "note_post"],
        "media.fields": _MEDIA,
        "poll.fields": _POLL,
        "place.fields": _PLACE,
        "usage.fields": _USAGE,
        "user expansions": ["affiliation", "most_recent_post_id", "pinned_post_id"],
        "post expansions": [
            "article.cover_media",
            "article.media_entities",
            "attachments.media_keys",
            "attachments.media_source_tweet",
            "attachments.poll_ids",
            "author_id",
            "edit_history_post_ids",
            "entities.mentions.username",
            "geo.place_id",
            "in_reply_to_user_id",
            "referenced_posts",
            "username",
        ],
    },
}

_RENAMED = {
    "edit_history_tweet_ids": "edit_history_post_ids",
    "most_recent_tweet_id": "most_recent_post_id",
    "note_tweet": "note_post",
    "pinned_tweet_id": "pinned_post_id",
    "referenced_tweets": "referenced_posts",
    "retweet_count": "repost_count",
    "tweet_count": "post_count",
    "tweets": "posts",
}
_CANONICAL = {new: old for old, new in _RENAMED.items()} | {
    "referenced_posts": "referenced_tweets.id",
    "affiliation": "affiliation.user_id",
}


def asked_in(query_names: set[str], chosen: set[str]) -> Spelling:
    """Tell the spelling of a request by its parameters and by the fields it chooses."""
    old, new = CHOICES[Spelling.OLD], CHOICES[Spelling.NEW]
    only_new = {name for names in new.values() for name in names}
    only_new -= {name for names in old.values() for name in names}
    return Spelling.NEW if "post.fields" in query_names or chosen & only_new else Spelling.OLD


def canonical(name: str, spelling: Spelling) -> str:
    """Return the name that this field or expansion has inside."""
    return name if spelling is Spelling.OLD else _CANONICAL.get(name, name)


def respell(value: object, spelling: Spelling) -> object:
    """Write an answer in the spelling that was asked for."""
    if spelling is Spelling.OLD:
        return value
    if isinstance(value, dict):
        return {_RENAMED.get(key, key): _respell_item(key, item) for key, item in value.items()}
    if isinstance(value, list):
        return [respell(item, spelling) for item in value]
    return value


def _respell_item(key: str, item: object) -> object:
    if key in ("scope", "resource_type") and item == "tweet":
        return "post"
    return respell(item, Spelling.NEW)

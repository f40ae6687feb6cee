"""What is asked for, and what is left out on purpose: together, all that X's file lists."""

import pytest

from bot.x import fields
from sandbox.x.spelling import CHOICES, Spelling
from tests.cases import in_turn

# X sends these unasked.
ALWAYS = {
    "user.fields": {"id", "name", "username"},
    "tweet.fields": {"id", "text", "edit_history_tweet_ids"},
    "media.fields": {"media_key"},
    "poll.fields": {"id", "options"},
    "place.fields": {"id"},
}
LEFT_OUT = {
    "user.fields": {
        # what X tells of the reader alone, or of their relation to somebody
        "confirmed_email", "connection_status", "receives_your_dm", "subscription",
    },
    "tweet.fields": {
        # X's guesses and suggestions
        "context_annotations", "note_request_suggestions", "matched_media_notes",
        "suggested_source_links", "suggested_source_links_with_counts",
        # advertising
        "card_uri", "paid_partnership", "promoted_metrics", "scopes",
        # how X's own pages lay a post out
        "community_id", "display_text_range", "media_metadata",
    },
    "media.fields": {"height", "width", "variants", "promoted_metrics"},
    "poll.fields": {"duration_minutes"},
    "place.fields": {"contained_within", "country_code", "geo", "name", "place_type"},
    "post expansions": {
        # charged, and shown by what is there without them
        "edit_history_tweet_ids", "entities.mentions.username", "entities.note.mentions.username",
        # pictures of pictures
        "article.cover_media", "article.media_entities", "attachments.media_source_tweet",
        "referenced_tweets.id.attachments.media_keys",
    },
    # charged; the affiliation is named by its own text, the newest post by a link
    "user expansions": {"affiliation.user_id", "most_recent_tweet_id"},
}  # fmt: skip


def _asked(parameter: str) -> set[str]:
    if parameter == "user expansions":
        return set(fields.PROFILES["expansions"])
    name = "expansions" if parameter == "post expansions" else parameter.replace(".", "_")
    found = (fields.WHOLE_POSTS, fields.AUTHOR_METRICS)
    return {value for asked in found for value in asked.get(name, ())}


@in_turn("parameter", LEFT_OUT)
def test_nothing_is_left_out_by_accident(parameter: str) -> None:
    asked, always = _asked(parameter), ALWAYS.get(parameter, set())

    assert asked | always | LEFT_OUT[parameter] == set(CHOICES[Spelling.OLD][parameter])
    assert not asked & LEFT_OUT[parameter]


@pytest.mark.parametrize("asked", [fields.POSTS, fields.PROFILES, fields.WHOLE_POSTS])
def test_whoever_is_shown_is_shown_with_the_same_fields(asked: fields.Asked) -> None:
    assert set(asked["user_fields"]) == set(fields.USER_FIELDS)
    assert set(asked["tweet_fields"]) >= set(fields.POST_FIELDS)


def test_counting_expands_nothing() -> None:
    """X charges for every user and post that it includes."""
    assert fields.COUNT_FIELDS == ["public_metrics"]

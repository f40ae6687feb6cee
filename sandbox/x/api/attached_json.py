"""What hangs on a post as X writes it: pictures, films, polls, places."""

from typing import Any

from sandbox.x.world.rows import Media, Place, Poll
from sandbox.x.world.snowflake import x_time

PRIVATE_MEDIA_METRICS = frozenset({"non_public_metrics", "organic_metrics", "promoted_metrics"})
_DEFAULT_MEDIA_FIELDS = frozenset({"media_key", "type"})
_DEFAULT_POLL_FIELDS = frozenset({"id", "options"})
_DEFAULT_PLACE_FIELDS = frozenset({"full_name", "id"})


def picture_url(media: Media, origin: str) -> str:
    return f"{origin}/sandbox/media/post/{media.key}.png"


def media_json(media: Media, fields: frozenset[str], origin: str) -> dict[str, Any]:
    """Write a picture or film; a film has a preview picture instead of an address."""
    url = picture_url(media, origin)
    is_photo = media.type == "photo"
    is_film = media.type == "video"
    known = {
        "media_key": media.key,
        "type": media.type,
        "url": url if is_photo else None,
        "preview_image_url": None if is_photo else url,
        "width": media.width,
        "height": media.height,
        "alt_text": media.alt_text or None,
        "duration_ms": media.duration_ms,
        "public_metrics": {"view_count": media.view_count} if is_film else None,
        "organic_metrics": {"view_count": media.view_count} if is_film else None,
        "non_public_metrics": _playback(media) if is_film else None,
    }
    wanted = _DEFAULT_MEDIA_FIELDS | fields
    return {k: value for k, value in known.items() if k in wanted and value is not None}


def _playback(media: Media) -> dict[str, int]:
    """Return how many viewers came how far: half of them see the end."""
    quarters = (0, 25, 50, 75, 100)
    return {f"playback_{q}_count": media.view_count * (200 - q) // 200 for q in quarters}


def poll_json(poll: Poll, fields: frozenset[str], *, is_open: bool) -> dict[str, Any]:
    known = {
        "id": str(poll.id),
        "options": [
            {"position": position, "label": option.label, "votes": option.votes}
            for position, option in enumerate(poll.options, start=1)
        ],
        "duration_minutes": poll.duration_minutes,
        "end_datetime": x_time(poll.ends_at),
        "voting_status": "open" if is_open else "closed",
    }
    return {k: value for k, value in known.items() if k in _DEFAULT_POLL_FIELDS | fields}


def place_json(place: Place, fields: frozenset[str]) -> dict[str, Any]:
    known = {
        "id": place.id,
        "full_name": place.full_name,
        "name": place.full_name.split(",", maxsplit=1)[0],
        "country": place.country or None,
        "country_code": place.country_code or None,
        "place_type": place.place_type,
    }
    wanted = _DEFAULT_PLACE_FIELDS | fields
    return {k: value for k, value in known.items() if k in wanted and value is not None}

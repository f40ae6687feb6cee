"""What hangs on X's posts: pictures, polls, places."""

from bot.domain import Media, Playback, Poll, PollOption
from bot.x.wire.base import BigCount, Part, Text, Time, Wire

_QUARTERS = (0, 25, 50, 75, 100)


class _Views(Part):
    view_count: BigCount | None = None


class _Plays(Part):
    """How many viewers came how far; X tells only the author."""

    playback_0_count: BigCount | None = None
    playback_25_count: BigCount | None = None
    playback_50_count: BigCount | None = None
    playback_75_count: BigCount | None = None
    playback_100_count: BigCount | None = None


class WireMedia(Wire):
    media_key: str
    type: Text
    url: Text | None = None
    preview_image_url: Text | None = None
    alt_text: Text | None = None
    duration_ms: BigCount | None = None
    public_metrics: _Views = _Views()
    organic_metrics: _Views = _Views()
    non_public_metrics: _Plays = _Plays()

    def value(self) -> Media | None:
        picture = self.url or self.preview_image_url
        if not picture:
            return None
        views = self.public_metrics.view_count
        return Media(self.type, picture, self.alt_text, self.duration_ms, views)

    def playback(self) -> Playback | None:
        """Return how a video was watched, if this reader may know."""
        plays = self.non_public_metrics
        quarters = [getattr(plays, f"playback_{quarter}_count") for quarter in _QUARTERS]
        if None in quarters:
            return None
        return Playback(tuple(quarters), self.organic_metrics.view_count)


class _PollOption(Wire):
    must_be_read = frozenset({"votes"})

    label: Text
    votes: BigCount = 0
    position: int = 0


class WirePoll(Wire):
    # Half a poll would be another one.
    must_be_read = frozenset({"options"})

    id: str
    options: tuple[_PollOption, ...] = ()
    end_datetime: Time | None = None
    voting_status: Text | None = None

    def value(self) -> Poll | None:
        if not self.options:
            return None
        options = sorted(self.options, key=lambda option: option.position)
        return Poll(
            tuple(PollOption(option.label, option.votes) for option in options),
            ends_at=self.end_datetime,
            is_open=self.voting_status == "open",
        )


class WirePlace(Wire):
    id: str
    full_name: Text = ""
    country: Text | None = None

    def value(self) -> str | None:
        """Return what people call it, with its country where the name leaves it out."""
        if not self.country or self.country in self.full_name:
            return self.full_name or self.country
        return f"{self.full_name}, {self.country}" if self.full_name else self.country

"""What hangs on a post: pictures, films and polls."""

from typing import Any

from discord import ui

from bot.chat import text
from bot.chat.cards.card import gallery
from bot.chat.cards.numbers import ago, counted
from bot.chat.languages.translator import ENGLISH, Translator
from bot.domain import Media, Poll, PollOption, Post
from bot.domain.sentences import CountedSentence, Sentence

_BAR = 12
_MAX_OPTIONS = 4
_MAX_LABEL = 60
_MAX_FILMS = 4
_KINDS = {"video": Sentence("Video"), "animated_gif": Sentence("GIF")}
_VIEWS = CountedSentence("{film}, {n} view", "{film}, {n} views")
_UNSEEN = CountedSentence("{n} picture or video on X", "{n} pictures or videos on X")
_MORE_UNSEEN = CountedSentence("{n} more picture or video on X", "{n} more pictures or videos on X")
_ENDLESS = 360_000  # seconds; nothing on X is longer, and a clock would not fit


def pictures(post: Post, say: Translator = ENGLISH) -> ui.MediaGallery[Any] | None:
    """Return the pictures; sensitive ones behind Discord's spoiler."""
    shown = ((media.url, media.alt_text or _film(media, say)) for media in post.media)
    return gallery(shown, spoiler=post.possibly_sensitive)


def films(post: Post, say: Translator = ENGLISH) -> list[str]:
    """Return of what a picture is the preview, and what cannot be shown here."""
    facts = [film for media in post.media if (film := _film(media, say))][:_MAX_FILMS]
    if post.media_elsewhere:
        unseen = _MORE_UNSEEN if post.media else _UNSEEN
        facts.append(say.counted(post.media_elsewhere, unseen))
    return facts


def _film(media: Media, say: Translator) -> str:
    kind = _KINDS.get(media.type)
    if kind is None:
        return ""
    length = f" {_clock(media.duration_ms // 1000)}" if media.duration_ms else ""
    film = f"{say(kind)}{length}"
    return film if media.views is None else say.counted(media.views, _VIEWS, film=film)


def _clock(seconds: int) -> str:
    minutes, seconds = divmod(min(seconds, _ENDLESS), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def poll_text(poll: Poll) -> str:
    """Draw a poll: a bar for each choice, and until when one may vote."""
    most = max(option.votes for option in poll.options)
    bars = [_bar(option, poll.votes, most) for option in poll.options[:_MAX_OPTIONS]]
    return "\n".join([*bars, f"-# {_ballot(poll)}"])


def _bar(option: PollOption, votes: int, most: int) -> str:
    share = option.votes / votes if votes else 0
    filled = round(share * _BAR)
    name = text.one_line(option.label, _MAX_LABEL)
    name = f"**{name}**" if option.votes == most and most else name
    bar = "█" * filled + "░" * (_BAR - filled)
    return f"`{bar}` {share:.0%} {name} · {counted(option.votes, 'vote')}"


def _ballot(poll: Poll) -> str:
    votes = f"Poll with {counted(poll.votes, 'vote')}"
    if poll.ends_at is None:
        return votes if poll.is_open else f"{votes}, ended"
    return f"{votes}, {'ends' if poll.is_open else 'ended'} {ago(poll.ends_at)}"

"""What X marks users and posts with, in words."""

from bot.chat import text
from bot.chat.cards.numbers import counted, date
from bot.domain import Post, User, Withheld
from bot.domain.announcements import SHOWN_FOLLOWERS

_VERIFIED = {"business": "verified organisation", "government": "verified government"}
_WHO_MAY_REPLY = {
    "mentionedUsers": "only people whom it mentions can reply",
    "following": "only people whom the author follows can reply",
    "subscribers": "only subscribers can reply",
    "verified": "only verified accounts can reply",
}
# X's words for texts without a language: pictures alone, tags alone, too short to tell.
_NO_LANGUAGE = ("art", "en", "und", "zxx", "qam", "qct", "qht", "qme", "qst")
_MAX_COUNTRIES = 12
_MAX_NAME = 60
_MAX_VERSIONS = 6  # X allows five edits


OF_REPOST = "That is a repost; this is the original."


def of_repost(post: Post) -> list[str]:
    """Return a line where a repost was asked for: likes belong to the original."""
    return [f"-# {OF_REPOST}"] if post.repost_id is not None else []


def user_marks(user: User) -> list[str]:
    """Return what stands behind a user's name on X."""
    marks = []
    if user.is_verified:
        marks.append(_VERIFIED.get(user.verified_type or "", "verified"))
    if user.identity_verified:
        marks.append("ID verified")
    if user.parody:
        marks.append("parody")
    if user.protected:
        marks.append("protected")
    if user.withheld_in:
        marks.append(f"withheld in {_countries(user.withheld_in)}")
    return marks


def many_followers(user: User) -> list[str]:
    """Return how many follow a user, where that is known and worth a word."""
    followers = user.counts.followers if user.counts else 0
    return [counted(followers, "follower")] if followers >= SHOWN_FOLLOWERS else []


def origin(post: Post) -> list[str]:
    """Return where a post comes from: its place, the app it was written with, its language."""
    facts = []
    if post.place:
        facts.append(text.one_line(post.place, _MAX_NAME))
    if post.source:
        facts.append(f"with {text.one_line(post.source, _MAX_NAME)}")
    if post.lang and post.lang not in _NO_LANGUAGE:
        facts.append(f"language {text.one_line(post.lang, 12)}")
    return facts


def conversation(post: Post) -> list[str]:
    """Return what a post is part of, and who may go on."""
    facts = []
    if post.reply_to:
        facts.append(f"reply to {text.handle_link(post.reply_to)}")
    if post.conversation_id not in (None, post.id):
        beginning = f"https://x.com/i/status/{post.conversation_id}"
        facts.append(text.link("whole conversation", beginning))
    if post.reply_settings in _WHO_MAY_REPLY:
        facts.append(_WHO_MAY_REPLY[post.reply_settings])
    return facts


def edits(post: Post) -> list[str]:
    """Return how often a post was edited, its versions from the first on, and until when."""
    count = len(post.versions) - 1
    if count < 1:
        return []
    times = "once" if count == 1 else f"{count} times"
    shown = [
        f"{number} (this one)"
        if version == post.id
        else text.link(str(number), f"https://x.com/i/status/{version}")
        for number, version in enumerate(post.versions[:_MAX_VERSIONS], start=1)
    ]
    facts = [f"edited {times}: versions {', '.join(shown)}"]
    if post.editable_until is not None:
        facts.append(f"can be edited until {date(post.editable_until)}")
    return facts


def warnings(post: Post) -> list[str]:
    """Return why some do not see a post, or would rather not."""
    marks = []
    if post.possibly_sensitive:
        marks.append("marked as possibly sensitive")
    if post.withheld is not None:
        marks.append(_withheld(post.withheld))
    return marks


def _withheld(withheld: Withheld) -> str:
    reason = ", because of a copyright claim" if withheld.copyright else ""
    where = f" in {_countries(withheld.countries)}" if withheld.countries else ""
    return f"withheld by X{where}{reason}"


def _countries(codes: tuple[str, ...]) -> str:
    shown = ", ".join(text.one_line(code, 12) for code in codes[:_MAX_COUNTRIES])
    left = len(codes) - _MAX_COUNTRIES
    return f"{shown} and {left:,} more countries" if left > 0 else shown

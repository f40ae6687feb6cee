"""What X marks users and posts with, in words."""

from bot.chat import text
from bot.chat.cards.numbers import date
from bot.chat.languages.translator import ENGLISH, Translator
from bot.domain import Post, User, Withheld
from bot.domain.announcements import SHOWN_FOLLOWERS
from bot.domain.sentences import CountedSentence, Sentence

_VERIFIED = Sentence("verified")
_VERIFIED_AS = {
    "business": Sentence("verified organisation"),
    "government": Sentence("verified government"),
}
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
_SENSITIVE = Sentence("marked as possibly sensitive")
# Everywhere or in some countries, and whether for a copyright claim.
_WITHHELD = {
    (False, False): Sentence("withheld by X"),
    (True, False): Sentence("withheld by X in {countries}"),
    (False, True): Sentence("withheld by X, because of a copyright claim"),
    (True, True): Sentence("withheld by X in {countries}, because of a copyright claim"),
}
_FOLLOWERS = CountedSentence("{n} follower", "{n} followers")
_MORE_COUNTRIES = CountedSentence("{some} and {n} more country", "{some} and {n} more countries")


OF_REPOST = "That is a repost; this is the original."


def of_repost(post: Post) -> list[str]:
    """Return a line where a repost was asked for: likes belong to the original."""
    return [f"-# {OF_REPOST}"] if post.repost_id is not None else []


def verified_mark(user: User, say: Translator = ENGLISH) -> list[str]:
    """Return as what X has verified a user, if it has."""
    if not user.is_verified:
        return []
    return [say(_VERIFIED_AS.get(user.verified_type or "", _VERIFIED))]


def user_marks(user: User) -> list[str]:
    """Return what stands behind a user's name on X."""
    marks = verified_mark(user)
    if user.identity_verified:
        marks.append("ID verified")
    if user.parody:
        marks.append("parody")
    if user.protected:
        marks.append("protected")
    if user.withheld_in:
        marks.append(f"withheld in {_countries(user.withheld_in, ENGLISH)}")
    return marks


def many_followers(user: User, say: Translator = ENGLISH) -> list[str]:
    """Return how many follow a user, where that is known and worth a word."""
    followers = user.counts.followers if user.counts else 0
    return [say.counted(followers, _FOLLOWERS)] if followers >= SHOWN_FOLLOWERS else []


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


def warnings(post: Post, say: Translator = ENGLISH) -> list[str]:
    """Return why some do not see a post, or would rather not."""
    marks = []
    if post.possibly_sensitive:
        marks.append(say(_SENSITIVE))
    if post.withheld is not None:
        marks.append(_withheld(post.withheld, say))
    return marks


def _withheld(withheld: Withheld, say: Translator) -> str:
    sentence = _WITHHELD[bool(withheld.countries), bool(withheld.copyright)]
    return say(sentence, countries=_countries(withheld.countries, say))


def _countries(codes: tuple[str, ...], say: Translator) -> str:
    shown = ", ".join(text.one_line(code, 12) for code in codes[:_MAX_COUNTRIES])
    left = len(codes) - _MAX_COUNTRIES
    return say.counted(left, _MORE_COUNTRIES, some=shown) if left > 0 else shown

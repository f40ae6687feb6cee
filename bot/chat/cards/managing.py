"""A watch that is managed: paused, resumed, changed, and what it told."""

from collections.abc import Sequence

from bot.chat import text
from bot.chat.cards.card import Accent, Card, card, line, row
from bot.chat.cards.numbers import ago, counted, day
from bot.chat.cards.posts import open_button, post_line, post_link
from bot.chat.cards.troubles import set_aside_sentence, trouble_sentence
from bot.domain import AccountWatch, LikerFilter, Mention, PastAnnouncement, Watch, WatchHistory
from bot.domain.styles import WatchStyle

_MAX_LINE = 120
_MAX_LABEL = 60
_MAX_WORDS = 400
STYLES = {
    WatchStyle.FEED: ("Feed", "each batch of likes is a message"),
    WatchStyle.CARD: ("Card", "one message, kept up to date"),
    WatchStyle.MILESTONES: ("Milestones", "a message at 10, 25, 50, 100, 250 and so on"),
    WatchStyle.DIGEST: ("Digest", "one message an hour, or a day"),
}


def paused_card(watch: Watch | AccountWatch) -> Card:
    return card(
        Accent.DONE,
        f"### Paused: {name_of(watch)}\n"
        f"I announce nothing of it in <#{watch.channel_id}> and ask X nothing for it. What happens "
        "until `/watch resume` is not announced afterwards either.",
    )


def resumed_card(watch: Watch | AccountWatch) -> Card:
    return card(
        Accent.DONE,
        f"### Resumed: {name_of(watch)}\n"
        f"From now on I announce it in <#{watch.channel_id}> again. What happened while it was "
        "paused is not announced.",
    )


def edited_card(watch: Watch) -> Card:
    return card(Accent.DONE, f"### Saved: {name_of(watch)}\n{_settings(watch)}")


def posts_chosen_card(watch: AccountWatch) -> Card:
    """Say which new posts of an account are watched, and whether they are announced."""
    wanted = watch.wanted
    kinds = [
        name
        for name, is_wanted in (
            ("replies", wanted.replies),
            ("reposts", wanted.reposts),
            ("quotes", wanted.quotes),
        )
        if is_wanted
    ]
    lines = [
        f"### Saved: {name_of(watch)}",
        f"**Announced when they appear** {'yes' if watch.announces else 'no'}",
        f"**Besides its own posts** {', '.join(kinds) or 'nothing'}",
        "**Only with pictures or videos**" if wanted.only_media else "",
        f"**With one of** {_words(wanted.words)}" if wanted.words else "",
        f"**Without** {_words(wanted.without)}" if wanted.without else "",
        f"**With each message** {mention_text(watch.mention)}" if watch.mention else "",
    ]
    return card(Accent.DONE, "\n".join(filter(None, lines)))


def mention_chosen_card(watch: Watch | AccountWatch) -> Card:
    """Say whom a watch mentions; that of an account, with each of its posts."""
    if isinstance(watch, Watch):
        return edited_card(watch)
    whom = (
        "I mention nobody"
        if watch.mention is None
        else f"Each message {mention_text(watch.mention)}"
    )
    return card(
        Accent.DONE,
        f"### Saved: {name_of(watch)}\n{whom}; that holds for the posts that are watched now, too.",
    )


def _words(words: Sequence[str]) -> str:
    return text.one_line(", ".join(words), _MAX_WORDS)


def test_sent_card(channel_id: int) -> Card:
    return card(Accent.DONE, f"A test announcement is in <#{channel_id}>.")


def history_card(history: WatchHistory) -> Card:
    """Show what a watch is, and what it told last."""
    watch = history.watch
    author = f" by <@{history.created_by}>" if history.created_by else ""
    announced = counted(watch.likes_announced, "like")
    likes = counted(watch.post.counts.likes, "like")
    head = [
        f"### {name_of(watch)}",
        post_line(watch.post, _MAX_LINE),
        _settings(watch),
        f"-# Added {day(watch.created_at)}{author} · {announced} announced · {likes} now",
    ]
    troubles = filter(None, [trouble_sentence(watch), set_aside_sentence(watch)])
    past = [_told(each) for each in history.last]
    if history.waiting:
        past.insert(0, f"- {counted(history.waiting, 'like')} waiting to be announced")
    return card(
        Accent.TROUBLE if watch.trouble or watch.set_aside else Accent.PLAIN,
        "\n".join(filter(None, head)),
        *(f"**{trouble}**" for trouble in troubles),
        line(),
        "\n".join(past) or "Nothing has been announced yet.",
        row(open_button(watch.post)),
    )


def name_of(watch: Watch | AccountWatch) -> str:
    """Return what a watch is called: by its managers, or by what it watches."""
    if isinstance(watch, AccountWatch):
        what = f"new posts of {text.handle_link(watch.user.username)}"
    else:
        what = post_link(watch.post)
    return f"{text.one_line(watch.label, _MAX_LABEL)} ({what})" if watch.label else what


def _settings(watch: Watch) -> str:
    style = "the server's style" if watch.style is None else STYLES[watch.style][0].lower()
    when = str(watch.when)
    parts = [
        f"<#{watch.channel_id}>",
        style + (f": {when}" if when else ""),
        "likes taken back too" if watch.unlikes else "",
        "published" if watch.publishes else "",
        mention_text(watch.mention) if watch.mention else "",
        _named(watch.named),
        "own words" if watch.template else "",
        f"**paused {ago(watch.resting_since)}**" if watch.resting_since else "",
        f"ends {ago(watch.expires_at)}" if watch.expires_at else "",
    ]
    return " · ".join(filter(None, parts))


def mention_text(mention: Mention) -> str:
    every = f" at most every {counted(mention.every_s // 60, 'minute')}" if mention.every_s else ""
    return f"mentions <@&{mention.role_id}>{every}"


def _named(wanted: LikerFilter) -> str:
    followers = counted(wanted.least_followers, "follower")
    parts = [
        "verified" if wanted.only_verified else "",
        f"from {followers} on" if wanted.least_followers else "",
    ]
    named = ", ".join(filter(None, parts))
    return f"names only likers who are {named}" if named else ""


def _told(each: PastAnnouncement) -> str:
    if each.is_notice:
        what = "a notice"
    else:
        what = counted(each.likes, "like taken back", "likes taken back")
        what = what if each.taken_back else counted(each.likes, "new like")
    return f"- {ago(each.at)}: {what}" + ("" if each.is_told else ", refused by Discord")

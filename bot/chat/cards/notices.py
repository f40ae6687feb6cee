"""What is told of beside likes, in words."""

import re

from bot.chat.cards.numbers import cents, counted, number
from bot.domain import Missing, WatchKind
from bot.domain.errors import ChannelNotWritable
from bot.domain.notices import (
    AccountShown,
    AnnouncementRefused,
    BotBudgetSpent,
    BudgetWarning,
    ChannelClosed,
    KeysNotAccepted,
    LikersHidden,
    LikesTooDear,
    ListStalled,
    Notice,
    PostShown,
    ServerBudgetSpent,
    WatchEnded,
    WatchesFull,
)
from bot.domain.troubles import AccountMissing, DeliveryTrouble, PostMissing

_POST_MISSING = {
    Missing.DELETED: "X no longer has this post. The watch goes on by itself if it comes back.",
    Missing.PROTECTED: "The author's posts are protected now. The watch goes on when they are "
    "public again.",
    Missing.WITHHELD: "X withholds this post. The watch goes on when it is shown again.",
}
_POST_SHOWN = "X shows this post again. The watch goes on."
_LIKERS_HIDDEN = (
    "X no longer shows me who likes this post, so from now on I tell how many do. Its author can "
    "change that with `/account link`."
)
_LIST_STALLED = (
    "X's list of this post's likers shows nobody new, so from now on I tell how many there are. "
    "Names come again when the list goes on."
)
_ABOUT_ITS_POST = {
    PostShown: _POST_SHOWN,
    LikersHidden: _LIKERS_HIDDEN,
    ListStalled: _LIST_STALLED,
}
_ACCOUNT_MISSING = {
    Missing.DELETED: "X no longer shows the account `@{name}`: it was suspended, or its owner "
    "deleted it. I go on with its new posts if it comes back.",
    Missing.PROTECTED: "The posts of `@{name}` are protected now. I go on with its new posts when "
    "they are public again.",
    Missing.WITHHELD: "X withholds the account `@{name}`. I go on with its new posts when it is "
    "shown again.",
}
_ACCOUNT_SHOWN = "X shows the posts of `@{name}` again. I go on with its new posts."
_BUDGET_WARNING = (
    "This server has spent {spent} of its budget of {budget} for X this month. From now on "
    "I look for new likes less often, so that it lasts until the month ends. `/usage` shows "
    "what it went for, and `/config budget` changes it."
)
_SERVER_BUDGET_SPENT = (
    "Paused: this server's budget for X is spent, {spent} of {budget}. I announce nothing new "
    "until a manager raises it with `/config budget`, or the next month begins (UTC). `/usage` "
    "shows what it went for."
)
_BOT_BUDGET_SPENT = (
    "Paused: my budget for X is spent for this month, in all servers together. I announce nothing "
    "new until the person who runs me raises it, or the next month begins (UTC)."
)
_TOO_DEAR = (
    "{likes} wait here: to see who they are from would cost more than is left of {whose} this "
    "month. I announce them by themselves when {who} raises it{how}, or the next month begins "
    "(UTC). What costs less is announced as before."
)
_OF_SERVER = {
    True: ("this server's budget", "a manager", " with `/config budget`"),
    False: ("my budget", "the person who runs me", ""),
}
_CHANNEL_CLOSED = (
    "{why} What is watched there waits until then, and I ask X nothing for it. I go on by myself; "
    "`/watch list` shows what it is about."
)
_KEYS_NOT_ACCEPTED = (
    "X does not accept my keys any more, so I announce nothing new. The person who runs me must "
    "make new ones; I go on by myself when X accepts them. `/status` shows how it stands."
)
_WATCHES_FULL = (
    "This server watches {posts}, and may watch no more: new posts of the accounts that it watches "
    "wait until there is room. A manager makes some with `/watch remove`, posts whose time is over "
    "do, and the person who runs me can allow more."
)
_REFUSED = (
    "Discord refused {what} of mine for {where}, down to the bare count: {why}. I have set it "
    "aside and go on with the others. {mend}"
)
_FILTERED_WORD, _FILTERED_LINK, _INVALID = 200_000, 240_000, 50_035
_WHY_REFUSED = {
    _FILTERED_WORD: ("a word in it is blocked here", "A manager finds the rule under AutoMod."),
    _FILTERED_LINK: ("a link in it counts as harmful", "`/post` shows what there is to see."),
    _INVALID: ("something in it is invalid", "`/likers` shows who likes a post."),
}
_REFUSED_OTHERWISE = ("it did not say why", "`/likers` shows who likes a post.")
_WITHOUT_NAMES = {
    WatchKind.COUNTS: "X hides who likes it.",
    WatchKind.STALLED: "X's list of likers shows nobody new.",
}

_CHANNEL_DELETED = "That channel was deleted. Remove the watch and add it again in another channel."

_NO_WORD = re.compile(r"\W")
_MAX_USERNAME = 30  # X allows 15 characters, and has a few older names that are longer


def notice_sentence(notice: Notice) -> str:
    """Return the sentence of a notice; a container says around it which post it is about."""
    match notice:
        case PostMissing():
            return _POST_MISSING[notice.why]
        case PostShown() | LikersHidden() | ListStalled():
            return _ABOUT_ITS_POST[type(notice)]
        case AccountMissing() | AccountShown():
            return _about_account(notice)
        case BudgetWarning() | ServerBudgetSpent() | BotBudgetSpent() | LikesTooDear():
            return _about_budget(notice)
        case ChannelClosed():
            return _CHANNEL_CLOSED.format(why=delivery_sentence(notice.why, notice.channel_id))
        case _:
            return _otherwise(notice)


def delivery_sentence(trouble: DeliveryTrouble, channel_id: int) -> str:
    """Return what keeps announcements from arriving in a channel, and what mends it."""
    if trouble is DeliveryTrouble.CHANNEL_DELETED:
        return _CHANNEL_DELETED
    return str(ChannelNotWritable(channel_id, trouble))


def _otherwise(notice: AnnouncementRefused | WatchEnded | KeysNotAccepted | WatchesFull) -> str:
    match notice:
        case AnnouncementRefused():
            return _refused(notice)
        case WatchEnded():
            return _summary(notice)
        case KeysNotAccepted():
            return _KEYS_NOT_ACCEPTED
        case WatchesFull():
            return _WATCHES_FULL.format(posts=counted(notice.posts, "post"))


def _about_account(notice: AccountMissing | AccountShown) -> str:
    sentence = _ACCOUNT_SHOWN
    if isinstance(notice, AccountMissing):
        sentence = _ACCOUNT_MISSING[notice.why]
    # Whatever X calls a username, it stays within the backticks.
    name = _NO_WORD.sub("", notice.username)[:_MAX_USERNAME]
    return sentence.format(name=name)


def _about_budget(
    notice: BudgetWarning | ServerBudgetSpent | BotBudgetSpent | LikesTooDear,
) -> str:
    if isinstance(notice, LikesTooDear):
        whose, who, how = _OF_SERVER[notice.of_server]
        likes = counted(notice.likes, "like")
        return _TOO_DEAR.format(likes=likes, whose=whose, who=who, how=how)
    if isinstance(notice, BotBudgetSpent):
        return _BOT_BUDGET_SPENT
    is_spent = isinstance(notice, ServerBudgetSpent)
    sentence = _SERVER_BUDGET_SPENT if is_spent else _BUDGET_WARNING
    return sentence.format(spent=cents(notice.spent_usd), budget=cents(notice.budget_usd))


def _refused(notice: AnnouncementRefused) -> str:
    what = f"an announcement of {counted(notice.likes, 'like')}" if notice.likes else "a notice"
    why, mend = _REFUSED_OTHERWISE
    if notice.code is not None:
        why, mend = _WHY_REFUSED.get(notice.code, (f"its error has the code {notice.code}", mend))
    # Of the first ones it was not written down; they are told in their own channel.
    where = "this channel" if notice.channel_id is None else f"<#{notice.channel_id}>"
    return _REFUSED.format(what=what, where=where, why=why, mend=mend)


def _summary(ended: WatchEnded) -> str:
    told = f"In {counted(ended.days, 'day')}, {_announced(ended)}"
    return f"{told}; {counted(ended.likes, 'like')} in all. {_why_not_all(ended)}".rstrip()


def _announced(ended: WatchEnded) -> str:
    if not ended.counted:
        return f"{counted(ended.named, 'like')} announced by name"
    if not ended.named:
        return f"{counted(ended.counted, 'like')} announced, without names"
    named = counted(ended.named, "like")
    return f"{named} announced by name and {number(ended.counted)} without names"


def _why_not_all(ended: WatchEnded) -> str:
    if not ended.post_shown:
        return "X no longer shows the post."
    if ended.kind in _WITHOUT_NAMES:
        return _WITHOUT_NAMES[ended.kind]
    if ended.hidden:
        return f"X does not show who {number(ended.hidden)} of them come from."
    return ""

"""What is told of beside likes, in words."""

import re
from dataclasses import dataclass

from bot.chat.languages.translator import ENGLISH, Translator
from bot.domain import Missing, WatchKind
from bot.domain.errors.commands import NOT_WRITABLE
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
from bot.domain.sentences import CountedSentence, Sentence
from bot.domain.troubles import AccountMissing, DeliveryTrouble, PostMissing

_POST_MISSING = {
    Missing.DELETED: Sentence(
        "X no longer has this post. The watch goes on by itself if it comes back."
    ),
    Missing.PROTECTED: Sentence(
        "The author's posts are protected now. The watch goes on when they are public again."
    ),
    Missing.WITHHELD: Sentence("X withholds this post. The watch goes on when it is shown again."),
}
_POST_SHOWN = Sentence("X shows this post again. The watch goes on.")
_LIKERS_HIDDEN = Sentence(
    "X no longer shows me who likes this post, so from now on I tell how many do. Its author can "
    "change that with `/account link`."
)
_LIST_STALLED = Sentence(
    "X's list of this post's likers shows nobody new, so from now on I tell how many there are. "
    "Names come again when the list goes on."
)
_ABOUT_ITS_POST = {
    PostShown: _POST_SHOWN,
    LikersHidden: _LIKERS_HIDDEN,
    ListStalled: _LIST_STALLED,
}
_ACCOUNT_MISSING = {
    Missing.DELETED: Sentence(
        "X no longer shows the account `@{name}`: it was suspended, or its owner deleted it. I go "
        "on with its new posts if it comes back."
    ),
    Missing.PROTECTED: Sentence(
        "The posts of `@{name}` are protected now. I go on with its new posts when they are "
        "public again."
    ),
    Missing.WITHHELD: Sentence(
        "X withholds the account `@{name}`. I go on with its new posts when it is shown again."
    ),
}
_ACCOUNT_SHOWN = Sentence("X shows the posts of `@{name}` again. I go on with its new posts.")
_BUDGET_WARNING = Sentence(
    "This server has spent {spent} of its budget of {budget} for X this month. From now on "
    "I look for new likes less often, so that it lasts until the month ends. `/usage` shows "
    "what it went for, and `/config budget` changes it."
)
_SERVER_BUDGET_SPENT = Sentence(
    "Paused: this server's budget for X is spent, {spent} of {budget}. I announce nothing new "
    "until a manager raises it with `/config budget`, or the next month begins (UTC). `/usage` "
    "shows what it went for."
)
_BOT_BUDGET_SPENT = Sentence(
    "Paused: my budget for X is spent for this month, in all servers together. I announce nothing "
    "new until the person who runs me raises it, or the next month begins (UTC)."
)
_TOO_DEAR_FOR_SERVER = CountedSentence(
    "{n} like wait here: to see who they are from would cost more than is left of this server's "
    "budget this month. I announce them by themselves when a manager raises it with `/config "
    "budget`, or the next month begins (UTC). What costs less is announced as before.",
    "{n} likes wait here: to see who they are from would cost more than is left of this server's "
    "budget this month. I announce them by themselves when a manager raises it with `/config "
    "budget`, or the next month begins (UTC). What costs less is announced as before.",
)
_TOO_DEAR_FOR_BOT = CountedSentence(
    "{n} like wait here: to see who they are from would cost more than is left of my budget this "
    "month. I announce them by themselves when the person who runs me raises it, or the next "
    "month begins (UTC). What costs less is announced as before.",
    "{n} likes wait here: to see who they are from would cost more than is left of my budget this "
    "month. I announce them by themselves when the person who runs me raises it, or the next "
    "month begins (UTC). What costs less is announced as before.",
)
_CHANNEL_CLOSED = Sentence(
    "{why} What is watched there waits until then, and I ask X nothing for it. I go on by myself; "
    "`/watch list` shows what it is about."
)
_KEYS_NOT_ACCEPTED = Sentence(
    "X does not accept my keys any more, so I announce nothing new. The person who runs me must "
    "make new ones; I go on by myself when X accepts them. `/status` shows how it stands."
)
_WATCHES_FULL = CountedSentence(
    "This server watches {n} post, and may watch no more: new posts of the accounts that it "
    "watches wait until there is room. A manager makes room with `/watch remove`, and so do "
    "posts whose time is over; the person who runs me can allow more.",
    "This server watches {n} posts, and may watch no more: new posts of the accounts that it "
    "watches wait until there is room. A manager makes room with `/watch remove`, and so do "
    "posts whose time is over; the person who runs me can allow more.",
)
_REFUSED = Sentence(
    "Discord refused {what} of mine for {where}, down to the bare count: {why}. I have set it "
    "aside and go on with the others. {mend}"
)
_REFUSED_LIKES = CountedSentence("an announcement of {n} like", "an announcement of {n} likes")
_REFUSED_NOTICE, _HERE = Sentence("a notice"), Sentence("this channel")
_FILTERED_WORD, _FILTERED_LINK, _INVALID = 200_000, 240_000, 50_035
_SEE_LIKERS = Sentence("`/likers` shows who likes a post.")
_WHY_REFUSED = {
    _FILTERED_WORD: (
        Sentence("a word in it is blocked here"),
        Sentence("A manager finds the rule under AutoMod."),
    ),
    _FILTERED_LINK: (
        Sentence("a link in it counts as harmful"),
        Sentence("`/post` shows what there is to see."),
    ),
    _INVALID: (Sentence("something in it is invalid"), _SEE_LIKERS),
}
_NO_REASON, _SOME_CODE = Sentence("it did not say why"), Sentence("its error has the code {code}")
_SUMMARY = CountedSentence(
    "In {days}, {announced}; {n} like in total.", "In {days}, {announced}; {n} likes in total."
)
_DAYS = CountedSentence("{n} day", "{n} days")
_BY_NAME = CountedSentence("{n} like announced by name", "{n} likes announced by name")
_UNNAMED = CountedSentence(
    "{n} like announced, without names", "{n} likes announced, without names"
)
_BOTH = CountedSentence("{named} and {n} without names", "{named} and {n} without names")
_NOT_SHOWN_ANY_MORE = Sentence("X no longer shows the post.")
_WITHOUT_NAMES = {
    WatchKind.COUNTS: Sentence("X hides who likes it."),
    WatchKind.STALLED: Sentence("X's list of likers shows nobody new."),
}
_HIDDEN = CountedSentence(
    "X does not show who {n} of them come from.", "X does not show who {n} of them come from."
)
_CHANNEL_DELETED = Sentence(
    "That channel was deleted. Remove the watch and add it again in another channel."
)

_NO_WORD = re.compile(r"\W")
_MAX_USERNAME = 30  # X allows 15 characters, and has a few older names that are longer


def notice_sentence(notice: Notice, say: Translator = ENGLISH) -> str:
    """Return the sentence of a notice; a container says around it which post it is about."""
    return _Notices(say).sentence(notice)


def delivery_sentence(trouble: DeliveryTrouble, channel_id: int, say: Translator = ENGLISH) -> str:
    """Return what keeps announcements from arriving in a channel, and what mends it."""
    if trouble is DeliveryTrouble.CHANNEL_DELETED:
        return say(_CHANNEL_DELETED)
    return say(NOT_WRITABLE[trouble], channel=str(channel_id))


@dataclass(frozen=True, slots=True)
class _Notices:
    """Makes sentences of notices in a language."""

    say: Translator

    def sentence(self, notice: Notice) -> str:
        match notice:
            case PostMissing():
                return self.say(_POST_MISSING[notice.why])
            case PostShown() | LikersHidden() | ListStalled():
                return self.say(_ABOUT_ITS_POST[type(notice)])
            case AccountMissing() | AccountShown():
                return self._about_account(notice)
            case BudgetWarning() | ServerBudgetSpent() | BotBudgetSpent() | LikesTooDear():
                return self._about_budget(notice)
            case ChannelClosed():
                why = delivery_sentence(notice.why, notice.channel_id, self.say)
                return self.say(_CHANNEL_CLOSED, why=why)
            case _:
                return self._otherwise(notice)

    def _otherwise(
        self, notice: AnnouncementRefused | WatchEnded | KeysNotAccepted | WatchesFull
    ) -> str:
        match notice:
            case AnnouncementRefused():
                return self._refused(notice)
            case WatchEnded():
                return self._summary(notice)
            case KeysNotAccepted():
                return self.say(_KEYS_NOT_ACCEPTED)
            case WatchesFull():
                return self.say.counted(notice.posts, _WATCHES_FULL)

    def _about_account(self, notice: AccountMissing | AccountShown) -> str:
        sentence = _ACCOUNT_SHOWN
        if isinstance(notice, AccountMissing):
            sentence = _ACCOUNT_MISSING[notice.why]
        # Whatever X calls a username, it stays within the backticks.
        name = _NO_WORD.sub("", notice.username)[:_MAX_USERNAME]
        return self.say(sentence, name=name)

    def _about_budget(
        self, notice: BudgetWarning | ServerBudgetSpent | BotBudgetSpent | LikesTooDear
    ) -> str:
        if isinstance(notice, LikesTooDear):
            too_dear = _TOO_DEAR_FOR_SERVER if notice.of_server else _TOO_DEAR_FOR_BOT
            return self.say.counted(notice.likes, too_dear)
        if isinstance(notice, BotBudgetSpent):
            return self.say(_BOT_BUDGET_SPENT)
        is_spent = isinstance(notice, ServerBudgetSpent)
        sentence = _SERVER_BUDGET_SPENT if is_spent else _BUDGET_WARNING
        spent, budget = map(self.say.dollars, (notice.spent_usd, notice.budget_usd))
        return self.say(sentence, spent=spent, budget=budget)

    def _refused(self, notice: AnnouncementRefused) -> str:
        say = self.say
        what = say.counted(notice.likes, _REFUSED_LIKES) if notice.likes else say(_REFUSED_NOTICE)
        why, mend = _WHY_REFUSED.get(notice.code or 0, (_SOME_CODE, _SEE_LIKERS))
        if notice.code is None:
            why = _NO_REASON
        # Of the first ones it was not written down; they are told in their own channel.
        where = say(_HERE) if notice.channel_id is None else f"<#{notice.channel_id}>"
        return say(
            _REFUSED, what=what, where=where, why=say(why, code=str(notice.code)), mend=say(mend)
        )

    def _summary(self, ended: WatchEnded) -> str:
        days = self.say.counted(ended.days, _DAYS)
        told = self.say.counted(ended.likes, _SUMMARY, days=days, announced=self._announced(ended))
        return f"{told} {self._why_not_all(ended)}".rstrip()

    def _announced(self, ended: WatchEnded) -> str:
        named = self.say.counted(ended.named, _BY_NAME)
        if not ended.counted:
            return named
        if not ended.named:
            return self.say.counted(ended.counted, _UNNAMED)
        return self.say.counted(ended.counted, _BOTH, named=named)

    def _why_not_all(self, ended: WatchEnded) -> str:
        if not ended.post_shown:
            return self.say(_NOT_SHOWN_ANY_MORE)
        if ended.kind in _WITHOUT_NAMES:
            return self.say(_WITHOUT_NAMES[ended.kind])
        return self.say.counted(ended.hidden, _HIDDEN) if ended.hidden else ""

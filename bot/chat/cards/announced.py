"""What an announcement says: who likes a post, in whose name, and how many there are."""

from collections.abc import Iterator

from bot.chat import text
from bot.chat.cards.display_rules import source
from bot.chat.cards.facts import many_followers, verified_mark
from bot.chat.cards.posts import post_line, post_link, post_named
from bot.chat.languages.translator import Translator
from bot.domain import Announcement, AnnouncementType, Post, User
from bot.domain.announcements import Recognition
from bot.domain.sentences import CountedSentence, Sentence
from bot.domain.styles import WatchStyle
from bot.domain.wording import put_in

LIKES = CountedSentence("{n} like", "{n} likes")
# A like is worth a word when it is somebody's so manieth.
_ROUND = frozenset({10, 25, 50, 100, 250, 500, 1_000})
_MAX_NAME = 40
_LEAST_SMALL = 40  # characters for the count below
_LIKED = CountedSentence("{names} liked {post}", "{names} liked {post}")
_NO_LONGER = CountedSentence("{names} no longer likes {post}", "{names} no longer like {post}")
PEOPLE = CountedSentence("{n} person", "{n} people")
_NEXT, _LAST = Sentence("{first}, {next}"), Sentence("{first} and {last}")
_OTHERS = CountedSentence("{n} more", "{n} more")
_ON = Sentence("{what} on {post}")
_GROWN = CountedSentence("{before} → {n} likes", "{before} → {n} likes")
_CHANGED = Sentence("Likes changed")
_SOME, _SOME_TAKEN_BACK = Sentence("New likes"), Sentence("Likes taken back")
_NEW = CountedSentence("{n} new like", "{n} new likes")
_TAKEN_BACK = CountedSentence("{n} like taken back", "{n} likes taken back")
_OF_SOMEBODY = Sentence("{name}: {what}")
_FIRST = Sentence("first like on this post")
_NTH = Sentence("their {n}th like this month")


class SaidLikes:
    """Says of one announcement who likes a post, or how many, in a language.

    The post stands in a line that leads to it, of at most so many characters.
    """

    def __init__(
        self, announcement: Announcement, post: Post, say: Translator, most_line: int
    ) -> None:
        self._told, self._post, self._say = announcement, post, say
        self._line = post_line(post, most_line)

    def people(self, limit: int) -> str:
        """Say who likes the post, then the post, then the count, small.

        What is worth saying of the likers is added as far as it fits into `limit`.
        """
        whole = self._people(self._line, limit)
        # Nothing is quoted where there is no room to say where that is from.
        is_short = not self._line or text.length(whole) <= limit
        return whole if is_short else self._people("", limit)

    def growth(self) -> str:
        """Say how the count grew where names are not shown."""
        say, before, after = self._say, self._told.from_count, self._told.like_count
        if before is None:
            facts, grown = say.counted(after, LIKES), without_names(self._told, say)
        else:
            facts = say.counted(after, _GROWN, before=say.number(before))
            grown = say.counted(after - before, _NEW) if after > before else say(_CHANGED)
        head = say(_ON, what=f"**{grown}**", post=self._by_whom(self._line))
        small = [facts, source(self._post, say)] if self._line else [facts]
        return "\n".join(filter(None, [head, self._line, f"-# {' · '.join(small)}"]))

    def _people(self, line: str, limit: int) -> str:
        told, say = self._told, self._say
        does = _NO_LONGER if told.type is AnnouncementType.LEFT else _LIKED
        head = say.counted(told.told, does, names=self._names(), post=self._by_whom(line))
        body = "\n".join(filter(None, [head, line]))
        seen = source(self._post, say) if line else ""
        if told.template and line and told.type is AnnouncementType.LIKES:
            own = put_in(told.template, self._fields(line))
            room = limit - _LEAST_SMALL - text.length(seen)
            body = own if own.strip() and text.length(own) <= room else body
        small = self._small(seen, limit - text.length(body) - 1)
        return f"{body}\n{small}" if small else body

    def _by_whom(self, line: str) -> str:
        """Return "a post by @name"; it leads to the post where no `line` of its text does."""
        return post_named(self._post, self._say) if line else post_link(self._post, self._say)

    def _fields(self, line: str) -> dict[str, str]:
        """Return what the fields of a template stand for, escaped."""
        author = self._post.author
        return {
            "names": self._names(),
            "count": self._say.number(self._told.like_count),
            "new": self._say.number(self._told.told),
            "author": text.handle_link(author.username) if author else "",
            "post": line,
            "url": f"<{self._post.url}>",
        }

    def _names(self) -> str:
        likers, more, say = self._told.likers, self._told.more, self._say
        if not likers:
            return f"**{say.counted(more, PEOPLE)}**"
        if self._told.told == 1:
            handle = text.handle_link(likers[0].username)
            return f"**{text.profile_link(likers[0])}** ({handle})"
        names = [f"**{text.profile_link(liker, _MAX_NAME)}**" for liker in likers]
        last = f"**{say.counted(more, _OTHERS)}**" if more else names.pop()
        return say(_LAST, first=self._listed(names), last=last)

    def _listed(self, parts: list[str]) -> str:
        listed = parts[0]
        for part in parts[1:]:
            listed = self._say(_NEXT, first=listed, next=part)
        return listed

    def _small(self, seen: str, room: int) -> str:
        """Return the count, what is worth saying of who liked if there is room, and the source."""
        told = self._told
        # A card says it above.
        is_said = told.style is WatchStyle.CARD and told.type is AnnouncementType.LIKES
        said = [] if is_said else [self._say.counted(told.like_count, LIKES)]
        for remark in self._remarks():
            if text.length(_small_line(*said, remark, seen)) > room:
                break
            said.append(remark)
        return _small_line(*said, seen)

    def _remarks(self) -> Iterator[str]:
        if self._told.type is not AnnouncementType.LIKES:
            return
        known = {each.user_id: each for each in self._told.recognitions}
        for liker in self._told.likers:
            said = list(self._worth(liker, known.get(liker.id)))
            if self._told.told == 1:
                yield from said
            elif said:
                name = text.label(liker.name, _MAX_NAME) or text.handle(liker.username)
                yield self._say(_OF_SOMEBODY, name=name, what=self._listed(said))

    def _worth(self, liker: User, like: Recognition | None) -> Iterator[str]:
        """Yield what is worth saying of somebody who likes a post, the most telling first."""
        if like is not None and like.is_first:
            yield self._say(_FIRST)
        if like is not None and like.nth in _ROUND:
            yield self._say(_NTH, n=self._say.number(like.nth))
        yield from verified_mark(liker, self._say)
        yield from many_followers(liker, self._say)


def without_names(announcement: Announcement, say: Translator) -> str:
    """Return what is told where names are not shown: not even how many they were."""
    return say(_SOME_TAKEN_BACK if announcement.type is AnnouncementType.LEFT else _SOME)


def likes_told(announcement: Announcement, say: Translator) -> str:
    """Return of how many likes an announcement tells."""
    if announcement.told:
        is_left = announcement.type is AnnouncementType.LEFT
        return say.counted(announcement.told, _TAKEN_BACK if is_left else _NEW)
    if announcement.from_count is None:
        return without_names(announcement, say)
    return say.counted(max(0, announcement.like_count - announcement.from_count), _NEW)


def _small_line(*facts: str) -> str:
    shown = " · ".join(filter(None, facts))
    return f"-# {shown}" if shown else ""

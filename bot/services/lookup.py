"""Looking up posts, who likes them, and what a user likes."""

from dataclasses import replace

from bot.accounts.which_account import Access
from bot.domain import (
    Actor,
    AuthorView,
    Hidden,
    LikedPage,
    LikersPage,
    Post,
    PostsPage,
    Profile,
    UsersPage,
)
from bot.domain.errors import (
    AskedNotToBeShown,
    KeysRefused,
    LikersNotShown,
    LinkUnreadable,
    UserNotShown,
    XError,
)
from bot.domain.guilds import LIKED_A_PAGE, LIKERS_A_PAGE
from bot.services.lookup_rights import LookupRights, lookup_bill
from bot.watching.stored_values import post_value
from bot.x.client import XClient
from bot.x.originals import read_original, read_whole_original
from bot.x.post_ref import find_post_refs, parse_post_ref, parse_username
from bot.x.prices import Bill
from storage.database import Database
from storage.models import Guild
from storage.posts import Posts
from storage.users import Users


class LookupService:
    def __init__(self, database: Database, access: Access) -> None:
        self._database = database
        self._access = access
        self._rights = LookupRights(database)
        self._x = access.own

    async def post(self, actor: Actor, ref: str) -> Post:
        """Return a post with all that X shows of it; of a repost, the original."""
        guild, bill = await self._rights.require(actor), lookup_bill("/post", actor)
        post_id, x = parse_post_ref(ref), await self._public(guild)
        return await self._shown(await read_whole_original(x, post_id, bill))

    async def _public(self, guild: Guild) -> XClient:
        return await self._access.public(guild.id, is_home=self._access.audience.is_home_by(guild))

    async def _shown(self, post: Post) -> Post:
        """Return a post without those that it refers to whose authors asked not to be shown.

        Raise AskedNotToBeShown where its own has.
        """
        below = [each.post for each in post.references if each.post is not None]
        hidden = await self._access.audience.not_to_be_shown([post, *below])
        if post.id in hidden:
            raise AskedNotToBeShown
        references = [
            replace(each, post=None) if each.id in hidden else each for each in post.references
        ]
        return replace(post, references=tuple(references))

    async def author_view(self, actor: Actor, post: Post) -> AuthorView | None:
        """Return what X tells of a post only to its author, for whom that is meant.

        Members are told of the posts of their own linked accounts; those who manage one of the
        operator's servers also of the posts of the bot's account.
        """
        try:
            return await self._author_view(actor, post)
        except (XError, LinkUnreadable):
            # Nobody asked for more than the post, which is shown already.
            return None

    async def _author_view(self, actor: Actor, post: Post) -> AuthorView | None:
        if post.author_id is None:
            return None
        bill = lookup_bill("/post", actor)
        linked = await self._access.linked.as_themselves(actor.user_id, post.author_id)
        if linked is not None:
            try:
                metrics = await linked.author_metrics(post.id, bill)
                return AuthorView(metrics, is_ones_own=True) if metrics else None
            except KeysRefused:
                pass  # then it is as if it were not linked
        is_home = await self._access.audience.is_home(actor.guild_id)
        if is_home and actor.manages_guild and post.author_id == self._x.user_id:
            metrics = await self._x.author_metrics(post.id, bill)
            return AuthorView(metrics, is_ones_own=False) if metrics else None
        return None

    async def likers(
        self, actor: Actor, ref: str, token: str | None = None, at: int = 0
    ) -> LikersPage:
        """Return a page of who likes a post, or the original of a repost.

        `hidden` says why X shows fewer than it counts.

        X's token of a page says nothing of its place: `at` is how many come before the page or,
        below zero, how many there are up to its end.
        """
        guild, bill = await self._rights.require(actor), lookup_bill("/likers", actor)
        post_id, public = parse_post_ref(ref), await self._public(guild)
        post = await self._shown(await read_original(public, post_id, bill))
        size = guild.page_size or LIKERS_A_PAGE

        async def ask(x: XClient) -> tuple[UsersPage, int | None]:
            page = await x.likes.liking_users(post.id, max_results=size, token=token, bill=bill)
            return page, x.user_id

        try:
            page, reader_id = await self._access.ask(post.author_id, actor.guild_id, ask)
        except LikersNotShown:
            hidden = Hidden.PRIVATE if post.counts.likes else None
            return LikersPage(post, UsersPage(()), hidden)
        before = at if at >= 0 else max(0, -at - len(page.users))
        page = replace(page, users=await self._access.audience.namable(page.users))
        found = LikersPage(post, page, before=before)
        return replace(found, hidden=why_hidden(found, reader_id))

    async def is_ones_own(self, member_id: int, username: str) -> bool:
        """Say whether a member asks about their own linked account; X is not asked."""
        return await self._access.linked.is_named(member_id, parse_username(username))

    async def liked(
        self,
        actor: Actor,
        username: str,
        token: str | None = None,
        *,
        is_private: bool = False,
    ) -> LikedPage:
        """Return a page of what a user likes; raise UserNotShown where X hides it.

        Where the member alone will see the answer, X shows them what their own linked account
        likes.
        """
        guild, bill = await self._rights.require(actor), lookup_bill("/liked", actor)
        asked_as = parse_username(username)
        public = await self._public(guild)
        profile = await _profile(public, bill, asked_as, first=token is None)
        user = profile.user
        size = guild.page_size or LIKED_A_PAGE
        (namable,) = await self._access.audience.namable([user])
        if not namable.is_named:
            raise AskedNotToBeShown

        async def ask(x: XClient) -> tuple[PostsPage, int | None]:
            page = await x.likes.liked_posts(user.id, max_results=size, token=token, bill=bill)
            return page, x.user_id

        if is_private:
            page, reader_id = await self._access.ask_as_themselves(
                actor.user_id, actor.guild_id, user.id, ask
            )
        else:
            page, reader_id = await ask(public)
        if not page.posts and token is None and user.id != reader_id:
            raise UserNotShown
        hidden = await self._access.audience.not_to_be_shown(page.posts)
        shown = tuple(post for post in page.posts if post.id not in hidden)
        page = replace(page, posts=shown)
        return LikedPage(user, page, profile if token is None else None, asked_as)

    async def mentioned(self, guild_id: int, text: str) -> tuple[Post, ...]:
        """Return the posts whose addresses stand in a text, as far as they are known here.

        X is not asked: of a post that was never watched, only the ID is known. What the bot's own
        account has seen of it is for its operator's servers.
        """
        post_ids = find_post_refs(text)
        if not await self._access.audience.is_home(guild_id):
            return tuple(Post(post_id, "") for post_id in post_ids)
        async with self._database.reading() as session:
            rows = await Posts(session).some(post_ids)
            authors = {row.author_id for row in rows.values() if row.author_id is not None}
            users = await Users(session).get(authors)
        return tuple(
            post_value(rows[post_id], users) if post_id in rows else Post(post_id, "")
            for post_id in post_ids
        )


async def _profile(x: XClient, bill: Bill, username: str, *, first: bool) -> Profile:
    """Read who somebody is; what they pinned is shown, and paid for, on the first page only."""
    if first:
        return await x.profile(username, bill)
    return Profile(await x.user_by_username(username, bill))


def why_hidden(found: LikersPage, reader_id: int | None) -> Hidden | None:
    """Return why X shows fewer likers than it counts, as far as this page can tell.

    Where a list ends before the count is seen on its last page alone: X's documents do not agree
    on how long one can be.
    """
    likes = found.post.counts.likes
    if found.until == 0:
        own = found.post.author_id is not None and found.post.author_id == reader_id
        return (Hidden.SOME if own else Hidden.PRIVATE) if likes else None
    is_last = found.page.next_token is None
    return Hidden.SOME if is_last and found.until < likes else None

"""Reading the original of a repost: likes belong to it, and a repost's own count is always 0."""

from contextlib import suppress
from dataclasses import replace

from bot.domain import Post
from bot.domain.errors import PostNotFound, PostNotShown
from bot.x.client import XClient
from bot.x.prices import Bill


async def read_original(x: XClient, post_id: int, bill: Bill) -> Post:
    """Read a post with its author or, where the ID is a repost's, the original.

    Raise PostNotFound or PostNotShown where X does not show it. A post that is no repost is read
    once, and costs what it always does.
    """
    if x.original_id(post_id) == post_id:
        post = await x.post(post_id, bill)
        if post.may_be_repost:
            # In X's newer names only a whole post tells; it costs nothing more today.
            await x.whole_post(post_id, bill)
        if x.original_id(post_id) == post_id:
            return post
    return replace(await x.post(x.original_id(post_id), bill), repost_id=post_id)


async def read_whole_original(x: XClient, post_id: int, bill: Bill) -> Post:
    """Read all that X shows of a post or, where the ID is a repost's, of the original.

    Where X does not show that, return the repost itself, which says so.
    """
    post = None
    if x.original_id(post_id) == post_id:
        post = await x.whole_post(post_id, bill)
    if (original_id := x.original_id(post_id)) != post_id:
        with suppress(PostNotFound, PostNotShown):
            return replace(await x.whole_post(original_id, bill), repost_id=post_id)
    return post or await x.whole_post(post_id, bill)

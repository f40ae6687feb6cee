"""Liking and unliking a post because a member asks for it."""

from bot.domain import Actor, LikeDone


class LikeService:
    async def like(self, actor: Actor, ref: str) -> LikeDone:
        """Like the post that `ref` (a URL or an ID) names."""
        raise NotImplementedError

    async def unlike(self, actor: Actor, ref: str) -> LikeDone:
        """Take a like back; X answers the same when there was none."""
        raise NotImplementedError

"""Looking up posts, who likes them, and what a user likes."""

from bot.domain import LikedPage, LikersPage, Post


class LookupService:
    async def post(self, guild_id: int, ref: str) -> Post:
        raise NotImplementedError

    async def likers(self, guild_id: int, ref: str, token: str | None = None) -> LikersPage:
        raise NotImplementedError

    async def liked(self, guild_id: int, username: str, token: str | None = None) -> LikedPage:
        raise NotImplementedError

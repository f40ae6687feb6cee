"""A server that is somebody else's, to which they added the bot."""

from typing import Any

from sandbox.x.world.rows import Post
from tests.e2e.harness import GRACE, Scene
from tests.e2e.opening import add_guild

NOT_SERVED = (
    "I only ask X for the servers of the person who runs me, and this isn't one of them. They can "
    "let it in with `/config home`."
)


async def strangers(scene: Scene, **settings: str) -> str:
    """Start the bot, which is in Grace's server, too; return the channel of that."""
    _, channel = add_guild(scene.stage, int(GRACE))
    await scene.x("POST", "/settings", {"liking": "allowed"})
    await scene.start_bot(DISCORD_GUILD_ID="", **settings)
    return channel


async def asked_of_x(scene: Scene, post: Post) -> list[str]:
    """Return what X was asked about a post."""
    entries: list[dict[str, Any]] = await scene.x("GET", "/requests")
    return [entry["path"] for entry in entries if str(post.id) in str(entry)]

"""Opening threads, and changing what becomes of them, with everybody told."""

from sandbox.discord.core import Core
from sandbox.discord.world import Channel, Thread


def open_thread(
    core: Core,
    parent: Channel,
    name: str,
    owner_id: int,
    *,
    private: bool = False,
    thread_id: int | None = None,
    applied: tuple[int, ...] = (),
) -> Thread:
    """Open a thread; a private one has its owner and the bot in it.

    One that hangs on a message has the message's ID.
    """
    now = core.clock.now()
    guild = core.world.guild_of(parent)
    thread = Thread(
        id=core.snowflakes.next() if thread_id is None else thread_id,
        guild_id=guild.id,
        name=name,
        position=0,
        parent_id=parent.id,
        owner_id=owner_id,
        private=private,
        applied=applied,
        members={owner_id, core.world.application.id},
        created_at=now,
        archived_at=now,
    )
    guild.threads[thread.id] = thread
    core.news.thread_changed("create", thread)
    return thread


def change(
    core: Core, thread: Thread, *, archived: bool | None = None, locked: bool | None = None
) -> None:
    if archived is not None and archived != thread.archived:
        thread.archived, thread.archived_at = archived, core.clock.now()
    if locked is not None:
        thread.locked = locked
    core.news.thread_changed("update", thread)


def set_member(core: Core, thread: Thread, user_id: int, *, is_in: bool) -> None:
    """Add somebody to a thread, or remove them."""
    if is_in:
        thread.members.add(user_id)
        core.news.thread_members_changed(thread, added=[user_id])
        return
    # Whoever is removed from a private thread hears of that as the last thing.
    core.news.thread_members_changed(thread, removed=[user_id])
    thread.members.discard(user_id)


def remove(core: Core, thread: Thread) -> None:
    core.news.thread_changed("delete", thread)
    del core.world.guild_of(thread).threads[thread.id]
    core.store.forget_channel(thread.id)

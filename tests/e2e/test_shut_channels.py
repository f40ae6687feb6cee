"""A channel is shut to the bot in all the ways there are: it is named, waited for, and gone on."""

from typing import Any

import pytest

from sandbox.discord.permissions import Permission
from tests.e2e.harness import GUILD, Scene, address

pytestmark = pytest.mark.asyncio(loop_scope="module")

PERMISSIONS = {
    "VIEW_CHANNEL": "Give me the permission “View Channel” there",
    "SEND_MESSAGES": "Give me the permission “Send Messages” there",
    "READ_MESSAGE_HISTORY": "I need the permission “Read Message History” in",
}


async def deny(scene: Scene, channel_id: str, *names: str) -> None:
    await scene.discord("PATCH", f"/channels/{channel_id}", {"deny": list(names)})


async def thread(scene: Scene, parent_id: str, **more: Any) -> str:
    made = {"parent_id": parent_id, "name": "aside", **more}
    return str((await scene.discord("POST", "/threads", made))["id"])


async def change(scene: Scene, thread_id: str, **how: bool) -> None:
    await scene.discord("PATCH", f"/threads/{thread_id}", how)


async def listed(scene: Scene, sentence: str) -> None:
    await scene.repeat_until("watch list", sentence)


async def goes_on(scene: Scene, post: Any, channel_id: str) -> None:
    """See that what came meanwhile is told together, and what comes now as well."""
    await scene.all_told()
    assert len(await scene.messages(channel_id)) == 1
    await scene.announcement(scene.like(post), channel_id)
    await scene.all_told()
    assert len(await scene.messages(channel_id)) == 2


@pytest.mark.parametrize("permission", PERMISSIONS)
async def test_a_permission_is_taken_away_and_given_back(scene: Scene, permission: str) -> None:
    post, channel_id = scene.post(), await scene.new_channel()
    await scene.watch(post, channel_id)
    await deny(scene, channel_id, permission)
    await listed(scene, PERMISSIONS[permission])
    for _ in range(3):
        scene.like(post)
    refused = await scene.command("watch add", post=address(post), channel=channel_id)
    assert PERMISSIONS[permission] in refused.text

    await deny(scene, channel_id)
    await goes_on(scene, post, channel_id)


async def test_sending_in_threads_is_taken_away_and_given_back(scene: Scene) -> None:
    post, parent_id = scene.post(), await scene.new_channel()
    thread_id = await thread(scene, parent_id)
    await scene.watch(post, thread_id)
    await deny(scene, parent_id, "SEND_MESSAGES_IN_THREADS")
    await listed(scene, "Give me the permission “Send Messages in Threads” there")
    for _ in range(3):
        scene.like(post)
    await deny(scene, parent_id)
    await goes_on(scene, post, thread_id)


async def test_a_thread_is_locked_and_unlocked(scene: Scene) -> None:
    post, thread_id = scene.post(), await thread(scene, await scene.new_channel())
    await scene.watch(post, thread_id)
    await change(scene, thread_id, locked=True)
    await listed(scene, "is locked. Unlock it, give me the permission “Manage Threads” there")
    for _ in range(3):
        scene.like(post)
    await change(scene, thread_id, archived=True)
    await change(scene, thread_id, archived=False, locked=False)
    await goes_on(scene, post, thread_id)


async def test_an_archived_thread_is_opened_by_what_is_announced(scene: Scene) -> None:
    post, thread_id = scene.post(), await thread(scene, await scene.new_channel())
    await scene.watch(post, thread_id)
    await change(scene, thread_id, archived=True)
    await scene.announcement(scene.like(post), thread_id)


async def test_an_archived_thread_that_discord_does_not_open(scene: Scene) -> None:
    post, thread_id = scene.post(), await thread(scene, await scene.new_channel())
    await scene.watch(post, thread_id)
    await change(scene, thread_id, archived=True)
    archived = {"message": "Thread is archived", "code": 50083}
    match = f"POST /channels/{thread_id}/messages"
    scene.discord_fault(match, status=400, body=archived, times=99)
    scene.like(post)
    await listed(scene, "is archived. Write something in it, which opens it again")
    for _ in range(2):
        scene.like(post)
    scene.mend()
    await change(scene, thread_id, archived=False)
    await scene.all_told()


async def test_the_bot_is_removed_from_a_private_thread_and_added_again(scene: Scene) -> None:
    post, parent_id = scene.post(), await scene.new_channel()
    thread_id = await thread(scene, parent_id, private=True)
    await scene.watch(post, thread_id)
    await change(scene, thread_id, bot=False)
    await listed(scene, "If it is private, mention me there, which adds me")
    for _ in range(3):
        scene.like(post)
    await change(scene, thread_id, bot=True)
    await goes_on(scene, post, thread_id)


@pytest.mark.parametrize("what", ["channel", "thread", "thread with its channel"])
async def test_a_channel_is_deleted(scene: Scene, what: str) -> None:
    post, channel_id = scene.post(), await scene.new_channel()
    place = await thread(scene, channel_id) if "thread" in what else channel_id
    await scene.watch(post, place)
    gone = place if what == "thread" else channel_id
    await scene.discord("DELETE", f"/channels/{gone}")
    await listed(scene, "That channel was deleted.")
    scene.score.watched.discard(str(post.id))


async def test_a_role_loses_a_permission_and_gets_it_back(scene: Scene) -> None:
    world = await scene.discord("GET", "/world")
    everyone = next(role for role in world["guilds"][0]["roles"] if role["id"] == GUILD)
    before = int(everyone["permissions"])
    post, channel_id = scene.post(), await scene.new_channel()
    await scene.watch(post, channel_id)
    names = ["VIEW_CHANNEL", "READ_MESSAGE_HISTORY", "USE_APPLICATION_COMMANDS"]
    await scene.discord("PATCH", f"/roles/{GUILD}", {"permissions": names})
    await listed(scene, PERMISSIONS["SEND_MESSAGES"])
    for _ in range(3):
        scene.like(post)
    names = _names(before)
    await scene.discord("PATCH", f"/roles/{GUILD}", {"permissions": names})
    await goes_on(scene, post, channel_id)


async def test_what_is_shut_while_the_bot_is_away_is_seen_at_its_start(scene: Scene) -> None:
    post, channel_id = scene.post(), await scene.new_channel()
    await scene.watch(post, channel_id)
    async with scene.reconnecting():
        await scene.discord("POST", "/faults", {"gateway": "invalid_session"})
    await deny(scene, channel_id, "VIEW_CHANNEL")
    await listed(scene, PERMISSIONS["VIEW_CHANNEL"])
    await deny(scene, channel_id)
    await scene.announcement(scene.like(post), channel_id)


async def test_the_bot_is_kicked_and_invited_again(scene: Scene) -> None:
    post, channel_id = scene.post(), await scene.new_channel()
    await scene.watch(post, channel_id)
    await scene.discord("DELETE", f"/guilds/{GUILD}/bot")
    for _ in range(3):
        scene.like(post)
    await scene.discord("PUT", f"/guilds/{GUILD}/bot")
    await goes_on(scene, post, channel_id)


async def test_the_servers_own_channel_is_looked_at_too(scene: Scene) -> None:
    channel_id = await scene.new_channel()
    await scene.command("config channel", channel=channel_id)
    await deny(scene, channel_id, "READ_MESSAGE_HISTORY")
    post = scene.post()
    refused = await scene.command("watch add", post=address(post))
    assert PERMISSIONS["READ_MESSAGE_HISTORY"] in refused.text
    refused = await scene.command("watch account", user="TwitterDev")
    assert PERMISSIONS["READ_MESSAGE_HISTORY"] in refused.text


def _names(held: int) -> list[str]:
    return [one.name for one in Permission if one & held and one.name]

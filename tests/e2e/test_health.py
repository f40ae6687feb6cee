"""Whoever looks after the process asks whether it works."""

import socket

import aiohttp

from tests.e2e.harness import Scene


async def test_a_running_bot_says_that_it_works(own_scene: Scene) -> None:
    scene = own_scene
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    await scene.start_bot(METRICS_PORT=str(port))
    post, channel_id = scene.post(), await scene.new_channel()
    await scene.watch(post, channel_id)
    await scene.announcement(scene.like(post), channel_id)
    await scene.bot.says("announced")
    await scene.bot.says("connected to Discord as")

    async with aiohttp.ClientSession() as http:
        async with http.get(f"http://127.0.0.1:{port}/healthz") as answer:
            assert (answer.status, await answer.text()) == (200, "It works.\n")
        async with http.get(f"http://127.0.0.1:{port}/metrics") as answer:
            assert "likecord_likes_announced_total 1.0" in await answer.text()
    (line,) = [line for line in scene.bot.log.splitlines() if "announced" in line]
    for part in (f"channel={channel_id}", f"post={post.id}", "likes=1", "kind=likes", "after_s="):
        assert part in line

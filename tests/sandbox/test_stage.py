"""Both stand-ins and the page, listening together."""

import asyncio
import socket

import aiohttp
import pytest

from bot.run.settings import Settings
from sandbox.clock import Clock
from sandbox.stage import HOST, Ports, open_stage

ANY = Ports(x=0, discord=0, web=0)


async def _status(http: aiohttp.ClientSession, url: str) -> int:
    async with http.get(url) as response:
        return response.status


async def test_free_ports_are_told_as_they_really_are() -> None:
    async with aiohttp.ClientSession() as http:
        async with open_stage(ANY) as stage:
            ports = (stage.ports.x, stage.ports.discord, stage.ports.web)
            assert len(set(ports)) == 3
            assert 0 not in ports
            assert await _status(http, f"http://{HOST}:{stage.ports.x}/sandbox/world") == 200
            assert await _status(http, f"{stage.discord_url}/sandbox/world") == 200
            assert await _status(http, stage.page_url) == 200
        for port in ports:
            with pytest.raises(aiohttp.ClientConnectorError):
                await _status(http, f"http://{HOST}:{port}/")


async def test_chosen_ports_are_used() -> None:
    with socket.create_server((HOST, 0)) as probe:
        free = probe.getsockname()[1]
    async with open_stage(Ports(x=0, discord=0, web=free)) as stage:
        assert stage.ports.web == free
        assert stage.page_url == f"http://{HOST}:{free}"


async def test_a_port_that_is_taken_is_told_and_leaves_nothing_open() -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit, match=f"Port {port} is taken. Choose another"):
            async with open_stage(Ports(x=0, discord=0, web=port)):
                pytest.fail("it cannot listen there")
    assert not [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]


async def test_the_settings_are_what_the_bot_needs() -> None:
    async with open_stage(ANY) as stage:
        given = stage.settings()
        settings = Settings.model_validate({name.lower(): value for name, value in given.items()})
        user = settings.credentials().user

        assert settings.discord_login() == stage.discord.token
        assert settings.discord_api_url == f"{stage.discord_url}/api/v10"
        assert settings.discord_gateway_url == f"ws://{HOST}:{stage.ports.discord}/gateway"
        assert settings.x_api_url == f"http://{HOST}:{stage.ports.x}"
        assert user is not None
        assert user.user_id == 2244994945


async def test_the_stand_ins_share_one_clock() -> None:
    clock = Clock()
    async with open_stage(ANY, clock) as stage, aiohttp.ClientSession() as http:
        before = clock.time()
        url = f"http://{HOST}:{stage.ports.x}/sandbox/clock"
        async with http.post(url, json={"advance_s": 3600}) as response:
            assert response.status == 200

        assert stage.clock is clock
        assert clock.time() - before >= 3600


async def test_the_crowd_likes_the_posts_it_is_given() -> None:
    async with open_stage(ANY) as stage:
        chosen = 1228393702244134912
        before = {post.id: post.like_count for post in stage.x.world.posts.values()}
        stage.crowd(60, lambda: [chosen]).like(5)

        grown = {
            post.id: post.like_count - before[post.id]
            for post in stage.x.world.posts.values()
            if post.like_count != before[post.id]
        }
        assert grown == {chosen: 5}

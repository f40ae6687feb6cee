"""Scenes to play in: one that a module's tests share, and new ones for those that break things."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.databases import SqliteFiles
from tests.e2e.harness import Scene
from tests.e2e.opening import open_scene


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_scene(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_files: SqliteFiles,
) -> AsyncIterator[Scene]:
    """A stage with a bot that a module's tests share, STARTED_WITH what the module says."""
    folder = tmp_path_factory.mktemp("scene")
    async with open_scene(folder, sqlite_files.copy(folder / "likecord.db")) as scene:
        await scene.start_bot(**getattr(request.module, "STARTED_WITH", {}))
        yield scene


@pytest_asyncio.fixture(loop_scope="module")
async def scene(shared_scene: Scene) -> Scene:
    """The shared scene, without the traces of the test before that would slow this one down."""
    await shared_scene.refresh()
    return shared_scene


@pytest_asyncio.fixture(loop_scope="session")
async def browsed_scene(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Scene]:
    """A stage of the test's own, in the loop of the browser that it is looked at with."""
    async with open_scene(tmp_path, sqlite_url) as scene:
        yield scene


@pytest_asyncio.fixture
async def own_scene(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Scene]:
    """A stage of the test's own, with no bot yet."""
    async with open_scene(tmp_path, sqlite_url) as scene:
        yield scene

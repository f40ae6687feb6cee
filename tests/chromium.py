"""The browser of the tests: Debian's Chromium, without a window."""

import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

# The shell is the same browser without Chrome's windows, and takes half the CPU time.
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
_PATH = next((path for path in map(shutil.which, _NAMES) if path), None)
# It needs no sandbox of the system's here, and talks to nobody but the page.
_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NOT_HERE = "Chromium is not installed"

needs_chromium = pytest.mark.skipif(_PATH is None, reason=NOT_HERE)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The running browser, for tests of the session's loop; they are skipped where there is none.

    It takes more than a second of CPU time to start, so the tests of a process share it.
    """
    if _PATH is None:
        pytest.skip(NOT_HERE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=_PATH, args=_ARGS)
        yield browser
        await browser.close()

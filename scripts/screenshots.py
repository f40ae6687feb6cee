"""Takes the pictures of docs/screenshots: the demo is run, used, and photographed.

Each view in dark and in light colours, as on a desk and as on a phone. `make screenshots`.
"""

import asyncio
import re
import shutil
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import aiohttp
from PIL import Image
from playwright.async_api import Browser, Page, ViewportSize, async_playwright
from style_channels import STYLES, fill

# Chromium needs no sandbox of the system's here, and talks to nobody but the page.
CHROMIUM_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = ViewportSize(width=390, height=844)
# Those out of sight are loaded when somebody scrolls there.
PICTURES_IN_SIGHT = """Promise.all(
  [...document.images]
    .filter((image) => {
      const { top, bottom, width } = image.getBoundingClientRect();
      return width > 0 && bottom > 0 && top < innerHeight && !image.complete;
    })
    .map((image) => new Promise((done) => { image.onload = image.onerror = done; })),
)"""
OUT = Path(__file__).parents[1] / "docs" / "screenshots"
MOST_BYTES = 200_000
_TIMEOUT_S = 600
_ENOUGH = 9
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
_DESK = ViewportSize(width=1280, height=800)
_NAMES = ("chromium", "chromium-browser", "chromium-headless-shell")
# A post of the demo's account that is watched in it.
_WATCHED, _OTHER = "1354143047324299264", "1228393702244134912"


@dataclass(frozen=True, slots=True)
class View:
    """What a picture shows: a channel, and a command with its options, if one is used there."""

    name: str
    channel: str
    command: str = ""
    options: tuple[tuple[str, str], ...] = ()
    shows: str = ""


VIEWS = (
    View("feed", "likes"),
    *(View(style, style) for style in STYLES),
    View("setup", "general", "setup", shows="Set up this server"),
    View("watch-list", "general", "watch list", shows="watched here"),
    View(
        "chart",
        "general",
        "chart post",
        (("post", _WATCHED), ("compare", f"https://x.com/i/status/{_OTHER}")),
        shows="Likes in the last 7 days",
    ),
    View("usage", "general", "usage", shows="What X has cost this server"),
    View("status", "general", "status", shows="All is well"),
    View("help", "general", "help", shows="What you can do here"),
)


async def open_channel(page: Page, name: str, *, on_phone: bool) -> None:
    if on_phone:
        await page.get_by_role("button", name="Channels").click()
    await page.get_by_role("button", name=name).first.click()
    await page.get_by_role("heading", name=f"Welcome to #{name}").wait_for(state="attached")


async def use(page: Page, view: View) -> None:
    """Use a command as a member does: typed, filled in, sent."""
    box = page.get_by_role("combobox", name="Message #")
    typed = " ".join([f"/{view.command}", *(f"{name}:{value}" for name, value in view.options)])
    await box.fill(f"{typed} ")
    await page.get_by_role("button", name="Run the command").click()
    # Another one may stand above it, from before.
    newest = page.locator(".message").last
    await newest.filter(has_text=view.shows).filter(has_not_text="is thinking").wait_for()


async def shoot(page: Page, path: Path) -> None:
    await page.wait_for_timeout(500)
    await page.evaluate(PICTURES_IN_SIGHT)
    await page.wait_for_timeout(300)
    await asyncio.to_thread(path.write_bytes, small(await page.screenshot()))


def small(png: bytes) -> bytes:
    """Return a picture with no more colours than it needs to stay small."""
    if len(png) < MOST_BYTES:
        return png
    written = BytesIO()
    Image.open(BytesIO(png)).convert("RGB").quantize(256).save(written, "PNG", optimize=True)
    return written.getvalue()


async def photograph(browser: Browser, url: str) -> None:
    for scheme in ("dark", "light"):
        for on_phone in (False, True):
            page = await browser.new_page(
                viewport=PHONE if on_phone else _DESK,
                device_scale_factor=1.5 if on_phone else 1,
                color_scheme="light" if scheme == "light" else "dark",
                reduced_motion="reduce",
            )
            await page.goto(url)
            await page.locator(".welcome").wait_for(state="attached")
            dismiss = page.get_by_role("button", name="Dismiss the hint")
            await dismiss.click()
            for view in VIEWS:
                await open_channel(page, view.channel, on_phone=on_phone)
                if view.command:
                    await use(page, view)
                width = PHONE["width"] if on_phone else _DESK["width"]
                await shoot(page, OUT / f"{view.name}-{scheme}-{width}.png")
            await page.close()


async def address(demo: asyncio.subprocess.Process) -> str:
    """Return where the demo says that it is."""
    if demo.stderr is None:
        raise RuntimeError("the demo has no standard error")
    async for line in demo.stderr:
        if found := _ADDRESS.search(line.decode()):
            return found.group()
    raise RuntimeError("the demo did not start")


async def announcements(url: str) -> None:
    """Wait until a few likes are announced; the page itself is told as they come."""
    async with aiohttp.ClientSession(url) as http, http.get("/events") as news:
        async for _ in news.content:
            async with http.get("/status") as answer:
                status = await answer.json()
            if status["score"]["announced"] >= _ENOUGH:
                return


async def with_demo(work: Callable[[str], Awaitable[None]]) -> None:
    demo = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "demo", "--port", "0", "--rate", "40",
        stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            url = await address(demo)
            await announcements(url)
            await fill(url)
            await work(url)
    finally:
        demo.terminate()
        await demo.communicate()


async def main(chromium: str) -> None:
    OUT.mkdir(exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium, args=list(CHROMIUM_ARGS)
        )
        await with_demo(lambda url: photograph(browser, url))
        await browser.close()


if __name__ == "__main__":
    found = next((path for path in map(shutil.which, _NAMES) if path), None)
    if found is None:
        sys.exit("Chromium is not installed: apt-get install chromium")
    asyncio.run(main(found))
    sys.stdout.write(f"Written: {OUT}\n")

"""Takes a picture of the demo page, which must be running already."""

import argparse
import asyncio
import shutil
import sys
from pathlib import Path

from playwright.async_api import Page, ViewportSize, async_playwright

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


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8080")
    parser.add_argument("--out", type=Path, default=Path("docs/demo.png"))
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--height", type=int, default=800)
    parser.add_argument("--scale", type=float, default=2, help="pixels to one of the page's")
    parser.add_argument("--phone", action="store_true", help="390 x 844, as on a phone")
    parser.add_argument("--light", action="store_true", help="in light colours")
    parser.add_argument("--channel", help="open this channel first, such as likes")
    parser.add_argument("--type", dest="typed", help="type this into the box first, such as /")
    return parser.parse_args()


async def prepare(page: Page, options: argparse.Namespace) -> None:
    """Bring the page to what the picture shall show."""
    await page.locator(".post").first.wait_for(state="attached")
    await page.locator(".welcome").wait_for(state="attached")
    if options.channel:
        if options.phone:
            await page.get_by_role("button", name="Channels").click()
        await page.get_by_role("button", name=options.channel).first.click()
        await page.get_by_role("heading", name=f"Welcome to #{options.channel}").wait_for()
    if options.typed:
        await page.get_by_role("combobox", name="Message #").press_sequentially(options.typed)
        await page.locator(".command-menu").get_by_role("option").first.wait_for()
    await page.evaluate(PICTURES_IN_SIGHT)


async def take(options: argparse.Namespace, chromium: str) -> None:
    size = PHONE if options.phone else ViewportSize(width=options.width, height=options.height)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium, args=list(CHROMIUM_ARGS)
        )
        page = await browser.new_page(
            viewport=size,
            device_scale_factor=options.scale,
            color_scheme="light" if options.light else "dark",
            reduced_motion="reduce",
        )
        await page.goto(options.url)
        await prepare(page, options)
        options.out.parent.mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=options.out)
        await browser.close()


def main() -> int:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("Chromium is not installed: apt-get install chromium", file=sys.stderr)
        return 1
    options = arguments()
    asyncio.run(take(options, chromium))
    print(options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Make the README's picture: run the demo, wait until there is something to see, photograph it.

python scripts/picture.py docs/demo.png
"""

import asyncio
import re
import sys
from pathlib import Path

import aiohttp

_ENOUGH = 9
_TIMEOUT_S = 120
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


async def main(out: Path) -> int:
    demo = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "demo", "--port", "0", "--rate", "40",
        stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            url = await address(demo)
            await announcements(url)
        return await photograph(url, out)
    finally:
        demo.terminate()
        await demo.communicate()


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


async def photograph(url: str, out: Path) -> int:
    script = Path(__file__).with_name("screenshot.py")
    camera = await asyncio.create_subprocess_exec(
        sys.executable, str(script), "--url", url, "--out", str(out), "--channel", "likes",
        "--scale", "1.5",
    )  # fmt: skip
    return await camera.wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(Path(sys.argv[1]))))

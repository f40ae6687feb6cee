"""A container of the image, made by hand: its files, settings and commands, and nothing to write.

Docker is not everywhere, and where it is it wants images from elsewhere. A mount namespace gives
what matters here: all that there is can only be read, but for the volume.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.dockerfile import APP, VOLUME, Image, read_image
from tests.e2e.process import Bot, Ended
from tests.patience import GUARD_S

_READ_ONLY = """
if [ -n "$VOLUME" ]; then mount --bind "$VOLUME" "$VOLUME"; fi
mount --bind "$APP" "$APP"
mount -o remount,bind,ro "$APP"
mount -o remount,bind,ro /
if touch "$APP/written" 2>/dev/null; then echo "not read-only" >&2; exit 99; fi
if [ -n "$VOLUME" ]; then cd "$VOLUME"; fi
unset APP VOLUME
exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs "$@"
"""
_AS_ROOT = () if os.geteuid() == 0 else ("--map-root-user",)
_ISOLATED = ("unshare", "--mount", "--propagation", "private", *_AS_ROOT, "sh", "-ec", _READ_ONLY)


@dataclass(frozen=True, slots=True)
class Container:
    """Where its files are on this machine; `mounted` says whether the volume can be written to."""

    image: Image
    app: Path
    volume: Path
    mounted: bool = True

    async def start(self, settings: Mapping[str, str], log_file: Path) -> Bot:
        """Start what the image starts."""
        with log_file.open("ab") as log:
            process = await self._process(self.image.command, settings, log.fileno())
        return Bot(process, log_file)

    async def run(self, command: Sequence[str], settings: Mapping[str, str]) -> Ended:
        """Run a command in it until that ends."""
        process = await self._process(command, settings, asyncio.subprocess.PIPE)
        async with asyncio.timeout(GUARD_S):
            out, err = await process.communicate()
        return Ended(process.returncode or 0, out.decode(), err.decode())

    async def _process(
        self, command: Sequence[str], settings: Mapping[str, str], to: int
    ) -> asyncio.subprocess.Process:
        own = {name: self._here(value) for name, value in self.image.environment.items()}
        where = {"APP": str(self.app), "VOLUME": str(self.volume) if self.mounted else ""}
        return await asyncio.create_subprocess_exec(
            *_ISOLATED,
            "sh",
            *map(self._here, command),
            cwd=self.volume,
            env={**own, **settings, **where},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=to,
            stderr=to,
        )

    def _here(self, text: str) -> str:
        return text.replace(APP, str(self.app)).replace(VOLUME, str(self.volume))


def new_container(folder: Path, *, mounted: bool = True) -> Container:
    """Lay out a container of the image that the Dockerfile describes."""
    image, app, volume = read_image(), folder / "app", folder / "data"
    volume.mkdir()
    image.lay_out(app, Path(sys.executable))
    return Container(image, app, volume, mounted)


def why_not_here(folder: Path) -> str | None:
    """Return why this machine cannot have such a container, or None where it can."""
    environment = {**os.environ, "APP": str(folder), "VOLUME": ""}
    try:
        tried = subprocess.run(  # noqa: S603 -- our own script
            [*_ISOLATED, "sh", "true"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as error:
        return str(error)
    return (tried.stderr.strip() or "it failed") if tried.returncode else None

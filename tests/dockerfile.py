"""What a Dockerfile says, and the image that it describes, made by hand in a folder."""

import json
import re
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
APP, VOLUME, ENVIRONMENT = "/app", "/data", "/app/.venv"
"""Where the image has the bot, what is stored, and what the bot needs."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """A line of a Dockerfile, with those that continue it."""

    name: str
    text: str

    @property
    def words(self) -> list[str]:
        """What it says, whether as a JSON list or as a shell would read it."""
        text = re.sub(r"^.*?(?=\[)", "", self.text) if self.text.endswith("]") else self.text
        return list(json.loads(text)) if text.startswith("[") else shlex.split(text)

    @property
    def options(self) -> dict[str, str]:
        return dict(re.findall(r"(?:^|\s)--([a-z-]+)=(\S+)", self.text))

    @property
    def paths(self) -> list[str]:
        """What is copied, and to where."""
        return [word for word in self.words if not word.startswith("--")]


def instructions(text: str) -> list[Instruction]:
    """Read a Dockerfile."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    whole = re.sub(r"\s*\\\n\s*", " ", "\n".join(lines))
    return [Instruction(*line.split(None, 1)) for line in whole.splitlines()]


def stages(text: str) -> list[list[Instruction]]:
    """Return the instructions of each stage, which begins with its FROM."""
    found: list[list[Instruction]] = []
    for instruction in instructions(text):
        if instruction.name == "FROM":
            found.append([])
        found[-1].append(instruction)
    return found


@dataclass(frozen=True, slots=True)
class Image:
    """The last stage: what a container of it is started with."""

    stage: list[Instruction]

    def one(self, name: str) -> Instruction:
        """Return an instruction; the last one counts."""
        return [each for each in self.stage if each.name == name][-1]

    @property
    def environment(self) -> dict[str, str]:
        said = (word for each in self.stage if each.name == "ENV" for word in each.words)
        return dict(word.split("=", 1) for word in said)

    @property
    def command(self) -> list[str]:
        return [*self.one("ENTRYPOINT").words, *self.one("CMD").words]

    @property
    def health_check(self) -> list[str]:
        return self.one("HEALTHCHECK").words

    def lay_out(self, app: Path, python: Path) -> None:
        """Make its `/app`: what is copied from the project, and an environment that is there."""
        for copied in (each for each in self.stage if each.name == "COPY"):
            source, to = copied.paths
            if source == ENVIRONMENT:
                continue
            source = source.removeprefix(f"{APP}/")
            target = app / to
            target.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, target)
            else:
                shutil.copy(ROOT / source, target)
        # An environment is found by where its python is started from.
        bin_folder = app / ".venv/bin"
        bin_folder.mkdir(parents=True)
        (bin_folder / "python").write_text(f'#!/bin/sh\nexec {python} "$@"\n', encoding="utf-8")
        (bin_folder / "python").chmod(0o755)


def read_image() -> Image:
    return Image(stages((ROOT / "Dockerfile").read_text(encoding="utf-8"))[-1])

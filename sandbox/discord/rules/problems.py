"""Collects what is wrong with a form, and nests it as Discord does."""

from collections.abc import Iterator

from sandbox.discord.errors import ApiError, Problem
from sandbox.discord.types import Json

Path = tuple[str | int, ...]


class Problems:
    def __init__(self) -> None:
        self._found: list[tuple[Path, str, str]] = []

    def add(self, path: Path, code: str, message: str) -> None:
        self._found.append((path, code, message))

    def extend(self, others: "Problems") -> None:
        self._found.extend(others)

    def __iter__(self) -> Iterator[tuple[Path, str, str]]:
        return iter(self._found)

    def __bool__(self) -> bool:
        return bool(self._found)

    def tree(self) -> Json:
        """Return `{"embeds": {"0": {"title": {"_errors": [{code, message}]}}}}`."""
        root: Json = {}
        for path, code, message in self._found:
            node = root
            for step in path:
                node = node.setdefault(str(step), {})
            node.setdefault("_errors", []).append({"code": code, "message": message})
        return root

    def raise_if_any(self) -> None:
        if self._found:
            raise ApiError(Problem.INVALID_FORM_BODY, self.tree())


def invalid(path: Path, code: str, message: str) -> ApiError:
    """Return the error of a form with a single fault."""
    problems = Problems()
    problems.add(path, code, message)
    return ApiError(Problem.INVALID_FORM_BODY, problems.tree())

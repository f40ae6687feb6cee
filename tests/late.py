"""Modules that are imported when they are first used.

Every process collects every test, and few of them run those that use something large.
"""

from importlib import import_module
from typing import Any


class _Late:
    """Stands for a module; pytest, which looks at all that a file of tests holds, imports none."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("_"):
            raise AttributeError(attribute)
        return getattr(import_module(self._name), attribute)


def late(name: str) -> Any:
    """Return the module of this name, imported as soon as an attribute of it is asked for."""
    return _Late(name)

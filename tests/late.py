"""Modules that are imported when they are first used.

Every process collects every test, and few of them run those that use something large.
"""

import sys
from importlib.util import LazyLoader, find_spec, module_from_spec
from typing import Any


def late(name: str) -> Any:
    """Return the module of this name, imported as soon as an attribute of it is asked for."""
    if name in sys.modules:
        return sys.modules[name]
    spec = find_spec(name)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(name)
    spec.loader = LazyLoader(spec.loader)
    module = sys.modules[name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

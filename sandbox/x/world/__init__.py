"""The people and posts of this X, and what happens to them."""

from sandbox.x.world.state import World

__all__ = ["World"]

"""Attacks are played on scenes of their own: whoever attacks may break what others share."""

from tests.e2e.conftest import own_scene

__all__ = ["own_scene"]

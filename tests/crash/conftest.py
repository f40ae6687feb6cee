from tests.e2e.conftest import own_scene

__all__ = ["own_scene"]

from tests.x.conftest import http, x

__all__ = ["http", "x"]

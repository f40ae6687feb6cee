"""X on this machine: a small world of people and posts behind X's own HTTP API."""

from sandbox.x.access.tokens import Credentials
from sandbox.x.crowd import Crowd
from sandbox.x.server import XSandbox

__all__ = ["Credentials", "Crowd", "XSandbox"]

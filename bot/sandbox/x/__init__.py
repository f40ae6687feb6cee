"""X on this machine: a small world of people and posts behind X's own HTTP API."""

from bot.sandbox.x.access.tokens import Credentials
from bot.sandbox.x.crowd import Crowd
from bot.sandbox.x.server import XSandbox

__all__ = ["Credentials", "Crowd", "XSandbox"]

"""What every control call goes through, whichever application it is mounted in."""

from collections.abc import Awaitable, Callable
from functools import wraps

from aiohttp import web

from sandbox.clock import ClockError
from sandbox.discord.errors import ApiError
from sandbox.discord.http import is_loopback, json_response
from sandbox.discord.interactions.asking import AskError
from sandbox.faults import FaultError

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def refusal(sentence: str, status: int = 400) -> web.Response:
    return json_response({"error": sentence}, status)


def guarded(handler: Handler) -> Handler:
    """Let only this machine in, and turn errors into `{error}`."""

    @wraps(handler)
    async def inner(request: web.Request) -> web.StreamResponse:
        if not is_loopback(request):
            return refusal("control calls are for this machine only", 403)
        try:
            return await handler(request)
        except ApiError as error:
            return refusal(str(error), error.status)
        except (AskError, ClockError, FaultError) as error:
            return refusal(str(error))
        except (KeyError, TypeError, ValueError) as error:
            return refusal(f"the call cannot be read: {error!r}")

    return inner

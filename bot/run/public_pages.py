"""The port that strangers reach: the page that links accounts, and where X pushes to."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from yarl import URL

from bot.accounts.callback_page import PORT_BEHIND_A_PROXY, CallbackPage
from bot.accounts.callback_server import CallbackServer, RespondRaw, nothing_here
from bot.domain.about import AboutPage
from bot.domain.errors import SettingsError
from bot.run.core import Core
from bot.run.push import Push
from bot.run.settings import Settings

_LOOPBACK = "127.0.0.1"


@asynccontextmanager
async def public_pages(
    core: Core, settings: Settings, push: Push | None, about: Sequence[AboutPage]
) -> AsyncIterator[None]:
    """Serve what there is to serve until the end of the block; raise SettingsError if it cannot."""
    raw: dict[str, RespondRaw] = {}
    if push is not None and push.receiver is not None and settings.push_webhook_url:
        raw[URL(settings.push_webhook_url).path] = push.receiver.answer
    if core.accounts.links_in_browser and settings.x_redirect_url:
        page = CallbackPage(
            core.accounts, settings.x_redirect_url, settings.callback_host, about, raw=raw
        )
        async with page.serve():
            yield
    elif raw and settings.push_webhook_url:
        async with _alone(raw, settings, settings.push_webhook_url):
            yield
    else:
        yield


@asynccontextmanager
async def _alone(raw: dict[str, RespondRaw], settings: Settings, url: str) -> AsyncIterator[None]:
    host = settings.callback_host or _LOOPBACK
    address = URL(url)
    port = address.explicit_port if address.scheme == "http" else None
    server = CallbackServer("", nothing_here, raw=raw)
    try:
        async with server.listening(host, port or PORT_BEHIND_A_PROXY):
            yield
    except OSError as error:
        where = f"port {port or PORT_BEHIND_A_PROXY} of {host} ({error.strerror})"
        raise SettingsError([f"PUSH_WEBHOOK_URL: the bot cannot listen on {where}"]) from None

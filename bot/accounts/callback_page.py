"""The page on X_REDIRECT_URL: asks a person whether they mean it, and takes them back from X."""

import html
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from yarl import URL

from bot.accounts.linking import LINK_LIFETIME, AccountService
from bot.domain.errors import LikecordError, LinkRefused, SettingsError

logger = logging.getLogger(__name__)
# Where the bot listens unless the address is plain HTTP: behind a proxy that ends HTTPS.
PORT_BEHIND_A_PROXY = 8083
_COOKIE = "likecord_link"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
  :root {{ color-scheme: light dark; }}
  body {{ font: 1.05rem/1.5 system-ui, sans-serif; margin: 12vh auto; max-width: 32rem;
    padding: 0 1.25rem; }}
  h1 {{ font-size: 1.5rem; line-height: 1.25; }}
  a.go {{ background: #1f6feb; border-radius: .5rem; color: #fff; display: inline-block;
    font-weight: 600; margin-top: .5rem; padding: .7rem 1.2rem; text-decoration: none; }}
  a.go:focus-visible {{ outline: 3px solid; outline-offset: 3px; }}
</style></head>
<body><main><h1>{title}</h1>{body}</main></body></html>
"""


class CallbackPage:
    """One address for the whole way: `?link=` before X, `?state=` and `?code=` after it."""

    def __init__(self, accounts: AccountService, redirect_url: str) -> None:
        self._accounts = accounts
        self._url = URL(redirect_url)

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[None]:
        """Listen until the end of the block; on this machine alone, if the address is its own."""
        app = web.Application()
        app.router.add_get(self._url.path or "/", self._answer)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        try:
            await self._listen(runner)
            yield
        finally:
            await runner.cleanup()

    async def _listen(self, runner: web.AppRunner) -> None:
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except OSError as error:
            raise SettingsError(
                [f"X_REDIRECT_URL: the bot cannot listen on port {self._port} ({error.strerror})"]
            ) from None

    @property
    def _host(self) -> str | None:
        local = self._url.host in ("localhost", "127.0.0.1", "::1")
        return self._url.host if local else None

    @property
    def _port(self) -> int:
        port = self._url.explicit_port if self._url.scheme == "http" else None
        return port or PORT_BEHIND_A_PROXY

    async def _answer(self, request: web.Request) -> web.Response:
        try:
            if "link" in request.query:
                return await self._ask(request.query["link"])
            return await self._finish(request)
        except LikecordError as error:
            return _page("This account was not linked", f"<p>{_plain(str(error))}</p>", 400)
        except Exception:
            logger.exception("the callback page failed")
            sentence = "Something went wrong here. Begin again in Discord."
            return _page("This account was not linked", f"<p>{sentence}</p>", 500)

    async def _ask(self, key: str) -> web.Response:
        """Say who will be linked to whom: whoever was sent this address by another would see it."""
        consent = await self._accounts.consent(key)
        member, guild = html.escape(consent.member_name), html.escape(consent.guild_name)
        body = (
            f"<p>You are about to link your X account with the Discord member <b>{member}</b> in "
            f"the server <b>{guild}</b>. They can then like posts with it by a command, and the "
            "bot reads who likes your posts.</p>"
            "<p>If that is not you, close this page.</p>"
            f'<p><a class="go" href="{html.escape(consent.x_url)}">Go on to X</a></p>'
        )
        response = _page("Link your X account", body)
        response.set_cookie(
            _COOKIE,
            key,
            max_age=int(LINK_LIFETIME.total_seconds()),
            httponly=True,
            samesite="Lax",
            secure=self._url.scheme == "https",
            path=self._url.path or "/",
        )
        return response

    async def _finish(self, request: web.Request) -> web.Response:
        state, code = request.query.get("state", ""), request.query.get("code", "")
        if "error" in request.query:
            return _page(
                "This account was not linked", "<p>You said no at X. Nothing was stored.</p>"
            )
        # The cookie ties the state to the browser in which the question was answered.
        if not state or not code or request.cookies.get(_COOKIE) != state:
            raise LinkRefused
        linked = await self._accounts.finish_in_browser(state, code)
        body = (
            f"<p><b>@{html.escape(linked.username)}</b> is linked now. You can close this page and "
            "go back to Discord. <code>/account unlink</code> undoes it at any time.</p>"
        )
        response = _page("Your X account is linked", body)
        response.del_cookie(_COOKIE, path=self._url.path or "/")
        return response


def _page(title: str, body: str, status: int = 200) -> web.Response:
    text = _PAGE.format(title=html.escape(title), body=body)
    return web.Response(text=text, status=status, content_type="text/html", headers=_HEADERS)


def _plain(sentence: str) -> str:
    """Return a sentence that was written for Discord, fit for a page."""
    return html.escape(sentence.replace("`", ""))

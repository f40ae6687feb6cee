"""The page on X_REDIRECT_URL: asks a person whether they mean it, and takes them back from X."""

import asyncio
import html
import logging
import secrets
import unicodedata
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Literal

from aiohttp import web
from yarl import URL

from bot.accounts.callback_server import CallbackServer, Form, RespondRaw
from bot.accounts.linking import AccountService
from bot.accounts.open_requests import LINK_LIFETIME
from bot.accounts.page_html import html_of
from bot.domain import LinkedAccount
from bot.domain.about import AboutPage
from bot.domain.errors import LikecordError, LinkRefused, SettingsError, XError

logger = logging.getLogger(__name__)
# Where the bot listens unless the address is plain HTTP: behind a proxy that ends HTTPS.
PORT_BEHIND_A_PROXY = 8083
_LOOPBACK = "127.0.0.1"
_ASKED, _CONFIRMED = "likecord_asked", "likecord_link"
_TOKEN_BYTES = 24
# Marks of direction and what else never shows, and controls.
_REORDER_OR_HIDE = ("Cf", "Cc", "Zl", "Zp")
_POLICY = "Content-Security-Policy"
_ANEW = "Start again in Discord with <code>/account link</code>."
SameSite = Literal["Lax", "Strict"]
_HEADERS = {
    "Cache-Control": "no-store",
    _POLICY: "default-src 'none'; style-src 'unsafe-inline'; "
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
  .go {{ background: #1f6feb; border-radius: .5rem; color: #fff; display: inline-block;
    border: 0; cursor: pointer; font: inherit; font-weight: 600; margin-top: .5rem;
    padding: .7rem 1.2rem; }}
  .go:focus-visible {{ outline: 3px solid; outline-offset: 3px; }}
</style></head>
<body><main><h1>{title}</h1>{body}</main></body></html>
"""


class CallbackPage:
    """One address for the whole way: `?link=` before X, `?state=` and `?code=` after it.

    The question is answered by a form that only the page itself can have sent: its token is that
    of a cookie which no other site's form takes along. What is set then comes back with X's
    answer as a part of `state`, and is compared with the browser's own: nobody can be sent to X,
    or back from it, by somebody else.
    """

    def __init__(
        self,
        accounts: AccountService,
        redirect_url: str,
        host: str | None = None,
        about: Sequence[AboutPage] = (),
        *,
        raw: Mapping[str, RespondRaw] | None = None,
    ) -> None:
        """Serve `raw` paths beside the page."""
        self._accounts = accounts
        self._url = URL(redirect_url)
        self._given_host = host
        self._about = {page.kind.value: page for page in about}
        self._server = CallbackServer(self._path, self._answer, raw=raw)
        self._linking: dict[str, asyncio.Task[LinkedAccount]] = {}

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[None]:
        """Listen until the end of the block; raise SettingsError when the port is not free."""
        async with AsyncExitStack() as stack:
            try:
                await stack.enter_async_context(self._server.listening(self._host, self._port))
            except OSError as error:
                where = f"port {self._port} of {self._host} ({error.strerror})"
                raise SettingsError([f"X_REDIRECT_URL: the bot cannot listen on {where}"]) from None
            yield

    @property
    def _path(self) -> str:
        return self._url.path or "/"

    @property
    def _host(self) -> str:
        if self._given_host:
            return self._given_host
        local = self._url.host in ("localhost", "127.0.0.1", "::1")
        return self._url.host if local and self._url.host else _LOOPBACK

    @property
    def _port(self) -> int:
        port = self._url.explicit_port if self._url.scheme == "http" else None
        return port or PORT_BEHIND_A_PROXY

    async def _answer(self, request: web.BaseRequest, form: Form) -> web.Response:
        try:
            if request.method == "POST":
                return await self._confirm(request, form)
            about = self._about.get(request.query.get("about", ""))
            if about is not None:
                return _page(about.title, html_of(about.text))
            if "link" in request.query:
                return await self._ask(request.query["link"])
            return await self._finish(request)
        except LikecordError as error:
            sentence = html.escape(error.plain)
            if isinstance(error, XError):  # what X was asked with is used up
                sentence += f" {_ANEW}"
            return _page("This account was not linked", f"<p>{sentence}</p>", 400)
        except Exception:
            logger.exception("the callback page failed")
            sentence = f"Something went wrong here. {_ANEW}"
            return _page("This account was not linked", f"<p>{sentence}</p>", 500)

    async def _ask(self, key: str) -> web.Response:
        """Say who will be linked to whom: whoever was sent this address by another would see it."""
        consent = await self._accounts.consent(key)
        member, token = consent.member, secrets.token_urlsafe(_TOKEN_BYTES)
        who = f"<b>{_isolated(member.name)}</b>"
        if member.handle:
            who += f" (@{_isolated(member.handle)}, ID {member.id})"
        body = (
            f"<p>You are about to link your X account with the Discord member {who} in "
            f"the server <b>{_isolated(member.guild_name)}</b>. They can then like posts with it "
            "by a command, the bot reads who likes your posts, and X tells it of each new like.</p>"
            "<p>If that is not you, close this page.</p>"
            f'<form method="post" action="{html.escape(self._path)}">'
            f'<input type="hidden" name="link" value="{html.escape(key)}">'
            f'<input type="hidden" name="token" value="{token}">'
            '<button class="go">Go on to X</button></form>'
            f"{self._about_links()}"
        )
        response = _page("Link your X account", body, sends_to=URL(consent.x_url).origin())
        self._set_cookie(response, _ASKED, token, "Strict")
        return response

    def _about_links(self) -> str:
        """Return where to read what is stored and on which terms, before anything is."""
        links = (
            f'<a href="{html.escape(page.url or f"{self._path}?about={page.kind.value}")}">'
            f"{html.escape(page.title)}</a>"
            for page in self._about.values()
        )
        return f"<p>{' · '.join(links)}</p>" if self._about else ""

    async def _confirm(self, request: web.BaseRequest, form: Form) -> web.Response:
        """Take a person to X who has answered the question in this browser."""
        asked, token = request.cookies.get(_ASKED, ""), form.get("token", "")
        if not token or not _are_same(asked, token):
            raise LinkRefused
        key = form.get("link", "")
        consent = await self._accounts.consent(key)
        state = f"{key}.{secrets.token_urlsafe(_TOKEN_BYTES)}"
        address = URL(consent.x_url).update_query(state=state)
        response = web.Response(status=303, headers={**_HEADERS, "Location": str(address)})
        self._set_cookie(response, _CONFIRMED, state, "Lax")
        response.del_cookie(_ASKED, path=self._path)
        return response

    async def _finish(self, request: web.BaseRequest) -> web.Response:
        state, code = request.query.get("state", ""), request.query.get("code", "")
        if "error" in request.query:
            return _page("This account was not linked", _why_not(request.query["error"]))
        # The cookie ties the state to the browser in which the question was answered.
        confirmed = request.cookies.get(_CONFIRMED, "")
        key, dot, _ = state.rpartition(".")
        if not dot or not code or not _are_same(confirmed, state):
            raise LinkRefused
        username = await self._finished(state, key, code)
        body = (
            f"<p><b>@{html.escape(username)}</b> is linked now. You can close this page "
            "and go back to Discord. <code>/account unlink</code> undoes it at any time.</p>"
        )
        return _page("Your X account is linked", body)

    async def _finished(self, state: str, key: str, code: str) -> str:
        """Return who was linked, once for all who open X's answer, and whoever closes the page."""
        task = self._linking.get(state)
        if task is None:
            task = asyncio.create_task(self._accounts.finish_in_browser(key, code))
            self._linking[state] = task
            task.add_done_callback(lambda done: self._keep_or_forget(state, done))
        return (await asyncio.shield(task)).username

    def _keep_or_forget(self, state: str, task: asyncio.Task[LinkedAccount]) -> None:
        """Whoever loads the last page again sees it again, but for one that failed."""
        if task.cancelled() or task.exception() is not None:
            del self._linking[state]
            return
        loop = asyncio.get_running_loop()
        loop.call_later(LINK_LIFETIME.total_seconds(), self._linking.pop, state, None)

    def _set_cookie(
        self, response: web.Response, name: str, value: str, same_site: SameSite
    ) -> None:
        response.set_cookie(
            name,
            value,
            max_age=int(LINK_LIFETIME.total_seconds()),
            httponly=True,
            samesite=same_site,
            secure=self._url.scheme == "https",
            path=self._path,
        )


def _page(title: str, body: str, status: int = 200, *, sends_to: URL | None = None) -> web.Response:
    """Return a page; its form, if it has one, leads here and from here to `sends_to` alone."""
    forms = f"form-action 'self' {sends_to}" if sends_to is not None else "form-action 'none'"
    headers = {**_HEADERS, _POLICY: f"{_HEADERS[_POLICY]}; {forms}"}
    text = _PAGE.format(title=html.escape(title), body=body)
    return web.Response(text=text, status=status, content_type="text/html", headers=headers)


def _are_same(cookie: str, sent: str) -> bool:
    """Compare in constant time; a header may hold bytes that are no text."""
    one, other = (text.encode(errors="surrogatepass") for text in (cookie, sent))
    return secrets.compare_digest(one, other)


def _why_not(error: str) -> str:
    """Return why X sent somebody back without a code; what it calls it is shown to nobody."""
    if error == "access_denied":
        return "<p>You said no at X. Nothing was stored.</p>"
    return f"<p>X could not go on with this. Nothing was stored. {_ANEW}</p>"


def _isolated(name: str) -> str:
    """Return a name that reorders nothing around it, whatever its letters are."""
    shown = "".join(char for char in name if unicodedata.category(char) not in _REORDER_OR_HIDE)
    return f"<bdi>{html.escape(shown)}</bdi>"

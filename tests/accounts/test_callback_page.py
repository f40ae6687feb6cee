"""The page on X_REDIRECT_URL, as a browser meets it by HTTP."""

import asyncio
import socket
from collections.abc import AsyncIterator
from html import unescape

import pytest

from bot.accounts.callback_page import PORT_BEHIND_A_PROXY, CallbackPage
from bot.domain.errors import NotLinked, SettingsError
from sandbox.stage import free_port
from storage.database import Database
from tests.linking import AWKWARD, GRACE, TOKEN_CALL, TWITTER, Browser, Party, X, a_browser
from tests.pages_by_hand import raw_status

TEN_MINUTES_S = 601


@pytest.fixture
async def party(x: X, sqlite: Database) -> AsyncIterator[Party]:
    """A bot whose page is being served."""
    address = f"http://127.0.0.1:{free_port()}/x/back"
    opened = Party(x, sqlite, redirect_url=address)
    async with CallbackPage(opened.accounts, address).serve():
        yield opened


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as opened:
        yield opened


async def test_there_and_back(party: Party, x: X, browser: Browser) -> None:
    start = await party.accounts.begin(GRACE)
    back = await x.approve(await browser.ask(start.browser_url), TWITTER)

    status, page = await browser.open(back)

    assert status == 200
    assert "Your X account is linked" in page
    assert "<b>@Twitter</b>" in page
    assert (await party.accounts.status(GRACE.id)).username == "Twitter"


async def test_only_in_the_browser_that_was_asked(party: Party, x: X, browser: Browser) -> None:
    """Whoever is sent straight to X by somebody else must not link their account with them."""
    start = await party.accounts.begin(GRACE)
    back = await x.approve((await party.accounts.consent(start.key)).x_url, TWITTER)

    status, page = await browser.open(back)
    assert (status, "was not linked" in page) == (400, True)
    async with a_browser() as other:
        await other.ask((await party.accounts.begin(GRACE)).browser_url)
        assert (await other.open(back))[0] == 400

    with pytest.raises(NotLinked):
        await party.accounts.status(GRACE.id)
    asked = await x.approve(await browser.ask(start.browser_url), TWITTER)
    assert (await browser.open(back))[0] == 400
    assert (await browser.open(asked))[0] == 200


async def test_a_wrong_state_or_no_code(party: Party, x: X, browser: Browser) -> None:
    start = await party.accounts.begin(GRACE)
    back = await x.approve(await browser.ask(start.browser_url), TWITTER)
    for wrong in (
        back.update_query(state="x"),
        back.without_query_params("state"),
        back.without_query_params("code"),
        back.update_query(code=""),
        back.with_query(None),
    ):
        assert (await browser.open(wrong))[0] == 400
    assert (await browser.open(back))[0] == 200


async def test_somebody_who_says_no_at_x(party: Party, x: X, browser: Browser) -> None:
    start = await party.accounts.begin(GRACE)
    back = await x.approve(await browser.ask(start.browser_url), TWITTER, "deny")
    status, page = await browser.open(back)
    assert status == 200
    assert "You said no at X" in page
    with pytest.raises(NotLinked):
        await party.accounts.status(GRACE.id)


async def test_other_troubles_of_x_are_not_called_a_no(
    party: Party, x: X, browser: Browser
) -> None:
    start = await party.accounts.begin(GRACE)
    back = await x.approve(await browser.ask(start.browser_url), TWITTER)
    for error in ("server_error", "temporarily_unavailable", "<b>"):
        wrong = back.with_query(state=back.query["state"], error=error)
        _, page = await browser.open(wrong)
        assert "You said no" not in page
        assert "/account link" in page
        assert error not in page
    assert (await browser.open(back))[0] == 200


async def test_opened_twice_at_once(party: Party, x: X, browser: Browser) -> None:
    start = await party.accounts.begin(GRACE)
    back = await x.approve(await browser.ask(start.browser_url), TWITTER)
    pages = await asyncio.gather(*(browser.open(back) for _ in range(3)))
    assert [status for status, _ in pages] == [200] * 3
    assert len(await x.calls(TOKEN_CALL)) == 1


async def test_what_x_cannot_say_now_is_begun_anew(party: Party, x: X, browser: Browser) -> None:
    start = await party.accounts.begin(GRACE)
    back = await x.approve(await browser.ask(start.browser_url), TWITTER)
    x.fault("GET /2/users/me", status=429, times=1)
    for _ in range(2):
        status, page = await browser.open(back)
        assert (status, "/account link" in page) == (400, True)
        assert "t:" not in page.split("<main>")[1]
    again = await party.accounts.begin(GRACE)
    back = await x.approve(await browser.ask(again.browser_url), TWITTER)
    assert (await browser.open(back))[0] == 200


async def test_too_late(party: Party, x: X, browser: Browser) -> None:
    start = await party.accounts.begin(GRACE)
    back = await x.approve(await browser.ask(start.browser_url), TWITTER)
    x.later(TEN_MINUTES_S)
    assert start.browser_url is not None
    for address in (start.browser_url, back):
        status, page = await browser.open(address)
        assert status == 400
        assert "/account link" in page
        assert "`" not in page


async def test_a_name_is_text_and_nothing_else(party: Party, browser: Browser) -> None:
    start = await party.accounts.begin(AWKWARD)
    assert start.browser_url is not None
    _, page = await browser.open(start.browser_url)
    assert "<script" not in page
    assert "<img" not in page
    assert AWKWARD.name in unescape(page)
    assert AWKWARD.guild_name in unescape(page)


async def test_no_browser_keeps_or_frames_the_page(party: Party, browser: Browser) -> None:
    start = await party.accounts.begin(GRACE)
    assert start.browser_url is not None
    async with browser.session.get(start.browser_url) as response:
        headers, cookie = response.headers, response.headers["Set-Cookie"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/x/back", "Max-Age=600"} <= set(cookie.split("; "))


async def test_over_https_the_cookie_goes_nowhere_else(party: Party) -> None:
    page = CallbackPage(party.accounts, "https://bot.example.org/back")
    start = await party.accounts.begin(GRACE)
    response = await page._ask(start.key)
    assert "Secure" in response.cookies.output()


async def test_an_outage_of_x_is_told(party: Party, x: X, browser: Browser) -> None:
    start = await party.accounts.begin(GRACE)
    back = await x.approve(await browser.ask(start.browser_url), TWITTER)
    x.fault("POST /2/oauth2/token", times=1, status=503)
    status, page = await browser.open(back)
    assert (status, "X does not answer right now" in page) == (400, True)


async def test_cookies_that_are_no_text(party: Party, caplog: pytest.LogCaptureFixture) -> None:
    back, cookies = b"GET /x/back?state=a.b&code=c HTTP/1.1", b"Cookie: likecord_link=\xff.\xfe"
    assert await raw_status(party.redirect_url, back, cookies) == 400
    assert caplog.records == []


async def test_an_unforeseen_failure_shows_nothing_of_the_inside(
    party: Party, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(_: str) -> None:
        raise RuntimeError("inside")

    monkeypatch.setattr(party.accounts, "consent", breaks)
    status, page = await browser.open((await party.accounts.begin(GRACE)).browser_url or "")
    assert (status, "inside" in page) == (500, False)


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("http://127.0.0.1:8123/callback", "127.0.0.1", 8123),
        ("http://localhost:8123/callback", "localhost", 8123),
        ("http://bot.example.org:8123/callback", "127.0.0.1", 8123),
        ("https://bot.example.org/callback", "127.0.0.1", PORT_BEHIND_A_PROXY),
        ("https://bot.example.org:8443/callback", "127.0.0.1", PORT_BEHIND_A_PROXY),
    ],
)
async def test_where_it_listens(party: Party, address: str, host: str | None, port: int) -> None:
    page = CallbackPage(party.accounts, address)
    assert (page._host, page._port) == (host, port)


async def test_a_port_that_is_taken_is_a_wrong_setting(party: Party) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        page = CallbackPage(party.accounts, f"http://127.0.0.1:{port}/back")
        with pytest.raises(SettingsError, match=f"X_REDIRECT_URL: .* port {port}"):
            async with page.serve():
                pass

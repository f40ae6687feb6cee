"""The two small pages where a person of this world lets the app in."""

from collections.abc import Iterable, Mapping
from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit

from aiohttp import hdrs, web

from sandbox.x.world.rows import User

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:30rem;margin:3rem auto;padding:0 1rem}"
    "button{font:inherit;padding:.4rem 1rem;margin-right:.5rem}select{font:inherit}"
    "output{font-size:2rem;letter-spacing:.2rem}"
)


def approval_page(
    hidden: Mapping[str, str], users: Iterable[User], scopes: Iterable[str]
) -> web.Response:
    """Ask who lets the app in; the form posts back to its own address."""
    inputs = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in hidden.items()
    )
    options = "".join(
        f'<option value="{user.id}">{escape(user.name)} (@{escape(user.username)})</option>'
        for user in users
    )
    wishes = "".join(f"<li>{escape(scope)}</li>" for scope in scopes)
    return _page(
        "Let the app in?",
        f'<form method="post">{inputs}<p>It asks for:</p><ul>{wishes}</ul>'
        f'<p><label>Account: <select name="user_id">{options}</select></label></p>'
        '<button name="decision" value="approve">Approve</button>'
        '<button name="decision" value="deny">Deny</button></form>',
    )


def pin_page(pin: str) -> web.Response:
    return _page("Approved", f'<p>Enter this PIN in the app:</p><output id="pin">{pin}</output>')


def refusal_page(reason: str) -> web.Response:
    return _page("Something went wrong", f"<p>{escape(reason)}</p>", status=400)


def is_absolute(address: str) -> bool:
    parts = urlsplit(address)
    return bool(parts.scheme and parts.netloc)


def redirect(address: str, more: Mapping[str, str]) -> web.Response:
    """Send the browser back to the app, with these added to what the address asks already."""
    parts = urlsplit(address)
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *more.items()])
    location = parts._replace(query=query).geturl()
    return web.Response(status=302, headers={hdrs.LOCATION: location})


def _page(title: str, body: str, status: int = 200) -> web.Response:
    html = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style><h1>{title}</h1>{body}</html>"
    )
    return web.Response(text=html, content_type="text/html", status=status)

"""The proxy that the environment names (HTTPS_PROXY, NO_PROXY), on the way to Discord."""

from urllib.request import getproxies, proxy_bypass

from yarl import URL

from bot.chat.connection.addresses import asked_at


def proxy_for_discord() -> str | None:
    """Return the proxy's address, with its name and password, if there is one for Discord."""
    url = URL(asked_at())
    if url.host is None or proxy_bypass(url.host):
        return None
    named = getproxies().get(url.scheme)
    return named if named and URL(named).host else None

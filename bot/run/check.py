"""`python -m bot check`: what is configured, what is reachable, what X lets the account do."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack

from bot.chat.cards.numbers import requests_for
from bot.chat.connection.addresses import point_at
from bot.domain.errors import (
    ClockOff,
    CredentialRefused,
    LikersNotShown,
    PostNotFound,
    PostNotShown,
    SettingsError,
    XError,
    XUnavailable,
)
from bot.domain.usage import PostsCounted
from bot.domain.usernames import bare_username
from bot.run.check_discord import asked_where, check_discord
from bot.run.check_liking import try_liking
from bot.run.check_push import try_push
from bot.run.core import Core, open_core
from bot.run.finding import Finding, Level
from bot.run.settings import Settings, strays
from bot.x.client import XClient
from bot.x.credentials import APP, Credentials
from bot.x.limits import Endpoint
from storage.guilds import Guilds

# The first post there is, by somebody else.
_SOMEBODYS_POST = 20
_CLOCK = "Clock"


async def check(settings: Settings) -> AsyncGenerator[Finding, None]:
    """Try everything that the bot will need; costs a cent or two at X."""
    point_at(settings.discord_api_url, settings.discord_gateway_url)
    for stray in strays():
        yield Finding(Level.NOTE, stray.name, stray.sentence)
    async for finding in check_discord(settings):
        yield finding
    async with AsyncExitStack() as stack:
        try:
            core = await stack.enter_async_context(open_core(settings))
        except SettingsError as error:
            yield Finding(Level.FAIL, "Database", f"{error.plain}.")
            yield Finding(Level.NOTE, "X", "not asked, as its cost could not be written down.")
            return
        yield Finding(Level.OK, "Database", "reachable, and its tables are up to date.")
        async for finding in _with_core(settings, core):
            yield finding


async def _with_core(settings: Settings, core: Core) -> AsyncIterator[Finding]:
    # What X refused before is asked anew: it may have changed. Likes are not: nobody asked for one.
    await core.abilities.try_again(core.x.account, APP, but=[Endpoint.LIKE])
    account = await _account(settings, core)
    yield account
    if (ahead := core.x_time.machine_is_ahead) is not None and account.about != _CLOCK:
        yield Finding(Level.FAIL, _CLOCK, ClockOff(ahead).plain)
    if (bearer := settings.credentials().bearer) and core.x.user_id is not None:
        yield await _bearer(core.make_client(Credentials(bearer=bearer)))
    if core.x.user_id is not None and not account.failed:
        yield await _own_likers(core)
        yield await _likers_of_others(core)
        yield await try_liking(core)
    yield _linking(settings, core)
    yield await try_push(settings, core)
    yield await _home(settings, core)
    yield await _allowances(core)
    yield await _money(core)
    if (counted := await core.compared.look()) is not None:
        yield _counted(counted)


async def _account(settings: Settings, core: Core) -> Finding:
    try:
        await core.identity.verify()
        if core.x.user_id is None:
            return Finding(
                Level.NOTE,
                "X",
                "only the app's bearer token is set: counts and posts can be read, but X shows "
                "likers to their post's author alone. Add the four keys of an account for names.",
            )
        username = bare_username(await core.identity.username())
        return Finding(Level.OK, "X", f"reads and acts as @{username}.")
    except CredentialRefused:
        return Finding(Level.FAIL, "X", f"{core.identity.refusal()}.")
    except ClockOff as error:
        # Of the keys this says nothing.
        return Finding(Level.FAIL, _CLOCK, error.plain)
    except XUnavailable as error:
        asked = asked_where(settings.x_api_url, "X_API_URL")
        return Finding(Level.FAIL, "X", f"{error.plain} {asked}")
    except XError as error:
        return Finding(Level.FAIL, "X", error.plain)


async def _bearer(app: XClient) -> Finding:
    """Try what the account's keys fall back on."""
    about = "X_BEARER_TOKEN"
    try:
        await app.counts([_SOMEBODYS_POST])
    except CredentialRefused:
        return Finding(
            Level.FAIL, about, "X does not accept it; make a new one in X's developer console."
        )
    except XError as error:
        return Finding(Level.FAIL, about, error.plain)
    return Finding(Level.OK, about, "X accepts it.")


async def _own_likers(core: Core) -> Finding:
    about = "Likers of own posts"
    try:
        posts = await core.x.own_posts()
        if not posts:
            return Finding(Level.NOTE, about, "cannot be tried, the account has no posts yet.")
        most_liked = max(posts, key=lambda post: post.counts.likes)
        page = await core.x.likes.liking_users(most_liked.id, max_results=1)
    except LikersNotShown:
        return Finding(
            Level.FAIL, about, "X refuses them. Check the app's access level and permissions."
        )
    except XError as error:
        return Finding(Level.FAIL, about, error.plain)
    if not most_liked.counts.likes:
        return Finding(Level.OK, about, "X allows them, but nobody likes the newest posts yet.")
    if not page.users:
        return Finding(
            Level.NOTE,
            about,
            "X shows none, although there are likes: these people may all be protected.",
        )
    return Finding(Level.OK, about, "X shows them: watches announce names.")


async def _likers_of_others(core: Core) -> Finding:
    about = "Likers of other accounts' posts"
    try:
        page = await core.x.likes.liking_users(_SOMEBODYS_POST, max_results=1)
    except LikersNotShown:
        page = None
    except (PostNotFound, PostNotShown):
        return Finding(Level.NOTE, about, "cannot be tried, X does not show X's first post.")
    except XError as error:
        return Finding(Level.FAIL, about, error.plain)
    if page is not None and page.users:
        return Finding(Level.OK, about, "X shows them too.")
    return Finding(Level.NOTE, about, "X hides them: watches on them announce how counts grow.")


def _linking(settings: Settings, core: Core) -> Finding:
    about = "Members' own accounts"
    ways = []
    if core.accounts.links_in_browser:
        ways.append(f"in the browser, which comes back to {settings.x_redirect_url}")
    if core.accounts.links_by_pin:
        ways.append("with a PIN")
    if ways:
        return Finding(Level.OK, about, f"can be linked {', or '.join(ways)}.")
    return Finding(
        Level.NOTE,
        about,
        f"cannot be linked, as {_lacking(settings)} not set. The README says how to set it up.",
    )


def _lacking(settings: Settings) -> str:
    """Name what linking needs and the settings do not have."""
    if settings.app_keys() is not None:
        return "SECRET_KEY is"
    ways = "X_API_KEY and X_API_SECRET, or X_CLIENT_ID and X_REDIRECT_URL,"
    return f"{ways} are" if settings.secret_keys() else f"SECRET_KEY, and {ways} are"


async def _home(settings: Settings, core: Core) -> Finding:
    """Say for which servers the bot's own account reads and acts."""
    about, daily = "Home servers", settings.guest_daily_usd
    guests = f"Others may cost ${daily:,.2f} a day each." if daily else "Others are not served."
    if settings.home_guild_ids:
        named = ", ".join(map(str, sorted(settings.home_guild_ids)))
        return Finding(Level.OK, about, f"{named}, as HOME_GUILD_IDS says. {guests}")
    async with core.database.reading() as session:
        known = await Guilds(session).home_ids() | core.homes.developed
    if not known:
        return Finding(
            Level.NOTE,
            about,
            "none yet. Those that you or your team own become home when the bot is in them; in "
            f"another one of yours, use /config home. {guests}",
        )
    return Finding(Level.OK, about, f"{', '.join(map(str, sorted(known)))}. {guests}")


async def _allowances(core: Core) -> Finding:
    endpoints = (Endpoint.POSTS, Endpoint.LIKING_USERS)
    known = [await core.x.allowance(endpoint) for endpoint in endpoints]
    left = ", ".join(
        f"{allowance.remaining:,} of {allowance.limit:,} for {requests_for(allowance.endpoint)}"
        for allowance in known
    )
    return Finding(Level.OK, "Requests left in 15 minutes", f"{left}.")


async def _money(core: Core) -> Finding:
    today, month = await core.ledger.spent()
    budget = core.ledger.budget_usd
    limit = "no budget is set" if budget is None else f"the budget is ${budget:,.2f}"
    level = Level.FAIL if budget is not None and month >= budget else Level.OK
    return Finding(
        level, "Money", f"X charged ${today:,.3f} today, ${month:,.3f} this month; {limit}."
    )


def _counted(counted: PostsCounted) -> Finding:
    """Compare what X counted of yesterday with the books."""
    said = f"of {counted.day:%-d %B} X counts {counted.by_x:,} posts read, and {counted.by_us:,} "
    if not counted.differ:
        return Finding(Level.OK, "X's own count", f"{said}are booked here.")
    return Finding(
        Level.NOTE,
        "X's own count",
        f"{said}are booked here. X counts all apps of the project; if nothing else uses it, "
        "believe X's bill.",
    )

"""Whether X would push likes, and of whose posts: told by `check`, without subscribing to any."""

from bot.domain.errors import XError
from bot.run.core import Core
from bot.run.finding import Finding, Level
from bot.run.settings import Settings
from bot.x.credentials import Credentials, OAuth2Token
from storage.accounts import Accounts

_ABOUT = "Likes that X pushes"


async def try_push(settings: Settings, core: Core) -> Finding:
    """List what X is to push, which costs nothing, and see which accounts it may be told of."""
    if settings.push == "off":
        return Finding(Level.NOTE, _ABOUT, "none, as PUSH is off: likes are counted and read.")
    bearer = settings.credentials().bearer
    if bearer is None:
        return Finding(
            Level.NOTE, _ABOUT, "none: X lets only the app's X_BEARER_TOKEN into its stream."
        )
    try:
        await core.make_client(Credentials(bearer=bearer)).activity.subscriptions()
    except XError as error:
        return Finding(
            Level.NOTE,
            _ABOUT,
            f"X does not let this app ask for them. {error.plain} Likes are counted and read.",
        )
    return await _whose(settings, core)


async def _whose(settings: Settings, core: Core) -> Finding:
    """Say for which accounts X can be asked to push; of the bot's own that is not certain."""
    async with core.database.reading() as session:
        linked = [row.x_user_id for row in await Accounts(session).usable() if row.oauth2]
    own = core.x.user_id
    if own is None or own in linked:
        count = f"{len(linked)} that are linked in the browser"
        level = Level.OK if linked else Level.NOTE
        return Finding(level, _ABOUT, f"X lets this app ask for them. Accounts: {count}.")
    others = f" {len(linked)} linked ones need nothing more." if linked else ""
    mend = "Link it in the browser, by /account link, for likes within seconds."
    if settings.x_redirect_url is None or isinstance(core.x.user, OAuth2Token):
        mend = "With X_CLIENT_ID and X_REDIRECT_URL it can be linked, for likes within seconds."
    return Finding(
        Level.NOTE,
        _ABOUT,
        "X lets this app ask for them. Of the bot's own account, whose keys are OAuth 1.0a, the "
        f"bot tries it and may be refused. {mend}{others}",
    )

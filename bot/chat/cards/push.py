"""By which way likes come, and why not sooner."""

from bot.chat.cards.numbers import ago, counted
from bot.domain.push_status import PushState, PushStatus

_STATES = {
    PushState.OFF: "counted and read: `PUSH` is off",
    PushState.NO_KEY: "counted and read: without `X_BEARER_TOKEN` X pushes nothing",
    PushState.NOBODY: "counted and read: no watched post is by an account that X may push",
    PushState.REFUSED: (
        "counted and read: X does not let this app be told of likes. I ask again by myself; "
        "`make check` tells the person who runs me more"
    ),
    PushState.ACCOUNTS_REFUSED: (
        "counted and read: X refuses to push the likes of the accounts that are linked here. I ask "
        "again after a day"
    ),
    PushState.AWAY: "counted and read: X does not take what it is to push. I ask again by myself",
    PushState.CLOSED: "counted and read until X's stream opens again",
}
_OWN_REFUSED = "-# X does not push likes with the keys that I have of my own account."
_LINK_OWN = (
    "**Link the bot's account** brings its likes within seconds: sign in at X as that account "
    "there. It is what `/account link` does."
)
_SET_UP = (
    "Linked in the browser it would bring likes within seconds: the person who runs me sets that "
    "up with `X_CLIENT_ID` and `X_REDIRECT_URL`."
)


def push_line(push: PushStatus) -> str:
    """Say how likes arrive, and what would make them come sooner."""
    lines = [f"**How likes arrive** {_STATES.get(push.state) or _pushed(push)}"]
    if push.own_refused:
        lines.append(f"{_OWN_REFUSED} {_LINK_OWN if push.can_link_own else _SET_UP}")
    return "\n".join(lines)


def _pushed(push: PushStatus) -> str:
    accounts = counted(push.accounts, "account")
    if not push.silent:
        return f"X pushes those of {accounts} within seconds; all others are counted and read"
    since = f" since {ago(push.silent_since)}" if push.silent_since else ""
    silent = "it" if push.silent == push.accounts else f"{push.silent} of them"
    return (
        f"X is to push those of {accounts}, and has pushed nothing of {silent}{since}, though "
        "counts moved. I count and read them, and try again every hour"
    )

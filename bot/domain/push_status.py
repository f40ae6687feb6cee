"""How push stands, as it is shown."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PushState(StrEnum):
    """Whether X tells of likes by itself; `NOBODY`: no account needs it, or may have it.

    `REFUSED`: X does not let this app, `ACCOUNTS_REFUSED`: not the accounts; `AWAY`: X does not
    answer what it is to push.
    """

    OFF = "off"
    NO_KEY = "no_key"
    NOBODY = "nobody"
    REFUSED = "refused"
    ACCOUNTS_REFUSED = "accounts_refused"
    AWAY = "away"
    CLOSED = "closed"
    ON = "on"


@dataclass(frozen=True, slots=True)
class PushStatus:
    """How many `accounts` X pushes the likes of.

    Of so many `silent` ones it pushes nothing, since `silent_since`. It refused the bot's `own`
    (`own_refused`), which would be pushed if it were linked, where somebody `links_in_browser`.
    """

    state: PushState
    accounts: int = 0
    silent: int = 0
    silent_since: datetime | None = None
    own_refused: bool = False
    links_in_browser: bool = False

    @property
    def can_link_own(self) -> bool:
        return self.own_refused and self.links_in_browser

"""A guild's settings."""

from bot.chat.cards.card import Accent, Card, card
from bot.chat.cards.managing import STYLES
from bot.chat.cards.numbers import money
from bot.domain import GuildConfig
from bot.domain.guilds import ASK_ABOVE_USD, LIKED_A_PAGE, LIKERS_A_PAGE
from bot.domain.when import written_minute

_OWN_ACCOUNTS_ONLY = {
    True: "yes. Members like with the X accounts that they linked by `/account link`.",
    False: "no. `/config own-accounts` changes that.",
}


def config_card(config: GuildConfig, *, changed: bool = False) -> Card:
    channel = (
        f"<#{config.channel_id}>"
        if config.channel_id is not None
        else "none. Each `/watch add` names its own, or choose one with `/config channel`."
    )
    head = "### Settings saved" if changed else "### Settings of this server"
    size = (
        f"at most {config.page_size} people or posts"
        if config.page_size is not None
        else f"{LIKERS_A_PAGE} people, or {LIKED_A_PAGE} posts. `/config page-size` changes that."
    )
    lines = (
        head,
        f"**Announcements go to** {channel}",
        f"**Troubles go to** {_alerts(config)}",
        f"**Style** {STYLES[config.style][0].lower()}: {STYLES[config.style][1]}",
        f"**Quiet hours** {_quiet(config)}",
        f"**Who may like with my account** {_who_may_like(config)}",
        f"**Own accounts only** {_OWN_ACCOUNTS_ONLY[config.own_accounts_only]}",
        f"**A page shows** {size}",
        f"**Budget for X** {_budget(config)}",
        f"**A new watch asks first** {_asks_above(config)}",
    )
    return card(Accent.DONE if changed else Accent.PLAIN, "\n".join(lines))


def _alerts(config: GuildConfig) -> str:
    if config.alerts_channel_id is not None:
        return f"<#{config.alerts_channel_id}>"
    if config.channel_id is not None:
        return "the same channel. `/config alerts` chooses another one."
    return "whoever added the watch, in private. `/config alerts` chooses a channel."


def _quiet(config: GuildConfig) -> str:
    if config.quiet is None:
        return "none. `/config quiet-hours` chooses some."
    begins, ends = map(written_minute, config.quiet)
    zone = config.time_zone or "UTC"
    return f"{begins} to {ends}, {zone}; what came meanwhile is announced then, as one"


def _budget(config: GuildConfig) -> str:
    if config.budget_usd is None:
        return "none. `/config budget` sets one."
    return f"{money(config.budget_usd)} a month, counted in UTC. `/usage` shows what is spent."


def _asks_above(config: GuildConfig) -> str:
    if config.ask_above_usd is None:
        return (
            f"when it may cost more than {money(ASK_ABOVE_USD)}. `/config ask-above` changes that."
        )
    if config.ask_above_usd == 0:
        return "always"
    return f"when it may cost more than {money(config.ask_above_usd)}"


def _who_may_like(config: GuildConfig) -> str:
    if config.own_accounts_only:
        return "nobody"
    if config.like_role_id is not None:
        return f"<@&{config.like_role_id}> and members who may manage the server"
    return "members who may manage the server. `/config like-role` lets a role do so too."

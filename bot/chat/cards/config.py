"""A guild's settings."""

from collections.abc import Iterable
from enum import StrEnum

from bot.chat.cards.card import Accent, Card, card
from bot.chat.cards.managing import STYLES
from bot.chat.cards.numbers import money
from bot.domain import GuildConfig
from bot.domain.guilds import ASK_ABOVE_USD, LIKED_A_PAGE, LIKERS_A_PAGE, MEMBER_DAILY_USD
from bot.domain.languages import Language
from bot.domain.when import written_minute

# Each as those who speak it call it.
LANGUAGES = {
    Language.ENGLISH: "English",
    Language.GERMAN: "Deutsch",
    Language.FRENCH: "Français",
    Language.SPANISH: "Español",
    Language.PORTUGUESE: "Português (Brasil)",
    Language.JAPANESE: "日本語",
}


class Setting(StrEnum):
    """What a guild sets, as it is called in a card."""

    CHANNEL = "Announcements"
    ALERTS = "Troubles"
    STYLE = "Style"
    LANGUAGE = "Language"
    QUIET_HOURS = "Quiet hours"
    WHO_CAN_LIKE = "Who can like"
    WHO_CAN_LOOK_UP = "Who can look up"
    PAGE_SIZE = "A page shows"
    BUDGET = "Budget for X"
    MEMBER_BUDGET = "A member may cost"
    ASK_ABOVE = "I ask before a watch"


def config_card(config: GuildConfig) -> Card:
    lines = f"### Settings of this server\n{config_lines(config)}"
    return card(Accent.PLAIN, lines, "-# `/setup` changes them in one panel.")


def config_saved_card(config: GuildConfig, setting: Setting) -> Card:
    """Say what a setting is now, and nothing of the others."""
    return card(Accent.DONE, f"Saved. {_line(config, setting)}")


def config_lines(config: GuildConfig, settings: Iterable[Setting] = Setting) -> str:
    return "\n".join(_line(config, setting) for setting in settings)


def _line(config: GuildConfig, setting: Setting) -> str:
    return f"**{setting}** {_SHOWN[setting](config)}"


def _channel(config: GuildConfig) -> str:
    if config.channel_id is None:
        return "no channel yet: each watch names its own"
    return f"<#{config.channel_id}>"


def _alerts(config: GuildConfig) -> str:
    if config.alerts_channel_id is not None:
        return f"<#{config.alerts_channel_id}>"
    if config.channel_id is not None:
        return "the same channel"
    return "whoever added the watch, in private"


def _who_can_like(config: GuildConfig) -> str:
    if config.own_accounts_only:
        return "members, each with their own linked account"
    if config.like_role_id is not None:
        return f"managers and <@&{config.like_role_id}>, with the bot's account"
    return "managers, with the bot's account"


def _page_size(config: GuildConfig) -> str:
    if config.page_size is None:
        return f"{LIKERS_A_PAGE} people, or {LIKED_A_PAGE} posts"
    return f"at most {config.page_size} people or posts"


def _style(config: GuildConfig) -> str:
    name, says = STYLES[config.style]
    return f"{name.lower()}: {says}"


def _quiet(config: GuildConfig) -> str:
    if config.quiet is None:
        return "none"
    begins, ends = map(written_minute, config.quiet)
    zone = config.time_zone or "UTC"
    return f"{begins} to {ends}, {zone}; what came meanwhile is announced then, as one"


def _language(config: GuildConfig) -> str:
    if config.language is not None:
        return LANGUAGES[config.language]
    return f"{LANGUAGES[config.spoken]}, this server's on Discord"


def _budget(config: GuildConfig) -> str:
    return "none" if config.budget_usd is None else f"{money(config.budget_usd)} a month (UTC)"


def _who_can_look_up(config: GuildConfig) -> str:
    if config.lookup_role_id is not None:
        return f"managers and <@&{config.lookup_role_id}>"
    return "everyone"


def _of_a_member(config: GuildConfig) -> str:
    usd = MEMBER_DAILY_USD if config.member_budget_usd is None else config.member_budget_usd
    return f"{money(usd)} a day (UTC)"


def _asks_above(config: GuildConfig) -> str:
    above = ASK_ABOVE_USD if config.ask_above_usd is None else config.ask_above_usd
    return f"that may cost more than {money(above)}" if above else "of any price"


_SHOWN = {
    Setting.CHANNEL: _channel,
    Setting.ALERTS: _alerts,
    Setting.STYLE: _style,
    Setting.QUIET_HOURS: _quiet,
    Setting.LANGUAGE: _language,
    Setting.WHO_CAN_LIKE: _who_can_like,
    Setting.WHO_CAN_LOOK_UP: _who_can_look_up,
    Setting.PAGE_SIZE: _page_size,
    Setting.BUDGET: _budget,
    Setting.MEMBER_BUDGET: _of_a_member,
    Setting.ASK_ABOVE: _asks_above,
}

"""A guild's settings."""

from bot.chat.cards.card import Accent, Card, card
from bot.domain import GuildConfig
from bot.domain.guilds import LIKED_A_PAGE, LIKERS_A_PAGE

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
        f"**Who may like with my account** {_who_may_like(config)}",
        f"**Own accounts only** {_OWN_ACCOUNTS_ONLY[config.own_accounts_only]}",
        f"**A page shows** {size}",
    )
    return card(Accent.DONE if changed else Accent.PLAIN, "\n".join(lines))


def _who_may_like(config: GuildConfig) -> str:
    if config.own_accounts_only:
        return "nobody"
    if config.like_role_id is not None:
        return f"<@&{config.like_role_id}> and members who may manage the server"
    return "members who may manage the server. `/config like-role` lets a role do so too."

"""A guild's settings."""

from bot.chat.cards.card import Accent, Card, card
from bot.domain import GuildConfig
from bot.domain.guilds import LIKED_A_PAGE, LIKERS_A_PAGE


def config_card(config: GuildConfig, *, changed: bool = False) -> Card:
    channel = (
        f"<#{config.channel_id}>"
        if config.channel_id is not None
        else "none. Each `/watch add` names its own, or choose one with `/config channel`."
    )
    role = (
        f"<@&{config.like_role_id}> and members who may manage the server"
        if config.like_role_id is not None
        else "members who may manage the server. `/config like-role` lets a role do so too."
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
        f"**Who may like with my account** {role}",
        f"**A page shows** {size}",
    )
    return card(Accent.DONE if changed else Accent.PLAIN, "\n".join(lines))

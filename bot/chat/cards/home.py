"""Whether a server is one of the operator's own, and what that means for it."""

from bot.chat.cards.card import Accent, Button, Card, card, row
from bot.chat.cards.numbers import ago, money
from bot.domain.guilds import HomeState, WhyHome

_SERVED = "The bot's account likes and reads here, and the person who runs me pays X for it."
_WHY = {
    WhyHome.NAMED: "The person who runs me lists it in `HOME_GUILD_IDS`.",
    WhyHome.OWNED: "Its owner runs me, or is in the team that does.",
    WhyHome.DEVELOPED: "The person who runs me names it as `DISCORD_GUILD_ID`.",
}
_GUEST = "### This server is a guest\nThe bot's account neither likes nor reads here."
_NOT_SERVED = "Nothing is asked of X for it."
_PAID_FOR = (
    "Members can link accounts of their own, and what X charges for this server may be {usd} a day."
)
_HOW = {
    True: "The person who runs me can add the server's ID, `{guild}`, to `HOME_GUILD_IDS`.",
    False: "The person who runs me can change that: they use this command here, as a member who "
    "manages the server.",
}
_ADOPT = (
    "### Make this server home?\nYou run me, and this server is not one of yours yet. If you make "
    "it home, its managers like with the bot's account and see what that account sees, and you "
    "pay X for what is asked here. `/config home` ends that."
)


def home_card(state: HomeState, *buttons: Button) -> Card:
    """Say whether a server is home, and why; `buttons` are for those who can change it."""
    shown = [row(*buttons)] if buttons else []
    if state.why is None:
        return card(Accent.PLAIN, _guest(state), *shown)
    why = _WHY.get(state.why) or _adopted(state)
    return card(Accent.DONE, f"### This server is home\n{_SERVED}\n-# {why}", *shown)


def adopt_question_card(button: Button) -> Card:
    return card(Accent.PLAIN, _ADOPT, row(button))


def _guest(state: HomeState) -> str:
    paid = bool(state.guest_daily_usd)
    served = _PAID_FOR.format(usd=money(state.guest_daily_usd)) if paid else _NOT_SERVED
    how = _HOW[state.are_named].format(guild=state.guild_id)
    return f"{_GUEST} {served}\n-# {how}"


def _adopted(state: HomeState) -> str:
    when = f" {ago(state.adopted_at)}" if state.adopted_at is not None else ""
    return f"<@{state.adopted_by}> made it home{when}."

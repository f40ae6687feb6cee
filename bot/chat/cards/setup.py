"""The panel that sets a server up, and the greeting that leads to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat import text
from bot.chat.cards.card import Accent, Button, Card, Row, card, row
from bot.chat.cards.config import Setting, config_lines
from bot.chat.cards.watches import AnyWatch, how_many
from bot.chat.languages.translator import Translator
from bot.domain import GuildConfig
from bot.domain.sentences import Sentence

_MAX_NAME = 60
_HELLO = Sentence("Hello, {server}")
_GREETING = Sentence(
    "I tell a channel here who likes your posts on X, by name, once each and within seconds. "
    "Members can like posts and look them up without leaving Discord; `/help` shows how."
)
_BEGIN = Sentence("A manager of this server sets me up with the button, or with `/setup`.")
_BEGIN_THERE = Sentence(
    "To set me up, use `/setup` in the server. I found no channel there to write in."
)
_FORGET = Sentence("`/forget-me` deletes everything that is stored about you.")
_CHANGED_HERE = (
    Setting.CHANNEL,
    Setting.STYLE,
    Setting.LANGUAGE,
    Setting.QUIET_HOURS,
    Setting.WHO_CAN_LIKE,
    Setting.WHO_CAN_LOOK_UP,
    Setting.BUDGET,
    Setting.ASK_ABOVE,
)
_OTHERS = "-# `/config show` has the other settings."
_NEXT = {
    "channel": "**Next:** choose the channel below that I announce in.",
    "post": "**Next:** watch a post, or all new posts of an account.",
    "": "Everything is ready. **Send a test** shows how a like will look.",
}


@dataclass(frozen=True, slots=True)
class SetupState:
    """What is set and watched in a server; `account` is the member's own linked one."""

    config: GuildConfig
    watches: Sequence[AnyWatch]
    account: str | None


def greeting_card(server: str, say: Translator, *buttons: Button) -> Card:
    """Say what the bot does; without buttons it goes to a member alone."""
    hello = say(_HELLO, server=text.one_line(server, _MAX_NAME))
    begin = say(_BEGIN if buttons else _BEGIN_THERE)
    said = f"### {hello}\n{say(_GREETING)}\n{begin}"
    return card(Accent.LIKE, said, f"-# {say(_FORGET)}", row(*buttons) if buttons else None)


def setup_card(state: SetupState, *rows: Row) -> Card:
    account = text.handle(state.account) if state.account else "none linked yet"
    lines = [
        "### Set up this server",
        _next(state),
        config_lines(state.config, _CHANGED_HERE),
        f"**Watching** {how_many(state.watches) or 'nothing yet'}",
        f"**Your X account** {account}",
    ]
    return card(Accent.PLAIN, "\n".join([*lines, _OTHERS]), *rows)


def test_sent_card(channel_id: int) -> Card:
    return card(Accent.DONE, f"The test is in <#{channel_id}>.")


def _next(state: SetupState) -> str:
    if state.config.channel_id is None:
        return _NEXT["channel"]
    return _NEXT["" if state.watches else "post"]

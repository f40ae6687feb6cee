"""The first answer to an interaction: the eight kinds of callback."""

from sandbox.discord import sending
from sandbox.discord.core import Core
from sandbox.discord.errors import ApiError
from sandbox.discord.interaction_book import Interaction, InteractionType
from sandbox.discord.messages.components import complete
from sandbox.discord.messages.compose import compose, flags_of, recompose
from sandbox.discord.messages.files import Body
from sandbox.discord.messages.model import (
    CHAT_INPUT_COMMAND,
    CONTEXT_MENU_COMMAND,
    DEFAULT,
    REPLY,
    Content,
    Message,
)
from sandbox.discord.rules import commands
from sandbox.discord.rules.fields import Form, ListOf, Number, Rule, Text, Whole
from sandbox.discord.rules.messages import EPHEMERAL, LOADING
from sandbox.discord.rules.modals import check_modal
from sandbox.discord.rules.problems import Problems, invalid
from sandbox.discord.sending import Envelope
from sandbox.discord.shapes.messages import MessageShapes
from sandbox.discord.types import Json

PONG = 1
MESSAGE = 4
DEFERRED_MESSAGE = 5
DEFERRED_UPDATE = 6
UPDATE = 7
CHOICES = 8
MODAL = 9


def kinds_for(interaction: Interaction) -> tuple[int, ...]:
    """Return the callback types that fit the interaction."""
    if interaction.type is InteractionType.AUTOCOMPLETE:
        return (CHOICES,)
    kinds: tuple[int, ...] = (MESSAGE, DEFERRED_MESSAGE)
    if interaction.source is not None:
        kinds += (DEFERRED_UPDATE, UPDATE)
    if interaction.type is not InteractionType.MODAL_SUBMIT:
        kinds += (MODAL,)
    return kinds


def answer(core: Core, interaction: Interaction, body: Body) -> None:
    """Carry out a callback; nothing has happened when it is refused."""
    kind = body.fields.get("type")
    allowed = kinds_for(interaction)
    if kind not in allowed:
        listed = ", ".join(map(str, allowed))
        raise invalid(("type",), "BASE_TYPE_CHOICES", f"Value must be one of ({listed}).")
    data = body.inner()
    try:
        _carry_out(core, interaction, kind, data)
    except ApiError as error:
        if error.errors and "data" not in error.errors:
            raise ApiError(error.problem, {"data": error.errors}) from None
        raise
    interaction.acknowledge()


def _carry_out(core: Core, interaction: Interaction, kind: int, data: Body) -> None:
    if kind == MESSAGE:
        content = compose(data, core.snowflakes, may_be_ephemeral=True)
        interaction.ephemeral = bool(content.flags & EPHEMERAL)
        interaction.original = post(core, interaction, content, data.fields)
        interaction.complete()
    elif kind == DEFERRED_MESSAGE:
        flags = flags_of(data.fields) & EPHEMERAL
        interaction.deferred = True
        interaction.ephemeral = bool(flags)
        interaction.original = post(core, interaction, Content(flags=flags | LOADING), {})
    elif kind == DEFERRED_UPDATE:
        interaction.deferred = True
        interaction.original = interaction.source
    elif kind == UPDATE and interaction.source is not None:
        interaction.original = revise(core, interaction.source, data)
        interaction.complete()
    elif kind == CHOICES:
        interaction.choices = _checked_choices(interaction, data.fields)
        interaction.complete()
    elif kind == MODAL:
        check_modal(data.fields)
        numbered = complete(data.fields["components"])
        core.interactions.show_modal(interaction, {**data.fields, "components": numbered})
        interaction.complete()


def post(core: Core, interaction: Interaction, content: Content, fields: Json) -> Message:
    """Send a message that answers the interaction: the original, or a follow-up to it."""
    first = interaction.original
    reply_to = first or interaction.source
    metadata = dict(interaction.metadata)
    if first is not None:
        metadata["original_response_message_id"] = str(first.id)
    channel = core.world.channel(interaction.channel_id)
    author = core.world.bot_member(core.world.guild_of(channel))
    envelope = Envelope(
        type=REPLY if reply_to is not None else _type_of(interaction),
        reply_to=None if reply_to is None else reply_to.id,
        interaction_metadata=metadata,
        visible_to=interaction.user_id if content.flags & EPHEMERAL else None,
        allowed_mentions=fields.get("allowed_mentions"),
    )
    return sending.send(core, channel, author, content, envelope)


def revise(core: Core, message: Message, data: Body) -> Message:
    content = recompose(data, message.content, core.snowflakes)
    return sending.edit(core, message, content, data.fields.get("allowed_mentions"))


def described(interaction: Interaction, shapes: MessageShapes, kind: int) -> Json:
    """Return what a callback with `with_response` is answered with: no message for a promise."""
    shape: Json = {
        "id": str(interaction.id),
        "type": int(interaction.type),
        "channel_id": str(interaction.channel_id),
        "guild_id": str(interaction.guild_id),
    }
    message = interaction.original
    if message is None:
        return {"interaction": shape}
    shape["response_message_id"] = str(message.id)
    shape["response_message_loading"] = message.is_loading
    shape["response_message_ephemeral"] = message.is_ephemeral
    if kind not in (MESSAGE, UPDATE):
        return {"interaction": shape}
    resource = {"type": kind, "message": shapes.message(message)}
    return {"interaction": shape, "resource": resource}


def _type_of(interaction: Interaction) -> int:
    if interaction.type is not InteractionType.APPLICATION_COMMAND:
        return DEFAULT
    is_slash = interaction.data.get("type") == commands.CHAT_INPUT
    return CHAT_INPUT_COMMAND if is_slash else CONTEXT_MENU_COMMAND


CHOICE_VALUES: dict[int, Rule] = {
    commands.STRING: Text(100),
    commands.INTEGER: Whole(-commands.SAFE_INTEGER, commands.SAFE_INTEGER),
    commands.NUMBER: Number(),
}


def _checked_choices(interaction: Interaction, fields: Json) -> list[Json]:
    kind = _focused_type(interaction.data)
    choice = Form(required={"name": commands.CHOICE_NAME, "value": CHOICE_VALUES[kind]})
    problems = Problems()
    Form(optional={"choices": ListOf(choice, 25)}).check(fields, (), problems)
    problems.raise_if_any()
    return list(fields.get("choices") or [])


def _focused_type(data: Json) -> int:
    for option in data.get("options") or ():
        if option.get("focused"):
            return int(option["type"])
        if "options" in option and (found := _focused_type(option)):
            return found
    return 0

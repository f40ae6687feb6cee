"""A button pressed, a select chosen from, a modal handed in."""

from collections.abc import Mapping

from sandbox.discord.core import Core
from sandbox.discord.errors import ApiError
from sandbox.discord.interaction_book import InteractionType
from sandbox.discord.interactions.asking import Ask, Asker, AskError
from sandbox.discord.interactions.resolving import Resolver
from sandbox.discord.messages.model import Message
from sandbox.discord.rules.components import (
    ACTION_ROW,
    BUTTON,
    CHANNEL_SELECT,
    LABEL,
    MENTIONABLE_SELECT,
    ROLE_SELECT,
    SELECTS,
    STRING_SELECT,
    TEXT_INPUT,
    USER_SELECT,
    walk,
)
from sandbox.discord.rules.modals import CHECKBOX, RADIO_GROUP
from sandbox.discord.types import Json


def use_component(core: Core, asker: Asker, given: Mapping[str, object]) -> Ask:
    """Press or choose: `{message_id, custom_id, values?}`."""
    message = _message(core, asker, str(given.get("message_id")))
    custom_id = str(given.get("custom_id"))
    component = next(
        (
            one
            for one, _ in walk(list(message.content.components))
            if one.get("custom_id") == custom_id
        ),
        None,
    )
    if component is None:
        raise AskError(f"the message has no component {custom_id}")
    if component.get("disabled"):
        raise AskError(f"the component {custom_id} is disabled")
    data: Json = {
        "id": component["id"],
        "custom_id": custom_id,
        "component_type": component["type"],
    }
    if component["type"] != BUTTON:
        resolver = Resolver(core, asker)
        data["values"] = _chosen(component, given.get("values"), resolver)
        if resolver.resolved:
            data["resolved"] = resolver.resolved
    return Ask(InteractionType.MESSAGE_COMPONENT, data, source=message)


def hand_in(core: Core, asker: Asker, given: Mapping[str, object]) -> Ask:
    """Hand in the modal that this member was shown: `{custom_id, values: {custom_id: value}}`."""
    custom_id = str(given.get("custom_id"))
    parent = core.interactions.shown_modal(asker.user_id, custom_id)
    if parent is None or parent.modal is None:
        raise AskError(f"no modal {custom_id} is open")
    values = given.get("values") or {}
    if not isinstance(values, dict):
        raise AskError("values are {custom_id: value}")
    resolver = Resolver(core, asker)
    data: Json = {
        "custom_id": custom_id,
        "components": [_filled(one, values, resolver) for one in parent.modal["components"]],
    }
    if resolver.resolved:
        data["resolved"] = resolver.resolved
    core.interactions.close_modal(asker.user_id, custom_id)
    return Ask(InteractionType.MODAL_SUBMIT, data, source=parent.source, parent=parent)


def _message(core: Core, asker: Asker, message_id: str) -> Message:
    try:
        message = core.store.get(asker.channel.id, int(message_id))
    except (ApiError, ValueError):
        raise AskError(f"there is no message {message_id} in this channel") from None
    if not message.seen_by(asker.user_id):
        raise AskError(f"there is no message {message_id} in this channel")
    return message


def _chosen(select: Json, given: object, resolver: Resolver) -> list[str]:
    values = [str(one) for one in given] if isinstance(given, list) else []
    least = select.get("min_values", 1)
    most = select.get("max_values", 1)
    if not least <= len(values) <= most:
        raise AskError(f"choose {least} to {most} of {select['custom_id']}")
    if select["type"] == STRING_SELECT:
        offered = {option["value"] for option in select["options"]}
        if set(values) - offered:
            raise AskError(f"{select['custom_id']} offers {', '.join(sorted(offered))}")
        return values
    finders = {
        USER_SELECT: resolver.user,
        ROLE_SELECT: resolver.role,
        MENTIONABLE_SELECT: resolver.mentionable,
        CHANNEL_SELECT: resolver.channel,
    }
    return [finders[select["type"]](value) for value in values]


def _filled(one: Json, values: Json, resolver: Resolver) -> Json:
    """Return a modal's top-level component as it comes back, with what was entered."""
    shape: Json = {"type": one["type"], "id": one["id"]}
    if one["type"] == ACTION_ROW:
        shape["components"] = [_entered(inner, values, resolver) for inner in one["components"]]
    elif one["type"] == LABEL:
        shape["component"] = _entered(one["component"], values, resolver)
    return shape


def _entered(component: Json, values: Json, resolver: Resolver) -> Json:
    custom_id, kind = component["custom_id"], component["type"]
    given = values.get(custom_id)
    shape: Json = {"type": kind, "id": component["id"], "custom_id": custom_id}
    is_required = component.get("required") is not False
    if kind == TEXT_INPUT:
        shape["value"] = _text(component, given, is_required=is_required)
    elif kind == CHECKBOX:
        shape["value"] = bool(component.get("default") if given is None else given)
    elif kind == RADIO_GROUP:
        shape["value"] = None if given is None else str(given)
    elif kind in SELECTS and (given or is_required):
        shape["values"] = _chosen(component, given, resolver)
    elif isinstance(given, list):
        shape["values"] = [str(one) for one in given]
    else:
        shape["values"] = []
    return shape


def _text(component: Json, given: object, *, is_required: bool) -> str:
    text = str(component.get("value") or "") if given is None else str(given)
    least = component.get("min_length") or (1 if is_required else 0)
    most = component.get("max_length") or 4000
    if len(text) < least if text else is_required:
        raise AskError(f"{component['custom_id']} needs at least {least} characters")
    if len(text) > most:
        raise AskError(f"{component['custom_id']} takes at most {most} characters")
    return text

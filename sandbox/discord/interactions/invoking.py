"""A command called by its name, with options or on a target."""

from dataclasses import dataclass

from sandbox.discord.commands import may_use
from sandbox.discord.core import Core
from sandbox.discord.errors import ApiError
from sandbox.discord.interaction_book import InteractionType
from sandbox.discord.interactions.asking import Ask, Asker, AskError
from sandbox.discord.interactions.options import read_options, read_unfinished
from sandbox.discord.interactions.resolving import Resolver
from sandbox.discord.rules import commands
from sandbox.discord.types import Json

NESTING = (commands.SUBCOMMAND, commands.SUBCOMMAND_GROUP)


class NotAllowedError(Exception):
    """The member may not use this command, so that the client would not offer it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A registered command, the subcommands chosen in it, and the options of the innermost."""

    command: Json
    nested: tuple[Json, ...]
    declared: list[Json]

    def data(self, options: list[Json], resolver: Resolver) -> Json:
        for inner in reversed(self.nested):
            options = [{"name": inner["name"], "type": inner["type"], "options": options}]
        data = _head(self.command)
        if options:
            data["options"] = options
        if resolver.resolved:
            data["resolved"] = resolver.resolved
        return data


def call(core: Core, asker: Asker, words: str, given: Json) -> Ask:
    found = _find(core, asker, words)
    resolver = Resolver(core, asker)
    options = read_options(found.declared, given, resolver)
    return Ask(InteractionType.APPLICATION_COMMAND, found.data(options, resolver))


def complete(core: Core, asker: Asker, words: str, given: Json, focused: str) -> Ask:
    found = _find(core, asker, words)
    options = read_unfinished(found.declared, given, focused)
    return Ask(InteractionType.AUTOCOMPLETE, found.data(options, Resolver(core, asker)))


def call_on(core: Core, asker: Asker, name: str, target_id: str) -> Ask:
    """Use a context-menu command on a member or a message."""
    for kind in (commands.USER, commands.MESSAGE):
        command = _registered(core, asker, kind, name)
        if command is not None:
            resolver = Resolver(core, asker)
            target = _target(core, asker, kind, target_id, resolver)
            data = {**_head(command), "target_id": target, "resolved": resolver.resolved}
            return Ask(InteractionType.APPLICATION_COMMAND, data)
    raise AskError(f"there is no command {name} for a member or a message")


def _target(core: Core, asker: Asker, kind: int, target_id: str, resolver: Resolver) -> str:
    if kind == commands.USER:
        return resolver.user(target_id)
    try:
        message = core.store.get(asker.channel.id, int(target_id))
    except (ApiError, ValueError):
        raise AskError(f"there is no message {target_id} in this channel") from None
    if not message.seen_by(asker.user_id):
        raise AskError(f"there is no message {target_id} in this channel")
    return resolver.message(message)


def _find(core: Core, asker: Asker, words: str) -> Found:
    name, *rest = words.removeprefix("/").split() or [""]
    command = _registered(core, asker, commands.CHAT_INPUT, name)
    if command is None:
        raise AskError(f"there is no command /{name}")
    nested: list[Json] = []
    declared: list[Json] = command.get("options", [])
    while declared and declared[0]["type"] in NESTING:
        word = rest.pop(0) if rest else ""
        inner = next((one for one in declared if one["name"] == word), None)
        if inner is None:
            names = ", ".join(one["name"] for one in declared)
            raise AskError(f"/{words} is unfinished or unknown: it goes on with one of {names}")
        nested.append(inner)
        declared = inner.get("options", [])
    if rest:
        raise AskError(f"there is no command /{words}")
    return Found(command, tuple(nested), declared)


def _registered(core: Core, asker: Asker, kind: int, name: str) -> Json | None:
    for command in core.commands.usable(asker.guild):
        if (command["type"], command["name"]) == (kind, name):
            if not may_use(command, asker.guild, asker.member, asker.channel):
                raise NotAllowedError
            return command
    return None


def _head(command: Json) -> Json:
    head: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
    if "guild_id" in command:
        head["guild_id"] = command["guild_id"]
    return head

"""The commands that the application has registered, as Discord lists them."""

from sandbox.discord.errors import ApiError, Problem
from sandbox.discord.permissions import Permission, of_channel, of_guild
from sandbox.discord.rules.commands import CHAT_INPUT, MOST_GLOBAL, check_bulk, check_command
from sandbox.discord.rules.problems import Problems
from sandbox.discord.snowflake import Snowflakes
from sandbox.discord.types import Json
from sandbox.discord.world import Channel, Guild, Member, World
from sandbox.events import Events

GLOBAL = None
GUILD_CONTEXT = 0


class CommandBook:
    """A scope is a guild's ID, or None for the commands of every guild."""

    def __init__(self, world: World, snowflakes: Snowflakes, events: Events) -> None:
        self._application_id = world.application.id
        self._snowflakes = snowflakes
        self._events = events
        self._scopes: dict[int | None, dict[str, Json]] = {}

    def listed(self, scope: int | None) -> list[Json]:
        return list(self._scopes.get(scope, {}).values())

    @property
    def scopes(self) -> dict[int | None, list[Json]]:
        """What is registered, by scope; a scope without commands is left out."""
        return {scope: list(found.values()) for scope, found in self._scopes.items() if found}

    def get(self, scope: int | None, command_id: str) -> Json:
        try:
            return self._scopes.get(scope, {})[command_id]
        except KeyError:
            raise ApiError(Problem.UNKNOWN_COMMAND) from None

    def overwrite(self, scope: int | None, raw: object) -> list[Json]:
        """Make these commands the only ones; those of the same name keep their IDs."""
        if not isinstance(raw, list):
            raise ApiError(Problem.INVALID_JSON)
        problems = Problems()
        for index, one in enumerate(raw):
            check_command(one, (index,), problems)
        problems.raise_if_any()
        check_bulk(raw, problems)
        problems.raise_if_any()
        _check_number(len(raw))
        made = [self._made(scope, one, self._same(scope, one)) for one in raw]
        self._scopes[scope] = {one["id"]: one for one in made}
        self._changed(scope)
        return made

    def create(self, scope: int | None, raw: Json) -> tuple[Json, bool]:
        """Register one command, and tell whether it is new: one of the same name is replaced."""
        _check(raw)
        old = self._same(scope, raw)
        if old is None:
            _check_number(len(self.listed(scope)) + 1)
        made = self._made(scope, raw, old)
        self._put(scope, made)
        return made, old is None

    def edit(self, scope: int | None, command_id: str, raw: Json) -> Json:
        old = self.get(scope, command_id)
        merged = {**old, **raw, "type": old["type"]}
        if old["type"] != CHAT_INPUT:
            merged.pop("options", None)
        _check(merged)
        made = self._made(scope, merged, old)
        self._put(scope, made)
        return made

    def delete(self, scope: int | None, command_id: str) -> None:
        self.get(scope, command_id)
        del self._scopes[scope][command_id]
        self._changed(scope)

    def usable(
        self, guild: Guild, member: Member | None = None, channel: Channel | None = None
    ) -> list[Json]:
        """Return what is offered to the member in the guild.

        What is registered for the guild and for all guilds too is there twice, its own first.
        """
        if self._application_id not in guild.members:
            return []
        commands = [
            one
            for scope in (guild.id, GLOBAL)
            for one in self.listed(scope)
            if one["contexts"] is None or GUILD_CONTEXT in one["contexts"]
        ]
        if member is None:
            return commands
        return [one for one in commands if may_use(one, guild, member, channel)]

    def _same(self, scope: int | None, raw: Json) -> Json | None:
        key = (raw.get("type") or CHAT_INPUT, raw["name"])
        return next((one for one in self.listed(scope) if (one["type"], one["name"]) == key), None)

    def _put(self, scope: int | None, command: Json) -> None:
        self._scopes.setdefault(scope, {})[command["id"]] = command
        self._changed(scope)

    def _made(self, scope: int | None, raw: Json, old: Json | None) -> Json:
        permissions = raw.get("default_member_permissions")
        kind = raw.get("type") or CHAT_INPUT
        made: Json = {
            "id": old["id"] if old else str(self._snowflakes.next()),
            "application_id": str(self._application_id),
            "version": str(self._snowflakes.next()),
            "type": kind,
            "name": raw["name"],
            "name_localizations": raw.get("name_localizations"),
            "description": raw.get("description") or "",
            "description_localizations": raw.get("description_localizations"),
            "default_member_permissions": None if permissions is None else str(permissions),
            "dm_permission": raw.get("dm_permission") is not False,
            "contexts": raw.get("contexts"),
            "integration_types": raw.get("integration_types") or [0],
            "nsfw": bool(raw.get("nsfw")),
        }
        if scope is not None:
            made["guild_id"] = str(scope)
        if raw.get("options"):
            made["options"] = [_without_nulls(option) for option in raw["options"]]
        return made

    def _changed(self, scope: int | None) -> None:
        self._events.emit("commands.update", {"guild_id": None if scope is None else str(scope)})


def may_use(command: Json, guild: Guild, member: Member, channel: Channel | None = None) -> bool:
    """Tell whether the member's permissions suffice; "0" leaves a command to administrators."""
    held = of_channel(guild, channel, member) if channel else of_guild(guild, member)
    if Permission.ADMINISTRATOR in held:
        return True
    if Permission.USE_APPLICATION_COMMANDS not in held:
        return False
    needed = command["default_member_permissions"]
    if needed is None:
        return True
    return int(needed) != 0 and int(needed) & int(held) == int(needed)


def _check(raw: Json) -> None:
    problems = Problems()
    check_command(raw, (), problems)
    problems.raise_if_any()


def _check_number(number: int) -> None:
    if number > MOST_GLOBAL:
        raise ApiError(Problem.TOO_MANY_COMMANDS)


def _without_nulls(option: Json) -> Json:
    kept = {name: value for name, value in option.items() if value is not None}
    if "options" in kept:
        kept["options"] = [_without_nulls(inner) for inner in kept["options"]]
    return kept

"""A slash command's options, typed as the registered command says."""

from math import isfinite

from sandbox.discord.interactions.asking import AskError
from sandbox.discord.interactions.resolving import Resolver
from sandbox.discord.rules import commands
from sandbox.discord.types import Json

Value = str | int | float | bool


def read_options(declared: list[Json], given: Json, resolver: Resolver) -> list[Json]:
    """Return the options of a finished command; raise AskError where the client would stop."""
    _check_names(declared, given)
    options = []
    for option in declared:
        value = given.get(option["name"])
        if value is None:
            if option.get("required"):
                raise AskError(f"the option {option['name']} is required")
            continue
        read = _value(option, value, resolver)
        _check_value(option, read)
        options.append({"name": option["name"], "type": option["type"], "value": read})
    return options


def read_unfinished(declared: list[Json], given: Json, focused: str) -> list[Json]:
    """Return the options of a command that is still being typed, `focused` being asked about."""
    _check_names(declared, {**given, focused: ""})
    options = []
    for option in declared:
        name = option["name"]
        if name == focused:
            if not option.get("autocomplete"):
                raise AskError(f"the option {name} has no autocomplete")
            typed = str(given.get(name, ""))
            options.append({"name": name, "type": option["type"], "value": typed, "focused": True})
        elif given.get(name) is not None:
            options.append({"name": name, "type": option["type"], "value": given[name]})
    return options


def _check_names(declared: list[Json], given: Json) -> None:
    unknown = set(given) - {option["name"] for option in declared}
    if unknown:
        raise AskError(f"the command has no option {', '.join(sorted(unknown))}")


def _value(option: Json, given: object, resolver: Resolver) -> Value:
    kind = option["type"]
    finders = {
        commands.USER_OPTION: resolver.user,
        commands.CHANNEL: resolver.channel,
        commands.ROLE: resolver.role,
        commands.MENTIONABLE: resolver.mentionable,
        commands.ATTACHMENT: resolver.attachment,
    }
    if kind in finders:
        return finders[kind](given)
    read = _plain_value(kind, given)
    if read is None:
        raise AskError(f"{given!r} is not a value for the option {option['name']}")
    return read


def _plain_value(kind: int, given: object) -> Value | None:
    """Return what was typed as a value of this kind, or None where it is not one."""
    if kind == commands.BOOLEAN:
        return _boolean(given)
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        return None
    return str(given) if kind == commands.STRING else _number(kind, given)


def _number(kind: int, given: str | float) -> int | float | None:
    try:
        number = float(given)
    except ValueError:
        return None
    if kind == commands.NUMBER:
        return number if isfinite(number) else None
    return int(given) if number.is_integer() else None


def _boolean(given: object) -> bool | None:
    return {"true": True, "false": False}.get(str(given).lower())


def _check_value(option: Json, value: Value) -> None:
    name = option["name"]
    if option.get("choices") and value not in [choice["value"] for choice in option["choices"]]:
        raise AskError(f"{value!r} is none of the choices of the option {name}")
    if option["type"] == commands.STRING:
        _check_range(name, len(str(value)), option.get("min_length"), option.get("max_length"))
    elif option["type"] in (commands.INTEGER, commands.NUMBER):
        _check_range(name, float(value), option.get("min_value"), option.get("max_value"))


def _check_range(name: str, size: float, least: float | None, most: float | None) -> None:
    if least is not None and size < least:
        raise AskError(f"the option {name} must be at least {least}")
    if most is not None and size > most:
        raise AskError(f"the option {name} must be at most {most}")

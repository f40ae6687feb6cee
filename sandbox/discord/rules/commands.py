"""What an application command may be."""

import re

from sandbox.discord.rules.fields import (
    ByType,
    Choice,
    Flag,
    Form,
    ListOf,
    Number,
    Rule,
    Text,
    Whole,
)
from sandbox.discord.rules.problems import Path, Problems
from sandbox.discord.types import Json

CHAT_INPUT = 1
USER = 2
MESSAGE = 3

SUBCOMMAND = 1
SUBCOMMAND_GROUP = 2
STRING = 3
INTEGER = 4
BOOLEAN = 5
USER_OPTION = 6
CHANNEL = 7
ROLE = 8
MENTIONABLE = 9
NUMBER = 10
ATTACHMENT = 11

MOST_GLOBAL = 100
MOST_CHARACTERS = 8000
SAFE_INTEGER = 2**53
CHAT_INPUT_NAME = re.compile(r"[-_'\w]{1,32}")
MOST_PERMISSIONS = 2**54 - 1

NAME = Text(32, 1, CHAT_INPUT_NAME)
DESCRIPTION = Text(100, 1)
CHOICE_NAME = Text(100, 1)


def _choice(value: Rule) -> Form:
    return Form(required={"name": CHOICE_NAME, "value": value})


def _check_name(one: Json, path: Path, problems: Problems) -> None:
    if one["name"] != one["name"].lower():
        problems.add(
            (*path, "name"),
            "APPLICATION_COMMAND_INVALID_NAME",
            "Command name is invalid",
        )


def _check_option(option: Json, path: Path, problems: Problems) -> None:
    _check_name(option, path, problems)
    if option.get("autocomplete") and option.get("choices"):
        problems.add(
            (*path, "choices"),
            "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE_MUTUALLY_EXCLUSIVE",
            "Choices and autocomplete are mutually exclusive",
        )


def _check_order(parent: Json, path: Path, problems: Problems) -> None:
    """Hold that options have names of their own, and required ones come first."""
    _check_name(parent, path, problems)
    seen: set[str] = set()
    optional_seen = False
    for index, option in enumerate(parent.get("options") or []):
        at = (*path, "options", index)
        if option["name"] in seen:
            problems.add(
                at,
                "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
                "Option name must be unique",
            )
        seen.add(option["name"])
        if option.get("required") and optional_seen:
            problems.add(
                at,
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            )
        optional_seen = optional_seen or not option.get("required")


def _option(**more: Rule) -> Form:
    return Form(
        required={"name": NAME, "description": DESCRIPTION},
        optional={"required": Flag(), **more},
        also=_check_option,
    )


LEAVES: dict[int, Rule] = {
    STRING: _option(
        choices=ListOf(_choice(Text(100)), 25),
        autocomplete=Flag(),
        min_length=Whole(0, 6000),
        max_length=Whole(1, 6000),
    ),
    INTEGER: _option(
        choices=ListOf(_choice(Whole(-SAFE_INTEGER, SAFE_INTEGER)), 25),
        autocomplete=Flag(),
        min_value=Whole(-SAFE_INTEGER, SAFE_INTEGER),
        max_value=Whole(-SAFE_INTEGER, SAFE_INTEGER),
    ),
    BOOLEAN: _option(),
    USER_OPTION: _option(),
    CHANNEL: _option(channel_types=ListOf(Whole(0), 20)),
    ROLE: _option(),
    MENTIONABLE: _option(),
    NUMBER: _option(
        choices=ListOf(_choice(Number()), 25),
        autocomplete=Flag(),
        min_value=Number(),
        max_value=Number(),
    ),
    ATTACHMENT: _option(),
}
SUBCOMMAND_RULE = Form(
    required={"name": NAME, "description": DESCRIPTION},
    optional={"options": ListOf(ByType(LEAVES), 25)},
    also=_check_order,
)
GROUP_RULE = Form(
    required={
        "name": NAME,
        "description": DESCRIPTION,
        "options": ListOf(ByType({SUBCOMMAND: SUBCOMMAND_RULE}), 25, 1),
    },
    also=_check_order,
)
COMMON: dict[str, Rule] = {
    "type": Choice((CHAT_INPUT, USER, MESSAGE)),
    "default_member_permissions": Whole(0, MOST_PERMISSIONS),
    "dm_permission": Flag(),
    "nsfw": Flag(),
    "contexts": ListOf(Choice((0, 1, 2)), 3, 1),
    "integration_types": ListOf(Choice((0, 1)), 2, 1),
}


def _check_one_kind(command: Json, path: Path, problems: Problems) -> None:
    kinds = {option["type"] for option in command.get("options") or []}
    if kinds & {SUBCOMMAND, SUBCOMMAND_GROUP} and kinds - {SUBCOMMAND, SUBCOMMAND_GROUP}:
        problems.add(
            (*path, "options"),
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
            "Sub-command and sub-command group option types are mutually exclusive "
            "to all other types",
        )
    _check_order(command, path, problems)
    if _characters(command) > MOST_CHARACTERS:
        problems.add(
            path,
            "APPLICATION_COMMAND_TOO_LARGE",
            f"Command exceeds maximum size ({MOST_CHARACTERS})",
        )


SLASH_RULE = Form(
    required={"name": NAME, "description": DESCRIPTION},
    optional={
        **COMMON,
        "options": ListOf(
            ByType({**LEAVES, SUBCOMMAND: SUBCOMMAND_RULE, SUBCOMMAND_GROUP: GROUP_RULE}), 25
        ),
    },
    also=_check_one_kind,
)


def _check_menu(command: Json, path: Path, problems: Problems) -> None:
    for name in ("description", "options"):
        if command.get(name):
            problems.add(
                (*path, name),
                "APPLICATION_COMMAND_CONTEXT_MENU_INVALID",
                f"Context menu commands cannot have {name}",
            )


MENU_RULE = Form(required={"name": Text(32, 1)}, optional=COMMON, also=_check_menu)


def check_command(command: object, path: Path, problems: Problems) -> None:
    is_menu = isinstance(command, dict) and command.get("type") in (USER, MESSAGE)
    (MENU_RULE if is_menu else SLASH_RULE).check(command, path, problems)


def check_bulk(commands: list[Json], problems: Problems) -> None:
    """Hold that no two commands of one type share a name."""
    seen: set[tuple[int, str]] = set()
    for index, command in enumerate(commands):
        key = (command.get("type") or CHAT_INPUT, command["name"])
        if key in seen:
            problems.add(
                (index,),
                "APPLICATION_COMMANDS_DUPLICATE_NAME",
                "Application command names must be unique",
            )
        seen.add(key)


def _characters(command: Json) -> int:
    """Count names, descriptions and choice values of a command and all its options."""
    own = len(command["name"]) + len(command.get("description") or "")
    choices = sum(
        len(choice["name"]) + len(str(choice["value"])) for choice in command.get("choices") or []
    )
    return own + choices + sum(_characters(option) for option in command.get("options") or [])

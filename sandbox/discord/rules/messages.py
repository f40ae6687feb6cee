"""What a message may hold, whoever sends it."""

from sandbox.discord.errors import ApiError, Problem
from sandbox.discord.rules import components, embeds
from sandbox.discord.rules.fields import Choice, Flag, Form, ListOf, Text, Whole
from sandbox.discord.rules.problems import Path, Problems
from sandbox.discord.types import Json

MOST_CONTENT = 2000
MOST_FILES = 10
MOST_FILE_BYTES = 10 * 1024 * 1024
SUPPRESS_EMBEDS = 1 << 2
EPHEMERAL = 1 << 6
LOADING = 1 << 7
SUPPRESS_NOTIFICATIONS = 1 << 12
IS_COMPONENTS_V2 = 1 << 15
LEGACY_FIELDS = ("content", "embeds", "sticker_ids", "poll")


def _check_mentions(value: Json, path: Path, problems: Problems) -> None:
    parse = value.get("parse") or []
    for kind in ("users", "roles"):
        if kind in parse and value.get(kind):
            problems.add(
                path,
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.',
            )


ALLOWED_MENTIONS = Form(
    optional={
        "parse": ListOf(Choice(("users", "roles", "everyone")), 3),
        "users": ListOf(Whole(0), 100),
        "roles": ListOf(Whole(0), 100),
        "replied_user": Flag(),
    },
    also=_check_mentions,
)

MESSAGE = Form(
    optional={
        "content": Text(MOST_CONTENT),
        "embeds": ListOf(embeds.EMBED, embeds.MOST_EMBEDS),
        "allowed_mentions": ALLOWED_MENTIONS,
        "attachments": ListOf(
            Form(
                required={"id": Whole(0)},
                optional={"filename": Text(1024), "description": Text(1024)},
            ),
            MOST_FILES,
        ),
        "flags": Whole(0),
        "tts": Flag(),
        "enforce_nonce": Flag(),
        "message_reference": Form(
            optional={"message_id": Whole(0), "channel_id": Whole(0), "guild_id": Whole(0)}
        ),
    }
)


def check_message(body: Json, *, v2: bool) -> None:
    """Raise what Discord says about the body's fields, all of it at once."""
    problems = Problems()
    MESSAGE.check(body, (), problems)
    _check_nonce(body.get("nonce"), problems)
    rule = components.V2 if v2 else components.FIRST_KIND
    if body.get("components") is not None:
        rule.check(body["components"], ("components",), problems)
    problems.raise_if_any()
    embeds.check_total(body.get("embeds") or [], problems)
    components.check_together(body.get("components") or [], v2=v2, problems=problems)
    problems.raise_if_any()


def check_v2_alone(fields: Json) -> None:
    """Hold that a Components V2 message has nothing but components."""
    problems = Problems()
    for name in LEGACY_FIELDS:
        if fields.get(name):
            problems.add(
                (name,),
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
            )
    problems.raise_if_any()


def _check_nonce(nonce: object, problems: Problems) -> None:
    if isinstance(nonce, int) or nonce is None:
        return
    if not isinstance(nonce, str) or len(nonce) > 25:
        problems.add(
            ("nonce",), "NONCE_TYPE_TOO_LONG", "Nonce must be 25 or fewer characters in length."
        )


def check_files(names_and_sizes: list[tuple[str, int]]) -> None:
    if any(size > MOST_FILE_BYTES for _, size in names_and_sizes):
        raise ApiError(Problem.TOO_LARGE)
    if len(names_and_sizes) > MOST_FILES:
        problems = Problems()
        problems.add(
            ("files",), "BASE_TYPE_MAX_LENGTH", f"Must be {MOST_FILES} or fewer in length."
        )
        problems.raise_if_any()

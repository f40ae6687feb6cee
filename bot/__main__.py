"""The command line: run, demo, sandbox, check, db upgrade, forget, export."""

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import Any, TextIO

from bot.domain.errors import Mistake, SettingsError
from bot.run.console import output_ends, speak_utf8

# sysexits.h: something is wrong with the configuration.
EX_CONFIG = 78
EX_USAGE = 64
_LAST_PORT = 65535

Command = Callable[[argparse.Namespace], Coroutine[Any, Any, int]]


def main(argv: Sequence[str] | None = None) -> None:
    """Run one command and exit with its code."""
    speak_utf8()
    with output_ends():
        sys.exit(_main(argv))


def _main(argv: Sequence[str] | None) -> int:
    options = _parser().parse_args(argv)
    command: Command = options.command
    try:
        code = asyncio.run(command(options))
    except SettingsError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        code = EX_CONFIG
    except Mistake as error:
        print(error.plain, file=sys.stderr)
        code = EX_USAGE
    except KeyboardInterrupt:
        code = 130
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="likecord", description="Announce in Discord who likes your posts on X."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="be the bot, with the settings of .env")
    run.add_argument(
        "--shards",
        metavar="SHARDS",
        help="which of Discord's shards this process takes, as in SHARDS: auto, 8 or 0-3/8",
    )
    run.set_defaults(command=_run)

    demo = commands.add_parser("demo", help="try it here: no account, no credentials")
    demo.add_argument(
        "--port",
        type=_port,
        default=8080,
        metavar="PORT",
        help="port of the page; 0: any free one (%(default)s)",
    )
    demo.add_argument(
        "--seconds",
        type=float,
        help="how long people like posts; then it ends and prints a line of JSON (until Ctrl-C)",
    )
    demo.add_argument(
        "--rate",
        type=float,
        default=4,
        help="how many likes a minute, over all posts that are watched (%(default)s)",
    )
    demo.add_argument(
        "--db",
        metavar="URL",
        help="database of the bot, as in DATABASE_URL (one that goes when the demo ends)",
    )
    demo.set_defaults(command=_demo)

    sandbox = commands.add_parser("sandbox", help="only the stand-ins of X and Discord")
    for option, default, whose in (
        ("--x-port", 8081, "the small X"),
        ("--discord-port", 8082, "the small Discord"),
        ("--web-port", 8080, "the page"),
    ):
        told = f"port of {whose}; 0: any free one (%(default)s)"
        sandbox.add_argument(option, type=_port, default=default, metavar="PORT", help=told)
    sandbox.set_defaults(command=_sandbox)

    check = commands.add_parser("check", help="say what is configured and what works")
    check.set_defaults(command=_check)

    db = commands.add_parser("db", help="look after the database")
    db_commands = db.add_subparsers(required=True, metavar="COMMAND")
    upgrade = db_commands.add_parser("upgrade", help="bring the tables up to date")
    upgrade.set_defaults(command=_upgrade)

    copy = db_commands.add_parser("copy", help="copy everything into another, empty database")
    copy.add_argument("to", metavar="URL", help="where to, as in DATABASE_URL")
    copy.set_defaults(command=_copy)

    backup = commands.add_parser("backup", help="write everything into a file, while the bot runs")
    backup.add_argument("file", metavar="FILE", type=_file, help="a new file (SQLite)")
    backup.set_defaults(command=_backup)

    restore = commands.add_parser("restore", help="make the database what it was at a backup")
    restore.add_argument("file", metavar="FILE", type=_file, help="what `backup` has written")
    restore.set_defaults(command=_restore)

    key = commands.add_parser("key", help="make a key for SECRET_KEY")
    key.set_defaults(command=_key)

    forget = commands.add_parser(
        "forget", help="delete a user or a post of X, and never store or name it again"
    )
    forget.add_argument(
        "what",
        metavar="USER_OR_POST",
        help="an @name, a profile's or post's address, or an ID (user:ID or post:ID to be sure)",
    )
    forget.add_argument("--undo", action="store_true", default=None, help="let it be stored again")
    forget.set_defaults(command=_forget)

    export = commands.add_parser("export", help="write the stored likes as CSV or JSON lines")
    export.add_argument(
        "--format",
        choices=("csv", "json"),
        default="csv",
        help="a table, or a line of JSON for each like (%(default)s)",
    )
    export.add_argument("--post", help="only this post: its address or its ID (all posts)")
    export.add_argument("--output", metavar="FILE", help="where to write (standard output)")
    export.set_defaults(command=_export)
    return parser


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) <= _LAST_PORT):
        raise argparse.ArgumentTypeError(f"{text} is not a port: 0 to {_LAST_PORT}")
    return int(text)


def _file(text: str) -> Path:
    return Path(text).resolve()


# Each command imports what it needs: the demo runs without settings, the rest without the sandbox.


async def _run(options: argparse.Namespace) -> int:
    from bot.run.settings import load_settings, misspelt

    # Before the rest is imported, so that what is wrong with them is told at once.
    settings = load_settings(**({"shards": options.shards} if options.shards else {}))
    from bot.run.app import run
    from bot.run.logs import set_up_logs

    set_up_logs(settings.log_level, settings.log_format, settings.secrets())
    for line in misspelt():
        logging.getLogger(__name__).warning("%s", line)
    await run(settings)
    return 0


async def _demo(options: argparse.Namespace) -> int:
    from sandbox.demo import DemoOptions, demo

    return await demo(
        DemoOptions(
            port=options.port, seconds=options.seconds, rate=options.rate, database_url=options.db
        )
    )


async def _sandbox(options: argparse.Namespace) -> int:
    from sandbox.alone import sandbox
    from sandbox.stage import Ports

    return await sandbox(
        Ports(x=options.x_port, discord=options.discord_port, web=options.web_port)
    )


async def _check(_: argparse.Namespace) -> int:
    from bot.run.check import check
    from bot.run.logs import set_up_logs
    from bot.run.settings import load_settings

    settings = load_settings()
    set_up_logs("ERROR", settings.log_format, settings.secrets())
    failed = 0
    # Closed here also when nobody reads on (`| head`): what it has opened is closed in order.
    async with aclosing(check(settings)) as findings:
        async for finding in findings:
            print(finding)
            failed += finding.failed
    return int(failed > 0)


async def _upgrade(_: argparse.Namespace) -> int:
    from bot.run.opening import upgrade

    await upgrade(_database_url())
    print("The tables are up to date.")
    return 0


async def _copy(options: argparse.Namespace) -> int:
    from bot.run.backup import copy
    from bot.run.settings import as_database_url

    copied = await copy(_database_url(), as_database_url(options.to))
    print(f"{copied:,} rows were copied. Set DATABASE_URL to this database, and start the bot.")
    return 0


async def _backup(options: argparse.Namespace) -> int:
    from bot.run.backup import backup

    await backup(_database_url(), options.file)
    print(f"Everything is in {options.file}. Linked accounts need your SECRET_KEY besides.")
    return 0


async def _restore(options: argparse.Namespace) -> int:
    from bot.run.backup import restore

    await restore(_database_url(), options.file)
    print(f"The database is as it was in {options.file}.")
    return 0


async def _key(_: argparse.Namespace) -> int:
    from storage.crypto import new_key

    print(new_key())
    return 0


async def _forget(options: argparse.Namespace) -> int:
    from bot.run.forget import forget, undo

    print(await (undo if options.undo else forget)(_database_url(), options.what))
    return 0


async def _export(options: argparse.Namespace) -> int:
    from bot.run.opening import open_database
    from bot.services.export.stored_likes import export
    from bot.services.export.table import TableFormat
    from bot.x.post_ref import parse_post_ref

    post_id = parse_post_ref(options.post) if options.post else None
    async with open_database(_database_url()) as database:
        with _writer(options.output) as file:
            await export(database, file, TableFormat(options.format), post_id)
    return 0


def _database_url() -> str:
    """Read where the database is, for commands that need nothing else; only warnings are logged."""
    from bot.run.logs import set_up_logs
    from bot.run.settings import load_database_url

    url = load_database_url()
    set_up_logs("WARNING", "text", [url])
    return url


@contextmanager
def _writer(path: str | None) -> Iterator[TextIO]:
    if path is None:
        yield sys.stdout
        return
    try:
        with open(path, "w", encoding="utf-8", newline="", opener=_for_owner_alone) as file:
            yield file
    except OSError as error:
        raise Mistake(f"{path} cannot be written: {error.strerror}.") from None


def _for_owner_alone(path: str, flags: int) -> int:
    """Open a file that nobody else may read, if it is not there yet."""
    return os.open(path, flags, 0o600)


if __name__ == "__main__":
    main()

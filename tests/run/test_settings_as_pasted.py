"""What comes along with a pasted value, and what is nearly a `.env`, is told by its cause."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.domain.errors import SettingsError
from bot.run.settings import Settings, load_settings

TOKEN = "MTE4.sandbox.a-token"
ANEW = "copy it anew, or type it"
COMPLETE = {"DISCORD_TOKEN": TOKEN, "X_BEARER_TOKEN": "b3ar3r"}


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def problems() -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_settings()
    return list(caught.value.problems)


def _no_option(name: str) -> str:
    return f"has ?{name}= at its end, which nothing here knows; leave that away"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DISCORD_TOKEN", f'"{TOKEN}"', "has quotes around it; take them away"),
        ("DISCORD_TOKEN", f"“{TOKEN}”", "has quotes around it; take them away"),
        ("DISCORD_TOKEN", f"Bot {TOKEN}", 'begins with "Bot "; leave that away'),
        ("X_BEARER_TOKEN", "Bearer abc", 'begins with "Bearer "; leave that away'),
        ("DISCORD_TOKEN", f"{TOKEN}\u200b", f"has a zero-width space in it; {ANEW}"),
        ("DISCORD_TOKEN", f"M\u2060{TOKEN}", f"has an unseen sign (U+2060) in it; {ANEW}"),
        ("DISCORD_TOKEN", f"{TOKEN}\r", f"has a carriage return (CR) in it; {ANEW}"),
        ("DISCORD_TOKEN", f" {TOKEN}", f"has a space in it; {ANEW}"),
        ("DISCORD_TOKEN", "MTE4 sandbox", f"has a space in it; {ANEW}"),
        ("DATABASE_URL", "'sqlite:///likecord.db'", "has quotes around it; take them away"),
        ("PROBE_SECONDS", '"30"', "has quotes around it; take them away"),
        ("DATABASE_URL", "postgres://b@db/x?schema=public", _no_option("schema")),
        ("DATABASE_URL", "postgres://b@db/x?sslmod=require", _no_option("sslmod")),
        ("DATABASE_URL", "sqlite:///x.db?sslmode=require", _no_option("sslmode")),
        (
            "DATABASE_URL",
            "postgres://b@db/x?sslmode=verify-full&sslrootcert=no.pem",
            "names a file in ?sslrootcert= that is not there: no.pem",
        ),
    ],
)  # fmt: skip
def test_what_came_along(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    for each, good in (COMPLETE | {name: value}).items():
        monkeypatch.setenv(each, good)

    assert problems() == [f"{name}: {sentence}"]


def test_a_file_from_windows_is_read() -> None:
    lines = [f'{name}="{value}"' for name, value in COMPLETE.items()]
    Path(".env").write_bytes(b"\xef\xbb\xbf" + "\r\n".join(lines).encode())

    assert load_settings().discord_login() == TOKEN


def a_folder() -> None:
    Path(".env").mkdir()


def with_txt() -> None:
    Path(".env.txt").write_text(f"DISCORD_TOKEN={TOKEN}", encoding="utf-8")


def nothing() -> None:
    """There is no file."""


@pytest.mark.parametrize(
    ("there_is", "line"),
    [
        (a_folder, ".env: is a folder; it must be a file"),
        (with_txt, ".env.txt: rename it to .env; Windows hides its .txt"),
        (nothing, "There is no .env in this folder: cp .env.example .env, then fill it in"),
    ],
)
def test_what_is_nearly_a_file_of_settings(there_is: Callable[[], None], line: str) -> None:
    there_is()
    assert problems() == [line]


def test_a_file_of_another_users(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text(f"DISCORD_TOKEN={TOKEN}", encoding="utf-8")
    Path(".env").chmod(0)
    if os.access(".env", os.R_OK):  # root may read all

        def refused(*_: object, **__: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr("dotenv.main.open", refused, raising=False)

    assert problems() == [".env: the user that runs the bot may not read it; chown or chmod it"]


def test_what_is_set_in_the_environment_needs_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in COMPLETE.items():
        monkeypatch.setenv(name, value)
    assert load_settings().discord_login() == TOKEN

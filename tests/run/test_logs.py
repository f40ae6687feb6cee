"""Logs in text and JSON, ours and the libraries', in which no secret can be read."""

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator

import pytest
import structlog
from oauthlib import oauth1

from bot.run.logs import set_up_logs

TOKEN = "MTIzNDU2Nzg5.GhIjKl.d1sc0rd-t0ken_x"
LONGER = f"{TOKEN}-and-more"
AWKWARD = "p\"w\\ü'x"
SECRETS = [TOKEN, LONGER, AWKWARD]
INTERACTION = "aW50ZXJhY3Rpb246MTIzNDU2Nzg5MDEyMzQ1Njc4OTA6dGhlLXRva2Vu"

QUIET = ("oauthlib", "discord", "tweepy", "asyncio", "alembic", "apscheduler", "aiosqlite")

Read = Callable[[], str]
Begin = Callable[[str, str], io.StringIO]


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Leave logging as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in QUIET}
    raises = logging.raiseExceptions
    yield
    logging.raiseExceptions = raises
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


@pytest.fixture
def begin(monkeypatch: pytest.MonkeyPatch) -> Begin:
    """Set logs up; what they write goes into the stream that this returns."""

    def begin_with(level: str, log_format: str) -> io.StringIO:
        stream = io.StringIO()
        monkeypatch.setattr(sys, "stderr", stream)
        set_up_logs(level, log_format, SECRETS)
        return stream

    return begin_with


@pytest.fixture(params=["text", "json"])
def read(request: pytest.FixtureRequest, begin: Begin) -> Read:
    """Log in each format in turn; call it for all that was logged."""
    stderr = begin("DEBUG", request.param)

    def read_and_check() -> str:
        text = stderr.getvalue()
        if request.param == "json":
            assert all(isinstance(json.loads(line), dict) for line in text.splitlines())
        return text

    return read_and_check


def _assert_hidden(text: str, *more: str) -> None:
    assert text.strip(), "something was logged"
    for secret in (*SECRETS, *more):
        assert secret not in text
        assert json.dumps(secret)[1:-1] not in text
    assert "[hidden]" in text


def _ours() -> structlog.stdlib.BoundLogger:
    return structlog.stdlib.get_logger("bot.somewhere")


def _theirs() -> logging.Logger:
    return logging.getLogger("some.library")


# Where a secret may stand


def test_in_a_message(read: Read) -> None:
    _ours().info(f"connecting as {TOKEN}")
    _theirs().info("connecting as %s", TOKEN)
    _theirs().info("connecting as %(who)s", {"who": LONGER})
    text = read()

    _assert_hidden(text)
    assert text.count("connecting as [hidden]") == 3


def test_in_a_field_however_deep(read: Read) -> None:
    _ours().info("settings", token=TOKEN, nested={"list": [{"token": LONGER}], "b": TOKEN.encode()})
    _ours().bind(token=TOKEN).warning("bound")

    _assert_hidden(read())


@pytest.mark.parametrize("secret", [TOKEN, AWKWARD])
def test_a_secret_with_characters_that_are_escaped(read: Read, secret: str) -> None:
    _ours().info("value", plain=secret, listed=[secret])
    _theirs().info("value %r", {"key": secret})

    _assert_hidden(read())


def test_in_a_context(read: Read) -> None:
    with structlog.contextvars.bound_contextvars(token=TOKEN):
        _ours().info("inside")

    _assert_hidden(read())


def _fail() -> None:
    raise RuntimeError(f"could not connect with {LONGER}") from ValueError(f"bad token {TOKEN}")


def test_in_an_exception_and_its_cause(read: Read) -> None:
    for logger in (_ours(), _theirs()):
        try:
            _fail()
        except RuntimeError:
            logger.exception("failed")
    text = read()

    _assert_hidden(text)
    assert text.count("could not connect with [hidden]") == 2
    assert text.count("bad token [hidden]") == 2


def test_in_a_warning_of_python(read: Read) -> None:
    logging.captureWarnings(capture=True)
    try:
        logging.getLogger("py.warnings").warning("unclosed <%s>", TOKEN)
    finally:
        logging.captureWarnings(capture=False)

    _assert_hidden(read())


# What is secret without being a setting


@pytest.mark.parametrize(
    "line",
    [
        f"POST https://discord.com/api/v10/interactions/12/{INTERACTION}/callback has returned 204",
        f"PATCH https://discord.com/api/v10/webhooks/12/{INTERACTION}/messages/@original with {{}}",
        f"DELETE http://127.0.0.1:8082/api/v10/webhooks/1234/{INTERACTION}",
        f"For Shard ID None: WebSocket Event: {{'token': '{INTERACTION}', 'type': 2}}",
        f'received {{"token": "{INTERACTION}"}}',
        f"Authorization: Bearer {INTERACTION}",
        f"headers {{'Authorization': 'Bearer {INTERACTION}'}}",
        f'Authorization: OAuth oauth_token="{INTERACTION}", oauth_version="1.0"',
        f'OAuth realm="", oauth_signature="{INTERACTION}"',
        f"oauth_consumer_key={INTERACTION}&x=1",
        f'OAuth oauth_verifier="{INTERACTION}"',
        f"Authorization: Basic {INTERACTION}=",
        f"body grant_type=refresh_token&refresh_token={INTERACTION}",
        f"body grant_type=authorization_code&code={INTERACTION}&redirect_uri=x",
        f"GET /callback?code={INTERACTION}",
        f"body code_verifier={INTERACTION}&x=1",
        f"{{'code_verifier': '{INTERACTION}'}}",
        f'{{"code": "{INTERACTION}", "x": 1}}',
        f'{{"access_token": "{INTERACTION}", "expires_in": 7200}}',
        f"{{'refresh_token': '{INTERACTION}'}}",
    ],
)
def test_tokens_in_the_lines_of_libraries(read: Read, line: str) -> None:
    _theirs().debug(line)
    _ours().info("seen", line=line)
    _ours().info(line)
    text = read()

    _assert_hidden(text, INTERACTION)
    assert text.count("[hidden]") == 3


def test_codes_that_are_no_secret_can_be_read(read: Read) -> None:
    line = "closed with code=1000, {'code': 50013, 'language_code': 'en-GB'}, Basic things"
    _theirs().debug(line)

    assert "[hidden]" not in read()


def test_what_signs_requests_says_nothing_of_it(read: Read) -> None:
    signer = oauth1.Client("key", "key-secret", "the-token", "token-secret")
    signer.sign("https://api.twitter.com/2/users/me")
    _theirs().debug("and the others go on")

    assert "the-token" not in read()


def test_what_stands_around_a_token_can_be_read(read: Read) -> None:
    _theirs().debug("POST /api/v10/interactions/1234/%s/callback has returned 204", INTERACTION)

    assert "/interactions/1234/[hidden]/callback has returned 204" in read()


def test_the_longer_of_two_secrets_goes_whole(read: Read) -> None:
    _ours().info(f"<{LONGER}>")
    text = read()

    assert "<[hidden]>" in text
    assert "and-more" not in text


# Lines


def test_a_line_whose_arguments_do_not_fit_says_where_and_not_what(read: Read) -> None:
    """Python's own way prints the arguments."""
    _theirs().info("%d tokens", TOKEN)
    _theirs().info("%(missing)s", {"token": TOKEN})
    text = read()

    assert TOKEN not in text
    assert text.count("a line that cannot be written was logged at") == 2
    assert text.count("test_logs.py:") == 2


def test_what_cannot_be_written_at_all_is_not_printed(
    begin: Begin, capsys: pytest.CaptureFixture[str]
) -> None:
    begin("INFO", "text").close()
    _ours().info("lost", token=TOKEN)

    assert TOKEN not in capsys.readouterr().err


def test_a_json_line_has_what_machines_look_for(begin: Begin) -> None:
    stderr = begin("INFO", "json")
    _ours().warning("works again", part="probe", posts=3)
    line = json.loads(stderr.getvalue())

    assert line["event"] == "works again"
    assert (line["level"], line["logger"]) == ("warning", "bot.somewhere")
    assert (line["part"], line["posts"]) == ("probe", 3)
    assert line["timestamp"].endswith("Z")


def test_libraries_are_quiet_unless_everything_is_wanted(begin: Begin) -> None:
    stderr = begin("INFO", "text")
    for name in ("discord", "apscheduler", "tweepy"):
        logging.getLogger(name).info("chatter")
        logging.getLogger(name).warning("trouble")
    _ours().debug("detail")
    _ours().info("news")
    text = stderr.getvalue()

    assert "chatter" not in text
    assert "detail" not in text
    assert text.count("trouble") == 3
    assert "news" in text


def test_set_up_twice_each_line_is_written_once(begin: Begin) -> None:
    stderr = begin("INFO", "text")
    set_up_logs("INFO", "text", SECRETS)
    _ours().info("once")

    assert stderr.getvalue().count("once") == 1


def test_nothing_goes_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    """The demo prints its result there, and the sandbox its settings."""
    set_up_logs("DEBUG", "json", [])
    _ours().error("here")
    _theirs().error("there")
    printed = capsys.readouterr()

    assert printed.out == ""
    assert len(printed.err.splitlines()) == 2

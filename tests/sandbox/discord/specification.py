"""Discord's own OpenAPI file, where it lies beside the repository, as a judge of answers."""

import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema.exceptions import best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.sandbox.discord.server import Exchange
from tests.sandbox.json_schema import Draft202012Validator

FILE = Path(__file__).parents[4] / "shared" / "specs" / "discord-api-v10.openapi.json"
MISSING = f"Discord's OpenAPI file is not at {FILE}"
NAME = "urn:discord"
_SNOWFLAKE = re.compile(r'"[1-9]\d{16,18}"')
_TIME = re.compile(r'"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00"')
# What was found right.
_RIGHT: set[tuple[str, str, int, str]] = set()


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(FILE.read_text())
    # The file says that a field's error codes are integers; Discord sends words, as documented
    # under "Error messages" and as both libraries print them.
    schemas = document["components"]["schemas"]
    schemas["InnerErrors"]["properties"]["_errors"]["items"] = {"required": ["code", "message"]}
    return document


@cache
def _registry() -> Registry[Any]:
    resource = Resource.from_contents(_document(), default_specification=DRAFT202012)
    return Registry().with_resource(NAME, resource)


@cache
def _templates() -> list[tuple[re.Pattern[str], str]]:
    """Return the paths, those with the fewest variables first."""
    paths = sorted(_document()["paths"], key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), path) for path in paths]


@cache
def _validator(path: str, method: str, status: str) -> Draft202012Validator | None:
    responses = _document()["paths"][path][method]["responses"]
    response = responses.get(status) or responses[f"{status[0]}XX"]
    pointer = f"{NAME}#/paths/{path.replace('/', '~1')}/{method}/responses/"
    if "$ref" in response:
        pointer = NAME + response["$ref"]
        response = _document()["components"]["responses"][response["$ref"].rpartition("/")[2]]
    else:
        pointer += status
    if "content" not in response:
        return None
    reference = f"{pointer}/content/application~1json/schema"
    return Draft202012Validator({"$ref": reference}, registry=_registry())


def _shape(body: str) -> str:
    """Return what is alike in answers that differ by their IDs and times: all of these are right,
    or none is.
    """
    return _TIME.sub("time", _SNOWFLAKE.sub("snowflake", body))


def faults_in(exchanges: Iterable[Exchange]) -> list[str]:
    """Return one line for each answer that the specification does not allow."""
    return [fault for exchange in exchanges if (fault := _fault(exchange))]


def _fault(exchange: Exchange) -> str | None:
    about = f"{exchange.method} {exchange.path} {exchange.status}"
    if exchange.status >= 500:
        return None  # a fault that a test asked for; the file says nothing of these
    path = next((path for known, path in _templates() if known.fullmatch(exchange.path)), None)
    if path is None or exchange.method.lower() not in _document()["paths"][path]:
        return None if exchange.status in (404, 405) else f"{about}: no such route"
    validator = _validator(path, exchange.method.lower(), str(exchange.status))
    if validator is None:
        return f"{about}: a body, where none may be" if exchange.body else None
    if exchange.content_type != "application/json":
        return f"{about}: Content-Type is {exchange.content_type}"
    body = json.loads(exchange.body)
    known = (path, exchange.method, exchange.status, _shape(exchange.body.decode()))
    if known in _RIGHT:
        return None
    error = best_match(validator.iter_errors(body))
    if error is None:
        _RIGHT.add(known)
    return error and f"{about}: {error.json_path}: {error.message[-300:]}"

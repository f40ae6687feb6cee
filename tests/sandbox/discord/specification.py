"""Discord's own OpenAPI file, where it lies beside the repository, as a judge of answers."""

import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jsonschema_rs import Draft202012, Draft202012Validator, Registry

from tests.sandbox.discord.server import Exchange
from tests.sandbox.json_schema import faults

FILE = Path(__file__).parents[4] / "shared" / "specs" / "discord-api-v10.openapi.json"
MISSING = f"Discord's OpenAPI file is not at {FILE}"
NAME = "urn:discord"


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(FILE.read_text())
    # The file says that a field's error codes are integers; Discord sends words, as documented
    # under "Error messages" and as both libraries print them.
    schemas = document["components"]["schemas"]
    schemas["InnerErrors"]["properties"]["_errors"]["items"] = {"required": ["code", "message"]}
    return document


@cache
def _registry() -> Registry:
    return Registry([(NAME, _document())], draft=Draft202012)


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
    schema = {"$ref": quote(reference, safe=":#/~")}
    return Draft202012Validator(schema, registry=_registry(), validate_formats=False)


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
    found = faults(validator, json.loads(exchange.body))
    return f"{about}: {'; '.join(found)}" if found else None

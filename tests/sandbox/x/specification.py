"""Holds requests and answers to X's own OpenAPI files, where they are beside the repository."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft202012, Draft202012Validator, Registry

from tests.sandbox.json_schema import faults

SPECS = Path(__file__).resolve().parents[4] / "shared" / "specs"
NAME = "urn:x"
_TOTAL = {"type": "object", "properties": {"total_subscriptions": {"type": "integer"}}}
MISSING = f"X's OpenAPI files are not in {SPECS}"
# 2.165 lets one ask for these fields, but forgot to say what they are; 2.167 has no `meta` for
# subscriptions, which X's pages name.
FORGOTTEN = {
    "User": {
        "is_identity_verified": {"type": "boolean"},
        "parody": {"type": "boolean"},
        "verified_followers_count": {"type": "integer"},
    },
    "CreateActivitySubscriptionResponse": {"meta": _TOTAL},
    "DeleteActivitySubscriptionResponse": {"meta": _TOTAL},
    "GetActivitySubscriptionsResponse": {
        "meta": {
            "type": "object",
            "properties": {
                "result_count": {"type": "integer"},
                "next_token": {"type": "string"},
            },
        }
    },
    "Tweet": {"article": {"type": "object", "properties": {"title": {"type": "string"}}}},
}
# Neither file describes these refusals (2.165 knows their shape, 2.167 only partial errors).
PLAIN_PROBLEMS = {"rate-limit-exceeded", "client-forbidden", "unsupported-authentication"}


def path_of(version: str) -> Path:
    return SPECS / f"x-api-v{version}.openapi.json"


def is_present() -> bool:
    return path_of("2.165").exists() and path_of("2.167").exists()


def choices(version: str, parameter: str) -> set[str]:
    """Return what a selecting parameter may hold."""
    found = _document(version)["components"]["parameters"][f"{parameter}Parameter"]
    return set(found["schema"]["items"]["enum"])


def check(version: str, method: str, path: str, *, status: int, kind: str, body: Any) -> None:
    """Fail unless the file of this version allows the answer."""
    if not is_present():
        return
    responses = _operation(version, method, path)["responses"]
    if status == 200:
        content = responses["200"]["content"]
        _validate(version, content["application/json"]["schema"], body)
    else:
        assert kind in responses["default"]["content"]
        assert body["status"] == status if "status" in body else status == 400
        _check_problem(version, body)
    for problem in body.get("errors", []) if status == 200 else []:
        _check_problem(version, problem)


def check_request(
    version: str, method: str, path: str, *, query: Mapping[str, str], body: bytes = b""
) -> None:
    """Fail unless the file of this version knows the path and all parameters, and their values."""
    if not is_present():
        return
    template = path_template(version, method, path)
    operation = _operation(version, method, path)
    given = {**query, **_path_values(template, path)}
    known = {parameter["name"]: parameter for parameter in _parameters(version, operation)}
    unknown = given.keys() - known.keys()
    assert not unknown, f"{method} {template} has no parameters {sorted(unknown)}"
    for name, parameter in known.items():
        assert name in given or not parameter.get("required"), f"{method} {template}: no {name}"
        if name in given:
            _validate(version, parameter["schema"], _parsed(parameter["schema"], given[name]))
    described = operation.get("requestBody")
    assert described or not body, f"{method} {template} has no body"
    if described:
        _validate(version, described["content"]["application/json"]["schema"], json.loads(body))


def _parameters(version: str, operation: dict[str, Any]) -> list[dict[str, Any]]:
    shared = _document(version)["components"]["parameters"]
    return [
        shared[parameter["$ref"].rpartition("/")[2]] if "$ref" in parameter else parameter
        for parameter in operation.get("parameters", [])
    ]


def _parsed(schema: dict[str, Any], text: str) -> object:
    """Read a parameter as its schema says; what it does not say stays text, and is refused."""
    if schema.get("type") == "array":
        return text.split(",")
    return int(text) if schema.get("type") == "integer" and text.isdecimal() else text


def _path_values(template: str, path: str) -> dict[str, str]:
    parts = zip(template.split("/"), path.split("/"), strict=True)
    return {name.strip("{}"): value for name, value in parts if name.startswith("{")}


def _check_problem(version: str, problem: dict[str, Any]) -> None:
    schema = _document(version)["components"]["schemas"]["Problem"]
    mapping = schema["discriminator"]["mapping"]
    if ref := mapping.get(problem["type"]):
        _validate(version, {"$ref": ref}, problem)
        return
    name = problem["type"].rpartition("/")[2]
    assert problem["type"] == "about:blank" or name in PLAIN_PROBLEMS
    assert problem["title"]
    assert problem["detail"]


@cache
def _document(version: str) -> dict[str, Any]:
    document = json.loads(path_of(version).read_text())
    schemas = document["components"]["schemas"]
    for name, properties in FORGOTTEN.items():
        schemas.get(name, {}).setdefault("properties", {}).update(properties)
    if version == "2.167":
        kinds = schemas["CreateActivitySubscriptionRequest"]["properties"]["event_type"]["enum"]
        kinds.append("oauth.revoke")  # as X's pages name it
    turned = _JsonSchema(schemas)
    document["components"]["schemas"] = {n: turned.of(schema) for n, schema in schemas.items()}
    return document


class _JsonSchema:
    """Turns OpenAPI 3.0 into JSON Schema, and refuses names that the file does not know."""

    def __init__(self, schemas: dict[str, Any]) -> None:
        self._schemas = schemas

    def of(self, schema: Any) -> Any:
        if isinstance(schema, list):
            return [self.of(item) for item in schema]
        if not isinstance(schema, dict):
            return schema
        turned = {key: self._part(key, value) for key, value in schema.items()}
        if turned.pop("nullable", False) is True:
            return {"anyOf": [turned, {"type": "null"}]}
        return turned

    def _part(self, key: str, value: Any) -> Any:
        if key == "properties":
            return {name: self.closed(each) for name, each in value.items()}
        if key in ("items", "additionalProperties") and isinstance(value, dict):
            return self.closed(value)
        return value if key in ("example", "enum", "default") else self.of(value)

    def closed(self, schema: dict[str, Any]) -> Any:
        """Turn a schema that stands for a whole value, not for a part of an `allOf`."""
        turned = self.of(schema)
        name = schema.get("$ref", "").rpartition("/")[2]
        if name.endswith("Problem"):
            return turned
        kinds = self._schemas.get(name, {}).get("discriminator", {}).get("mapping")
        if kinds:
            turned = {"anyOf": [{"$ref": ref} for ref in kinds.values()]}
        if kinds or {"$ref", "allOf", "properties"} & set(schema):
            turned["unevaluatedProperties"] = False
        return turned


def _operation(version: str, method: str, path: str) -> dict[str, Any]:
    found: dict[str, Any] = _document(version)["paths"][path_template(version, method, path)]
    return dict(found[method.lower()])


@cache
def path_template(version: str, method: str, path: str) -> str:
    """Return the path as the file writes it; the same words go before a name for any."""
    paths = _document(version)["paths"]
    like = [known for known in paths if re.fullmatch(_pattern(known), path)]
    found = [known for known in (path, *like) if method.lower() in paths.get(known, {})]
    assert found, f"there is no {method} {path} in {version}"
    return found[0]


def _pattern(path: str) -> str:
    return re.sub(r"\{\w+\}", r"[^/]+", path)


@cache
def _registry(version: str) -> Registry:
    contents = {"components": _document(version)["components"]}
    return Registry([(NAME, contents)], draft=Draft202012)


@cache
def _validator(version: str, schema: str) -> Draft202012Validator:
    absolute = schema.replace('"#/', f'"{NAME}#/')
    return Draft202012Validator(absolute, registry=_registry(version), validate_formats=False)


def _validate(version: str, schema: dict[str, Any], body: Any) -> None:
    found = faults(_validator(version, json.dumps(schema)), body)
    assert not found, "\n".join(found)

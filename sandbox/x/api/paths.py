"""Values in a request's path, checked as X checks them."""

from sandbox.x.api.gate import Call
from sandbox.x.api.query import bad_value
from sandbox.x.api.values import ID, USERNAME
from sandbox.x.problems import invalid_request


def path_id(call: Call, name: str) -> int:
    value = call.path[name]
    if not ID.fullmatch(value):
        raise invalid_request([bad_value(name, value)])
    return int(value)


def path_username(call: Call) -> str:
    value = call.path["username"]
    if not USERNAME.fullmatch(value):
        raise invalid_request([bad_value("username", value, "does not match ^[A-Za-z0-9_]{1,15}$")])
    return value

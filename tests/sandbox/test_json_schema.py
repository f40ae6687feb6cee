from jsonschema_rs import Draft202012Validator

from tests.sandbox.json_schema import faults

USER = {
    "type": "object",
    "properties": {"id": {"type": "string"}, "pins": {"items": {"anyOf": [{"type": "string"}]}}},
    "required": ["id"],
    "additionalProperties": False,
}
BOT = {"type": "object", "required": ["token", "owner"]}


def _faults(value: object) -> list[str]:
    choices = [{"type": "null"}, USER, BOT]
    return faults(Draft202012Validator({"items": {"anyOf": choices}}), value)


def test_of_choices_where_none_fits_the_nearest_is_told_of() -> None:
    assert _faults([None, {"id": 5}]) == ['$[1].id: 5 is not of type "string"']
    assert _faults([{"id": "5", "pins": [5]}]) == ['$[0].pins[0]: 5 is not of type "string"']
    assert _faults([{}]) == ['$[0]: "id" is a required property']
    assert _faults([None, {"id": "5"}]) == []

"""Says where something is not as a JSON Schema wants it, and why."""

from typing import Any

from jsonschema_rs import ValidationError, ValidationErrorKind, Validator


def faults(validator: Validator, value: Any) -> list[str]:
    """Return one line for each: its JSONPath and the reason."""
    return [_line(error) for error in validator.iter_errors(value)]


def _line(error: ValidationError) -> str:
    """Describe what went wrong deepest: that nothing of an `anyOf` fits says little."""
    while isinstance(
        error.kind, ValidationErrorKind.AnyOf | ValidationErrorKind.OneOfNotValid
    ) and (below := [each for choice in error.kind.context for each in choice]):
        error = max(below, key=_how_telling)
    where = "".join(
        f"[{key}]" if isinstance(key, int) else f".{key}" for key in error.instance_path
    )
    return f"${where}: {error.message[-300:]}"


def _how_telling(error: ValidationError) -> tuple[int, bool]:
    """What is wrong in a choice of the right type says more than that others are of another."""
    return len(error.instance_path), not isinstance(error.kind, ValidationErrorKind.Type)

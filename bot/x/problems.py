"""X's answers and refusals: a body that can be read, or an error of the tree."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from bot.errors import (
    CredentialRefused,
    InvalidForX,
    RateLimited,
    Refused,
    UsageCapped,
    XError,
    XNotFound,
    XUnavailable,
    XUnreadable,
)

# X's windows last this long; used when a 429 does not say when it ends.
_WINDOW = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of X as it came over the wire."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def succeeded(self) -> bool:
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def is_the_requests_fault(self) -> bool:
        return HTTPStatus.BAD_REQUEST <= self.status < HTTPStatus.INTERNAL_SERVER_ERROR

    def json(self) -> dict[str, Any]:
        """Return the body as an object; raise XUnreadable when it is none."""
        try:
            body = json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise XUnreadable from error
        if not isinstance(body, dict):
            raise XUnreadable
        return body


def explain(answer: Answer, now: datetime) -> XError:
    """Return the error that an unsuccessful answer means, whatever its body is."""
    problem = _problem_type(answer)
    if problem == "usage-capped":
        return UsageCapped()
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited(_resets_at(answer.headers) or now + _WINDOW)
    if answer.status == HTTPStatus.FORBIDDEN:
        return Refused(problem)
    if not answer.is_the_requests_fault:
        return XUnavailable()
    return _BY_STATUS.get(answer.status, InvalidForX)()


_BY_STATUS: Mapping[int, Callable[[], XError]] = {
    HTTPStatus.UNAUTHORIZED: CredentialRefused,
    HTTPStatus.PAYMENT_REQUIRED: UsageCapped,
    HTTPStatus.NOT_FOUND: XNotFound,
    HTTPStatus.REQUEST_TIMEOUT: XUnavailable,
}


def _problem_type(answer: Answer) -> str:
    """Return the last word of the problem's type URI (RFC 7807), or nothing.

    X puts it at the top level or into the first entry of `errors`.
    """
    try:
        body = answer.json()
    except XUnreadable:
        return ""
    errors = body.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else None
    for place in (body, first):
        if isinstance(place, dict) and isinstance(place.get("type"), str):
            return str(place["type"]).rpartition("/")[2]
    return ""


def _resets_at(headers: Mapping[str, str]) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(headers["x-rate-limit-reset"]), UTC)
    except (KeyError, ValueError, OverflowError, OSError):
        return None

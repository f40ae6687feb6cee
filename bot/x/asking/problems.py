"""X's answers and refusals: a body that can be read, or an error of the tree."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from bot.domain.errors import (
    ClockOff,
    CredentialRefused,
    InvalidForX,
    RateLimited,
    UsageCapped,
    XError,
    XNotFound,
    XUnavailable,
    XUnreadable,
)
from bot.x.asking.named_parameters import refused_names
from bot.x.asking.pauses import named_return
from bot.x.asking.refusals import ACCOUNT_SUSPENDED, OLD_CODES, TIMESTAMP_REFUSED, refusal
from bot.x.limits import WINDOW
from bot.x.x_time import in_our_time

# How long nobody asks after a 429 that is no answer of X's API, and names no time.
_PAGE_PAUSE = timedelta(minutes=1)
# X has no type of problem for it. "User has been suspended" is said of others.
_SUSPENDED = re.compile(
    r"\b(?:your|this) account (?:is|has been) (?:temporarily )?(?:suspended|locked)", re.IGNORECASE
)


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

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    @property
    def is_an_object(self) -> bool:
        """Say whether X's API has answered, and not a page of what stands in front of it."""
        try:
            self.json()
        except XUnreadable:
            return False
        return True

    def json(self) -> dict[str, Any]:
        """Return the body as an object; raise XUnreadable when it is none."""
        try:
            body = json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise XUnreadable from error
        if not isinstance(body, dict):
            raise XUnreadable
        return body


def as_meant(answer: Answer) -> Answer:
    """Return a 200 that has errors and no data as the refusal that these errors are.

    What they say of a single post or user is no refusal, and is read with the rest.
    """
    if not answer.succeeded or b'"errors"' not in answer.body:
        return answer
    try:
        body = answer.json()
    except XUnreadable:
        return answer
    errors = body.get("errors")
    if body.get("data") or not errors or not isinstance(errors, list):
        return answer
    known = _STATUS_OF.get(_problem(answer))
    if known is None and any(_is_about_one(error) for error in errors):
        return answer
    return replace(answer, status=known or HTTPStatus.SERVICE_UNAVAILABLE)


def explain(answer: Answer, now: datetime, signed_ahead: timedelta | None = None) -> XError:
    """Return the error that an unsuccessful answer means, whatever its body is.

    `signed_ahead` is how far the time of a signature was ahead of X's, if it was far off.
    """
    problem = _problem(answer)
    if problem == "usage-capped":
        return UsageCapped()
    if problem == TIMESTAMP_REFUSED or _is_clocks_fault(answer, signed_ahead):
        return ClockOff(signed_ahead)
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return _limited(answer, now)
    if answer.status == HTTPStatus.FORBIDDEN:
        return refusal(problem) if answer.is_an_object else XUnavailable()
    if not answer.is_the_requests_fault:
        return XUnavailable(named_return(answer.headers, now))
    known = _BY_STATUS.get(answer.status)
    return known() if known is not None else _invalid(answer, problem)


def allowed_again_at(answer: Answer, now: datetime) -> datetime | None:
    """Return when X may be asked again that has not answered, where that is known or was a 429."""
    if answer.status != HTTPStatus.TOO_MANY_REQUESTS:
        return named_return(answer.headers, now)
    return _allowed_at(answer.headers, now) or now + _PAGE_PAUSE


def _limited(answer: Answer, now: datetime) -> XError:
    """Return what a 429 means: a window that is used up or, as a page, too many from one address.

    Of the page that stands in front of X's API no window is known; whole ones were waited out.
    """
    until = _allowed_at(answer.headers, now)
    is_a_page = answer.body.lstrip().startswith(b"<")
    if until is None and is_a_page:
        return XUnavailable(now + _PAGE_PAUSE)
    return RateLimited(until or now + WINDOW)


def _is_clocks_fault(answer: Answer, signed_ahead: timedelta | None) -> bool:
    """Say whether a signature may be refused for its time alone, which blames no key."""
    return answer.status == HTTPStatus.UNAUTHORIZED and signed_ahead is not None


# The types of problem that are not about what was asked for.
_STATUS_OF: Mapping[str, int] = {
    ACCOUNT_SUSPENDED: HTTPStatus.FORBIDDEN,
    "client-forbidden": HTTPStatus.FORBIDDEN,
    "internal-error": HTTPStatus.SERVICE_UNAVAILABLE,
    "invalid-request": HTTPStatus.BAD_REQUEST,
    "oauth1-permissions": HTTPStatus.FORBIDDEN,
    "rate-limit-exceeded": HTTPStatus.TOO_MANY_REQUESTS,
    TIMESTAMP_REFUSED: HTTPStatus.UNAUTHORIZED,
    "unsupported-authentication": HTTPStatus.FORBIDDEN,
    "usage-capped": HTTPStatus.PAYMENT_REQUIRED,
}
# Those that are about one post or user, or a field of it, even where they do not name it.
_ABOUT_ONE = frozenset(
    {
        "disallowed-resource",
        "field-hydration-failure",
        "field-unauthorized",
        "not-authorized-for-field",
        "not-authorized-for-resource",
        "resource-not-found",
        "resource-unavailable",
    }
)
_BY_STATUS: Mapping[int, Callable[[], XError]] = {
    HTTPStatus.UNAUTHORIZED: CredentialRefused,
    HTTPStatus.PAYMENT_REQUIRED: UsageCapped,
    HTTPStatus.NOT_FOUND: XNotFound,
    HTTPStatus.REQUEST_TIMEOUT: XUnavailable,
}


def _invalid(answer: Answer, problem: str) -> InvalidForX:
    if problem != "invalid-request":
        return InvalidForX()
    return InvalidForX(refused_names(answer.json()), of_parameters=True)


def _problem(answer: Answer) -> str:
    """Return the last word of the problem's type URI (RFC 7807), or nothing.

    X puts it at the top level or into the first entry of `errors`. Where X gives no type, an old
    code or what it says of the account stands for one.
    """
    try:
        body = answer.json()
    except XUnreadable:
        return ""
    errors = body.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else None
    places = [place for place in (body, first) if isinstance(place, dict)]
    types = (place["type"] for place in places if isinstance(place.get("type"), str))
    kind = next(types, "").rpartition("/")[2]
    if kind not in ("", "about:blank"):
        return kind
    return next(filter(None, map(_untyped, places)), kind)


def _is_about_one(error: object) -> bool:
    if not isinstance(error, dict):
        return False
    kind = str(error.get("type", "")).rpartition("/")[2]
    return kind in _ABOUT_ONE or bool(error.get("resource_id") or error.get("value"))


def _untyped(place: Mapping[str, Any]) -> str:
    code = place.get("code")
    if isinstance(code, int) and code in OLD_CODES:
        return OLD_CODES[code]
    words = f"{place.get('detail')} {place.get('message')}"
    return ACCOUNT_SUSPENDED if _SUSPENDED.search(words) else ""


def _allowed_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Return when a 429 is over by our clock: X's reset, or later if it says to come back later."""
    named = (_resets_at(headers, now), named_return(headers, now))
    return max((moment for moment in named if moment is not None), default=None)


def _resets_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
    try:
        reset = datetime.fromtimestamp(int(headers["x-rate-limit-reset"]), UTC)
    except (KeyError, ValueError, OverflowError, OSError):
        return None
    return in_our_time(reset, headers, now)

"""X's refusals: RFC 7807 problems, alone as an answer or in `errors` beside data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.x.spelling import Spelling

_TYPE_HOST = {Spelling.OLD: "https://api.twitter.com", Spelling.NEW: "https://api.x.com"}


@dataclass(frozen=True, slots=True)
class Problem:
    """`kind` is the end of the type's address, or `about:blank`."""

    kind: str
    title: str
    detail: str
    more: Mapping[str, Any] = field(default_factory=dict)

    def body(self, spelling: Spelling = Spelling.OLD) -> dict[str, Any]:
        is_blank = self.kind == "about:blank"
        kind = self.kind if is_blank else f"{_TYPE_HOST[spelling]}/2/problems/{self.kind}"
        return {**self.more, "title": self.title, "detail": self.detail, "type": kind}


class Refused(Exception):
    """The whole request is refused with this problem."""

    def __init__(self, status: int, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.status = status
        self.problem = problem


def plain(status: int, title: str, detail: str | None = None) -> Refused:
    """Return X's shortest refusal."""
    more = {"status": status}
    return Refused(status, Problem("about:blank", title, detail or title, more))


def rate_limited() -> Refused:
    problem = Problem(
        "rate-limit-exceeded", "Too Many Requests", "Too Many Requests", {"status": 429}
    )
    return Refused(429, problem)


def app_only_refused() -> Refused:
    detail = (
        "Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint.  "
        "Supported authentication types are [OAuth 1.0a User Context, OAuth 2.0 User Context]."
    )
    problem = Problem(
        "unsupported-authentication", "Unsupported Authentication", detail, {"status": 403}
    )
    return Refused(403, problem)


def user_context_refused() -> Refused:
    detail = (
        "Authenticating with a user context is forbidden for this endpoint.  "
        "Supported authentication types are [OAuth 2.0 Application-Only]."
    )
    problem = Problem(
        "unsupported-authentication", "Unsupported Authentication", detail, {"status": 403}
    )
    return Refused(403, problem)


def liking_refused(app_id: str) -> Refused:
    problem = Problem(
        "client-forbidden",
        "Client Forbidden",
        "Liking posts through the API is not part of your access level.",
        {
            "status": 403,
            "client_id": app_id,
            "reason": "client-not-enrolled",
            "required_enrollment": "Appropriate Level of API Access",
            "registration_url": "https://developer.x.com/en/docs/projects/overview",
        },
    )
    return Refused(403, problem)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a request; several are reported together."""

    message: str
    parameters: Mapping[str, Sequence[str]] = field(default_factory=dict)


def invalid_request(faults: Sequence[Fault]) -> Refused:
    errors = [{"parameters": dict(f.parameters), "message": f.message} for f in faults]
    problem = Problem(
        "invalid-request",
        "Invalid Request",
        "One or more parameters to your request was invalid.",
        {"errors": errors},
    )
    return Refused(400, problem)


@dataclass(frozen=True, slots=True)
class Sought:
    """What was looked for, and by which parameter: it is named in the problem."""

    resource_type: str
    parameter: str
    value: str
    section: str = "data"

    @property
    def _thing(self) -> str:
        return "Tweet" if self.resource_type == "tweet" else "User"

    @property
    def _more(self) -> dict[str, str]:
        return {
            "resource_type": self.resource_type,
            "parameter": self.parameter,
            "value": self.value,
            "resource_id": self.value,
        }

    def not_found(self) -> Problem:
        detail = f"Could not find {self.resource_type} with {self.parameter}: [{self.value}]."
        return Problem("resource-not-found", "Not Found Error", detail, self._more)

    def suspended(self) -> Problem:
        detail = f"User has been suspended: [{self.value}]."
        return Problem("resource-not-found", "Forbidden", detail, self._more)

    def not_authorized(self) -> Problem:
        detail = (
            f"Sorry, you are not authorized to see the {self._thing} "
            f"with {self.parameter}: [{self.value}]."
        )
        more = {**self._more, "section": self.section}
        return Problem("not-authorized-for-resource", "Authorization Error", detail, more)

    def field_not_authorized(self, name: str) -> Problem:
        detail = (
            f"Sorry, you are not authorized to access '{name}' on the {self._thing} "
            f"with {self.parameter} : [{self.value}]."
        )
        more = {**self._more, "section": self.section, "field": name}
        return Problem("not-authorized-for-field", "Field Authorization Error", detail, more)

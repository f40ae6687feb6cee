"""How many posts the project has read: GET /2/usage/tweets."""

from typing import Any

from sandbox.x.access.charges import Charges
from sandbox.x.access.tokens import App
from sandbox.x.api.gate import Answer, Call
from sandbox.x.spelling import Spelling

PROJECT_CAP = 3_000_000
_PROJECT_ID = 1_371_620
_CAP_RESET_DAY = 1
_DAYS_A_MONTH = 31
_DEFAULT_FIELDS = frozenset({"cap_reset_day", "project_cap", "project_id", "project_usage"})


class UsageApi:
    def __init__(self, charges: Charges, app: App) -> None:
        self._charges = charges
        self._app = app

    def usage(self, call: Call) -> Answer:
        """Report posts read; 2.167 writes the numbers as strings."""
        as_number = str if call.spelling is Spelling.NEW else int
        days = self._charges.posts_by_day(call.query.values["days"])
        daily = [
            {"date": f"{date}T00:00:00.000Z", "usage": as_number(count)}
            for date, count in days.items()
        ]
        known: dict[str, Any] = {
            "cap_reset_day": _CAP_RESET_DAY,
            "project_cap": as_number(PROJECT_CAP),
            "project_id": str(_PROJECT_ID),
            "project_usage": as_number(sum(self._charges.posts_by_day(_DAYS_A_MONTH).values())),
            "daily_project_usage": {"project_id": as_number(_PROJECT_ID), "usage": daily},
            "daily_client_app_usage": [
                {
                    "client_app_id": self._app.id,
                    "usage": daily,
                    "usage_result_count": len(daily),
                }
            ],
        }
        wanted = call.query.selection.usage_fields or _DEFAULT_FIELDS
        return Answer({name: value for name, value in known.items() if name in wanted})

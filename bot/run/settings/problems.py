"""What is wrong with a setting, in words for whoever wrote it."""

from pydantic import ValidationError

# Where pydantic's own words would show; the other checks bring a sentence of their own.
MUST = {
    "discord_guild_id": "must be the ID of a server, which is a number",
    "probe_seconds": "must be a number of seconds from 1 to 3600",
    "monthly_budget_usd": "must be a sum in US dollars, such as 5 or 2.50",
    "home_guild_ids": "must be the IDs of servers, which are numbers, with commas between",
    "guest_daily_usd": "must be a sum in US dollars, such as 1 or 0.50",
    "watches_per_server": "must be a number of posts, such as 200",
    "push": "must be auto or off",
    "log_level": "must be DEBUG, INFO, WARNING or ERROR",
    "log_format": "must be text or json",
    "metrics_port": "must be the number of a port, from 1 to 65535",
}
_OWN_WORDS = "Value error, "


def problems_of(error: ValidationError) -> dict[str, str]:
    """Return a line for each setting that is wrong, by the name of its field."""
    lines = {}
    for problem in error.errors():
        name, message = str(problem["loc"][0]), problem["msg"]
        own = message.removeprefix(_OWN_WORDS) if message.startswith(_OWN_WORDS) else None
        lines[name] = f"{name.upper()}: {own or MUST.get(name, 'is not a value for this setting')}"
    return lines

"""The bot's application, also where Discord says little of it."""

from collections.abc import Mapping
from typing import Any, cast

import discord

# What discord.py takes for granted. Nobody has the owner's ID.
NOBODY_ID = 0
_USUAL: Mapping[str, Any] = {
    "name": "",
    "description": "",
    "icon": None,
    "bot_public": False,
    "bot_require_code_grant": False,
    "verify_key": "",
    "owner": {"id": str(NOBODY_ID), "username": ""},
}
_USUAL_OF_USERS: Mapping[str, Any] = {"discriminator": "0", "avatar": None}


class WholeApplication(discord.Client):
    async def application_info(self) -> discord.AppInfo:
        data: dict[str, Any] = {**_USUAL, **await self.http.application_info()}
        data["owner"] = {**_USUAL_OF_USERS, **(data["owner"] or _USUAL["owner"])}
        return discord.AppInfo(self._connection, cast("Any", data))

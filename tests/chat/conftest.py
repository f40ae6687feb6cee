from tests.chat.connected import client, discord_server, endpoint, script
from tests.chat.pauses import asked_again_at_once

__all__ = ["asked_again_at_once", "client", "discord_server", "endpoint", "script"]

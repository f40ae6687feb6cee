from tests.chat.connected import client, discord_server, endpoint, script

__all__ = ["client", "discord_server", "endpoint", "script"]

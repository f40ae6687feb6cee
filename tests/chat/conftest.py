from hypothesis import HealthCheck, settings

from tests.chat.connected import client, discord_server, endpoint, script

__all__ = ["client", "discord_server", "endpoint", "script"]

settings.register_profile(
    "chat", deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("chat")

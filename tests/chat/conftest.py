from hypothesis import HealthCheck, settings

from tests.chat.connected import client, discord_server, endpoint, script
from tests.chat.pauses import asked_again_at_once

__all__ = ["asked_again_at_once", "client", "discord_server", "endpoint", "script"]

settings.register_profile(
    "chat", deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("chat")

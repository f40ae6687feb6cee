"""The gateway: sessions that outlive their connections, so that a bot may resume."""

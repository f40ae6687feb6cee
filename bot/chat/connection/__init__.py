"""The bot on the gateway, and where Discord is."""

"""Discord's REST API v10, as much of it as a bot with slash commands asks for."""

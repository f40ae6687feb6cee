"""The bot is killed again and again while everything around it fails, and likes go on."""

"""Messages: reading what was sent, keeping it, showing it again."""

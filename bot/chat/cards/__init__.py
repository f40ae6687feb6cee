"""How things look in Discord: values in, a card out. No card asks anybody anything."""

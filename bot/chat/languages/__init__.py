"""The languages in which the bot speaks in channels: each has a catalogue, a .po file."""

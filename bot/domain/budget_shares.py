"""At which share of a month's budget something changes, in percent."""

NEARLY_SPENT = 80
"""From here on polling slows down, so that the rest lasts; a server is told."""

LOOKUPS = 90
"""Up to here people look up and export: what is left is for what is watched, and for likes."""

POLLING_OF_THE_BOT = 95
"""What polling may spend of the whole bot's budget; likes may spend all."""

LIKES_OF_A_SERVER = 110
"""How far likes may go beyond a server's budget, which stops polling."""

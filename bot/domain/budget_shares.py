"""At which share of a month's budget something changes, in percent."""

NEARLY_SPENT = 80
"""From here on polling slows down, so that the rest lasts; a server is told."""

POLLING_OF_THE_BOT = 95
"""What polling and dear things may spend of the whole bot's budget; people may spend all."""

PEOPLE_OF_A_SERVER = 110
"""How far people's single commands may go beyond a server's budget, which stops the rest."""

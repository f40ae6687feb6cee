"""X and Discord on this machine, for the demo and the tests.

Imports aiohttp, oauthlib and the standard library only, so that it cannot share the bot's bugs.
"""

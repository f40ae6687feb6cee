"""The stand-ins alone, for whoever wants to run the bot, or another program, against them."""

from sandbox.output import say, stop_on_signals
from sandbox.stage import Ports, open_stage


async def sandbox(ports: Ports) -> int:
    """Print the settings to use, then a comment that it is ready, and stay until told to stop."""
    stop = stop_on_signals()
    async with open_stage(ports) as stage:
        for name, value in stage.settings().items():
            print(f"{name}={value}")
        print("# READY", flush=True)
        say(f"The page is at {stage.page_url} and goes on until Ctrl-C.")
        await stop.wait()
    return 0

"""Ask the bot's `GET /healthz` on METRICS_PORT: print what it says, and exit with 0 or 1.

Docker and other supervisors run this every few seconds, so it loads nothing of the bot. It takes
no proxy, whatever the environment names.
"""

import http.client
import os
import sys

# A bot that listens everywhere is asked on its own machine.
_EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 -- not bound
_WITHIN_S = 4.0


def main() -> int:
    port = os.environ.get("METRICS_PORT", "")
    if not port.isdecimal():
        print("METRICS_PORT is not set, so nobody can ask whether the bot works.")
        return 1
    host = os.environ.get("METRICS_HOST", "")
    connection = http.client.HTTPConnection(
        _EVERYWHERE.get(host, host), int(port), timeout=_WITHIN_S
    )
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        print(answer.read(1000).decode(errors="replace").strip())
        return int(answer.status != http.client.OK)
    except (OSError, OverflowError, http.client.HTTPException) as error:
        print(f"The bot does not answer on port {port}: {error}.")
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())

"""Look for known vulnerabilities in the pinned requirements; skip, and say why, without a database.

Exit 1 when there are any.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
_TIMEOUT_S = 120
# What pip-audit tells of a database that it cannot ask, in the last line of its traceback or log.
_UNREACHABLE = (
    "ConnectionError",
    "ConnectTimeout",
    "ReadTimeout",
    "ProxyError",
    "SSLError",
    "ServiceError",
    "HTTPError",
    "Failed to resolve",
    "Max retries exceeded",
)


def main() -> int:
    command = [
        *(sys.executable, "-m", "pip_audit", "--requirement", "requirements.txt"),
        *("--disable-pip", "--require-hashes", "--progress-spinner", "off"),
        *("--vulnerability-service", "osv", "--timeout", "15"),
    ]
    try:
        done = subprocess.run(  # noqa: S603 - every word of it stands above
            command, cwd=ROOT, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired:
        print("Skipped: the database of vulnerabilities does not answer from here.")
        return 0
    said = f"{done.stdout}{done.stderr}".strip()
    if done.returncode and any(word in said for word in _UNREACHABLE):
        print("Skipped: no database of vulnerabilities can be reached from here.")
        print(said.splitlines()[-1])
        return 0
    print(said)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())

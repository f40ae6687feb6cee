"""The one alias that every module here shares."""

from typing import Any

Json = dict[str, Any]

"""jsonschema, without the grammar of international URLs.

It would read that grammar while it is imported, which takes seconds in each process, for a check of
formats that nothing here asks for.
"""

import sys

import pytest

with pytest.MonkeyPatch.context() as patch:
    patch.setitem(sys.modules, "rfc3987_syntax", None)
    from jsonschema import Draft202012Validator

__all__ = ["Draft202012Validator"]

"""How long tests wait for what must happen, on a machine that has too much to do."""

GUARD_S = 90.0
"""It keeps a test from hanging, and bounds no promise: how soon things are is shown otherwise.

Less than the two minutes of a claim, so that what waits for one to run out is noticed.
"""

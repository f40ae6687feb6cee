"""The bot promises to stop within five seconds, whatever hangs."""

from bot.chat.connection import client, shared_interactions
from bot.run import app, core, leading


def test_what_is_waited_for_one_after_the_other_leaves_time_to_end() -> None:
    """How long it took on a machine that does other things too would show nothing."""
    graces_s = (
        app._JOBS_GRACE.total_seconds(),
        app._SENDING_GRACE_S,
        shared_interactions._GRACE_S,
        client._COMMANDS_GRACE_S,
        client._TASKS_GRACE_S,
        leading._GRACE_S,
        core._REFRESHES_GRACE.total_seconds(),
    )
    assert sum(graces_s) <= 4.5

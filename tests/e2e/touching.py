"""Choosing from selects, and filling modals in."""

from collections.abc import Mapping, Sequence

from tests.e2e.harness import ADA, Scene
from tests.e2e.seen import Answer, Seen


async def choose(
    scene: Scene, seen: Answer | Seen, custom_id: str, values: Sequence[str], *, by: str = ADA
) -> Answer:
    """Choose values of a message's select."""
    message = seen.message if isinstance(seen, Answer) else seen
    touched = {"message_id": message.id, "custom_id": custom_id, "values": list(values)}
    return await scene._interact({"component": touched}, by=by, where=message.channel_id)


async def fill(
    scene: Scene, opened: Answer, values: Mapping[str, object], *, by: str = ADA
) -> Answer:
    """Hand in the modal that an answer opened."""
    modal = {"custom_id": opened.raw["modal"]["custom_id"], "values": dict(values)}
    return await scene._interact({"modal": modal}, by=by, where=opened.channel_id)

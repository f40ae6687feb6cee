"""Which posts are reposts, as far as X's answers have shown it to this process."""

from collections.abc import Iterable

_MOST = 10_000


class KnownReposts:
    """Remembers the newest of them, so that a repost's ID leads to the original without a read."""

    def __init__(self) -> None:
        self._originals: dict[int, int] = {}

    def note(self, reposts: Iterable[tuple[int, int]]) -> None:
        """Keep pairs of a repost and its original."""
        for repost_id, original_id in reposts:
            self._originals.pop(repost_id, None)
            self._originals[repost_id] = original_id
        while len(self._originals) > _MOST:
            del self._originals[next(iter(self._originals))]

    def original(self, post_id: int) -> int:
        """Return the post that this is a repost of, or the ID itself."""
        return self._originals.get(post_id, post_id)

"""Every message that is still there, by channel and in order, and nonces while they count."""

from collections import OrderedDict
from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.discord.errors import ApiError, Problem
from sandbox.discord.messages.files import Attachment
from sandbox.discord.messages.model import Message

MOST_KEPT = 5000
MOST_UPLOADS = 100
NONCE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a channel's history is asked for."""

    limit: int = 50
    before: int | None = None
    after: int | None = None
    around: int | None = None


class MessageStore:
    """Keeps the last 5,000 messages of each channel."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._channels: dict[int, dict[int, Message]] = {}
        self._uploads: OrderedDict[int, Attachment] = OrderedDict()
        self._nonces: dict[tuple[int, int, str], tuple[float, Message]] = {}

    def add(self, message: Message) -> None:
        kept = self._channels.setdefault(message.channel_id, {})
        kept[message.id] = message
        if len(kept) > MOST_KEPT:
            del kept[next(iter(kept))]

    def get(self, channel_id: int, message_id: int) -> Message:
        try:
            return self._channels[channel_id][message_id]
        except KeyError:
            raise ApiError(Problem.UNKNOWN_MESSAGE) from None

    def find(self, message_id: int) -> Message | None:
        for kept in self._channels.values():
            if message_id in kept:
                return kept[message_id]
        return None

    def remove(self, message: Message) -> None:
        self._channels[message.channel_id].pop(message.id, None)

    def forget_channel(self, channel_id: int) -> None:
        self._channels.pop(channel_id, None)

    def seen_in(self, channel_id: int, user_id: int | None) -> list[Message]:
        """Return what this person sees of the channel, oldest first."""
        kept = self._channels.get(channel_id, {})
        return [message for message in kept.values() if message.seen_by(user_id)]

    def page(self, channel_id: int, window: Window) -> list[Message]:
        """Return a part of the public history, newest first."""
        public = self.seen_in(channel_id, None)
        if window.around is not None:
            half = window.limit // 2
            older = [message for message in public if message.id < window.around]
            newer = [message for message in public if message.id >= window.around]
            chosen = older[-half:] + newer[: window.limit - half] if half else newer[:1]
        elif window.after is not None:
            chosen = [message for message in public if message.id > window.after][: window.limit]
        else:
            before = window.before
            older = [message for message in public if before is None or message.id < before]
            chosen = older[-window.limit :]
        return chosen[::-1]

    def keep_upload(self, upload: Attachment) -> None:
        """Keep a file that came with a command instead of a message."""
        self._uploads[upload.id] = upload
        if len(self._uploads) > MOST_UPLOADS:
            self._uploads.popitem(last=False)

    def attachment(self, attachment_id: int) -> Attachment | None:
        if attachment_id in self._uploads:
            return self._uploads[attachment_id]
        for kept in self._channels.values():
            for message in kept.values():
                for attachment in message.content.attachments:
                    if attachment.id == attachment_id:
                        return attachment
        return None

    def remember_nonce(self, message: Message) -> None:
        now = self._clock.time()
        self._nonces = {key: kept for key, kept in self._nonces.items() if kept[0] > now}
        key = (message.channel_id, message.author_id, str(message.nonce))
        self._nonces[key] = (now + NONCE_SECONDS, message)

    def by_nonce(self, channel_id: int, author_id: int, nonce: str | int) -> Message | None:
        until, message = self._nonces.get((channel_id, author_id, str(nonce)), (0.0, None))
        return message if until > self._clock.time() else None

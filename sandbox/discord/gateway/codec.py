"""How the gateway's JSON travels: as text, or compressed over the whole connection."""

import json
import zlib
from typing import Protocol

from sandbox.discord.types import Json


class Codec(Protocol):
    def encode(self, payload: Json) -> str | bytes: ...


class PlainCodec:
    def encode(self, payload: Json) -> str:
        return json.dumps(payload)


class ZlibCodec:
    """One zlib stream; every message ends in a sync flush."""

    def __init__(self) -> None:
        self._stream = zlib.compressobj()

    def encode(self, payload: Json) -> bytes:
        raw = json.dumps(payload).encode()
        return self._stream.compress(raw) + self._stream.flush(zlib.Z_SYNC_FLUSH)


class ZstdCodec:
    """One zstd frame of raw blocks, which every decoder reads and no library is needed to write.

    Frame and block headers as in RFC 8878, sections 3.1.1.1 and 3.1.1.2.
    """

    HEADER = b"\x28\xb5\x2f\xfd" + b"\x00" + b"\x50"  # magic, no options, a window of 1 MiB
    MOST_IN_BLOCK = 128 * 1024

    def __init__(self) -> None:
        self._begun = False

    def encode(self, payload: Json) -> bytes:
        raw = json.dumps(payload).encode()
        parts = [b"" if self._begun else self.HEADER]
        self._begun = True
        for start in range(0, len(raw), self.MOST_IN_BLOCK):
            block = raw[start : start + self.MOST_IN_BLOCK]
            parts += [(len(block) << 3).to_bytes(3, "little"), block]
        return b"".join(parts)


def codec_for(compress: str | None) -> Codec:
    if compress == "zlib-stream":
        return ZlibCodec()
    if compress == "zstd-stream":
        return ZstdCodec()
    return PlainCodec()

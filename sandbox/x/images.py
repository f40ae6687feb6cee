"""Pictures drawn on the spot, so that nothing is fetched from elsewhere."""

import colorsys
import hashlib
import random
import struct
import zlib
from functools import lru_cache

AVATAR_SIZES = {"normal": 48, "bigger": 73, "mini": 24, "400x400": 400, "": 400}
_CELLS = 5

Colour = tuple[int, int, int]


@lru_cache(maxsize=512)
def avatar(seed: str, size: int) -> bytes:
    """Draw a symmetric pattern that is always the same for the same seed."""
    rng = _rng(seed)
    hue = rng.random()
    back, front = _colour(hue, 0.25, 0.95), _colour(hue, 0.65, 0.6)
    half = [[rng.random() < 0.5 for _ in range(_CELLS // 2 + 1)] for _ in range(_CELLS)]
    cells = [row + row[-2::-1] for row in half]
    rows = []
    for y in range(size):
        cell_row = cells[y * _CELLS // size]
        rows.append(
            b"".join(bytes(front if cell_row[x * _CELLS // size] else back) for x in range(size))
        )
    return _png(size, size, rows)


@lru_cache(maxsize=64)
def landscape(seed: str, width: int, height: int) -> bytes:
    """Draw a sky, a sun and hills that are always the same for the same seed."""
    rng = _rng(seed)
    hue = rng.random()
    sun_x, sun_y, sun_r = rng.uniform(0.2, 0.8) * width, height * 0.35, height * 0.12
    hills = [(rng.uniform(0.1, 0.9) * width, height * rng.uniform(0.3, 0.5)) for _ in range(3)]
    rows = []
    for y in range(height):
        sky = _colour(hue, 0.45 - 0.3 * y / height, 0.75 + 0.2 * y / height)
        row = bytearray(bytes(sky) * width)
        if abs(y - sun_y) < sun_r:
            reach = (sun_r**2 - (y - sun_y) ** 2) ** 0.5
            _fill(row, sun_x - reach, sun_x + reach, (255, 244, 214))
        for index, (peak_x, tall) in enumerate(hills):
            above_ground = y - (height - tall)
            if above_ground > 0:
                ground = _colour((hue + 0.35) % 1, 0.4, 0.55 - 0.12 * index)
                _fill(row, peak_x - above_ground * 1.8, peak_x + above_ground * 1.8, ground)
        rows.append(bytes(row))
    return _png(width, height, rows)


def _fill(row: bytearray, left: float, right: float, colour: Colour) -> None:
    width = len(row) // 3
    start, end = max(int(left), 0), min(int(right), width)
    if start < end:
        row[start * 3 : end * 3] = bytes(colour) * (end - start)


def _rng(seed: str) -> random.Random:
    return random.Random(hashlib.sha256(seed.encode()).digest())


def _colour(hue: float, saturation: float, value: float) -> Colour:
    red, green, blue = colorsys.hsv_to_rgb(hue, saturation, value)
    return int(red * 255), int(green * 255), int(blue * 255)


def _png(width: int, height: int, rows: list[bytes]) -> bytes:
    raw = b"".join(b"\0" + row for row in rows)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(raw, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

"""The picture of the benchmark: seconds from like to announcement, by the number of posts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log10
from pathlib import Path

from benchmarks.rows import Row

_WIDTH, _HEIGHT = 890, 480
_LEFT, _RIGHT, _TOP, _BOTTOM = 90, 640, 56, 420
# What the axes show: posts, and seconds.
_FEWEST, _MOST = 100, 10_000
_SOONEST_S, _LATEST_S = 0.1, 1_000_000
_SECONDS = {
    0.1: "0.1 s",
    1: "1 s",
    10: "10 s",
    60: "1 min",
    600: "10 min",
    3_600: "1 h",
    36_000: "10 h",
    360_000: "100 h",
}


@dataclass(frozen=True, slots=True)
class _Curve:
    strategy: str
    name: str
    colour: str


_CURVES = (
    _Curve("round_robin", "round robin over liking_users", "#8a8f98"),
    _Curve("likecord", "Likecord", "#d6336c"),
    _Curve("push", "Likecord, where X pushes", "#2b8a3e"),
    _Curve("bound", "bound: counts known for nothing", "#1c7ed6"),
)


def write_picture(rows: Sequence[Row], path: Path) -> None:
    """Draw the median as a line and the 95th percentile as a dashed one; one account."""
    parts = [_frame(), *_grid()]
    for place, curve in enumerate(_CURVES):
        mine = sorted(
            (row for row in rows if row.strategy == curve.strategy and _is_drawn(row)),
            key=lambda row: row.posts,
        )
        parts += [_line(((row.posts, row.p50_s) for row in mine), curve.colour)]
        parts += [_line(((row.posts, row.p95_s) for row in mine), curve.colour, dashed=True)]
        parts += [_dot(row.posts, row.p50_s, curve.colour) for row in mine]
        parts += [_legend(place, curve)]
    path.write_text("\n".join([*parts, "</svg>", ""]))


def _is_drawn(row: Row) -> bool:
    return row.accounts == 1 and row.case == "all"


def _frame() -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'font-family="sans-serif" font-size="14">\n'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>\n'
        f'<text x="{_LEFT}" y="30" font-size="17" fill="#212529">'
        "From like to announcement, one X account</text>"
    )


def _grid() -> Iterable[str]:
    for seconds, label in _SECONDS.items():
        y = _y(seconds)
        yield f'<path d="M{_LEFT} {y:.1f}H{_RIGHT}" stroke="#e9ecef"/>'
        yield _text(_LEFT - 10, y + 5, label, "end")
    for posts in (100, 1_000, 10_000):
        x = _x(posts)
        yield f'<path d="M{x:.1f} {_TOP}V{_BOTTOM}" stroke="#e9ecef"/>'
        yield _text(x, _BOTTOM + 24, f"{posts:,}", "middle")
    yield _text((_LEFT + _RIGHT) / 2, _BOTTOM + 48, "watched posts", "middle")


def _legend(place: int, curve: _Curve) -> str:
    x, y = _RIGHT + 20, _TOP + 40 + place * 64
    lines = curve.name.split(": ") if ": " in curve.name else curve.name.split(" over ")
    words = [lines[0], *(f"({line})" for line in lines[1:])]
    return "\n".join(
        [
            f'<path d="M{x} {y - 5}h26" stroke="{curve.colour}" stroke-width="3"/>',
            *(_text(x + 34, y + 18 * line, word, "start") for line, word in enumerate(words)),
        ]
    )


def _line(points: Iterable[tuple[int, float]], colour: str, *, dashed: bool = False) -> str:
    path = " ".join(f"{_x(posts):.1f},{_y(seconds):.1f}" for posts, seconds in points)
    style = 'stroke-width="1.5" stroke-dasharray="5 4"' if dashed else 'stroke-width="3"'
    return f'<polyline points="{path}" fill="none" stroke="{colour}" {style}/>'


def _dot(posts: int, seconds: float, colour: str) -> str:
    return f'<circle cx="{_x(posts):.1f}" cy="{_y(seconds):.1f}" r="4.5" fill="{colour}"/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="#495057">{text}</text>'


def _x(posts: int) -> float:
    return _LEFT + (_RIGHT - _LEFT) * log10(posts / _FEWEST) / log10(_MOST / _FEWEST)


def _y(seconds: float) -> float:
    within = min(max(seconds, _SOONEST_S), _LATEST_S)
    return _BOTTOM - (_BOTTOM - _TOP) * log10(within / _SOONEST_S) / log10(_LATEST_S / _SOONEST_S)

"""The picture of docs/how-likes-arrive.md: what is asked in ten minutes of the benchmark.

python -m benchmarks.timeline docs/polled.svg
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.at_x import AtX
from benchmarks.polling import SEED
from benchmarks.two_tiers import Likecord, Watched
from benchmarks.world import BEGIN_S, Post, make_world
from bot.domain.page_sizes import MAX_POSTS_A_PAGE
from bot.watching.counts.schedule import CountById, CountOwn

_POSTS = 1_000
_FROM_S, _SECONDS = BEGIN_S + 12.5 * 3_600, 600
_WIDTH, _HEIGHT = 980, 470
_LEFT, _RIGHT, _TOP, _ROW = 210, 950, 80, 31
_COUNTED, _LIKED, _READ = "#adb5bd", "#f08c00", "#d6336c"


@dataclass
class _Recorded(Likecord):
    """Notes when which posts were counted, and when whose likers were read."""

    counted: list[tuple[float, Sequence[int]]] = field(default_factory=list)
    reads: list[tuple[float, int]] = field(default_factory=list)

    def send(self, request: CountById | CountOwn, now: float) -> None:
        self.counted.append((now, request.post_ids))
        super().send(request, now)

    def read_post(self, post: Watched, who: str, now: float) -> int:
        self.reads.append((now, post.post.id))
        return super().read_post(post, who, now)


def main() -> None:
    world = make_world(_POSTS, 1, SEED)
    recorded = _Recorded(world, 1, AtX())
    recorded.run()
    Path(sys.argv[1]).write_text(_picture(world, recorded))


def _picture(world: Sequence[Post], recorded: _Recorded) -> str:
    newest_first = [post for post in reversed(world) if post.made_s <= _FROM_S]
    place_of = {post.id: place for place, post in enumerate(newest_first)}
    # Posts that are made meanwhile are the newest.
    place_of |= {post.id: 0 for post in world if post.made_s > _FROM_S}
    rows = -(-len(newest_first) // MAX_POSTS_A_PAGE)
    parts = [_frame(), *_labels(newest_first, rows)]
    for now, post_ids in recorded.counted:
        if _is_shown(now):
            first, last = (_y_of(place_of[post_ids[place]]) for place in (0, -1))
            parts.append(
                f'<path d="M{_x(now):.1f} {first + 1:.1f}V{last - 1:.1f}" stroke="{_COUNTED}" '
                'stroke-width="2"/>'
            )
    parts += [
        f'<circle cx="{_x(liked_s):.1f}" cy="{_y_of(place_of[post.id]):.1f}" r="3" '
        f'fill="{_LIKED}"/>'
        for post in world
        for liked_s in post.likes
        if _is_shown(liked_s)
    ]
    parts += [
        f'<circle cx="{_x(now):.1f}" cy="{_y_of(place_of[post_id]):.1f}" r="5" fill="{_READ}"/>'
        for now, post_id in recorded.reads
        if _is_shown(now)
    ]
    return "\n".join([*parts, *_axis(rows), "</svg>", ""])


def _frame() -> str:
    legend = (
        f'<circle cx="{_LEFT + 4}" cy="45" r="3" fill="{_LIKED}"/>'
        f"{_text(_LEFT + 14, 50, 'somebody likes a post')}"
        f'<path d="M{_LEFT + 184} 38v14" stroke="{_COUNTED}" stroke-width="2"/>'
        f"{_text(_LEFT + 194, 50, 'a request counts these posts')}"
        f'<circle cx="{_LEFT + 414}" cy="45" r="5" fill="{_READ}"/>'
        f"{_text(_LEFT + 426, 50, 'a request reads who liked: announced')}"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'font-family="sans-serif" font-size="14">\n'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>\n'
        f'<text x="20" y="24" font-size="17" fill="#212529">Ten minutes with 1,000 watched posts, '
        f"the youngest above</text>\n{legend}"
    )


def _labels(newest_first: Sequence[Post], rows: int) -> list[str]:
    labels = []
    for row in range(rows):
        hundred = newest_first[row * MAX_POSTS_A_PAGE : (row + 1) * MAX_POSTS_A_PAGE]
        youngest, oldest = ((_FROM_S - post.made_s) / 86_400 for post in (hundred[0], hundred[-1]))
        name = f"{len(hundred)} posts, {youngest:.1f} to {oldest:.1f} days"
        labels.append(_text(_LEFT - 14, _y(row) + 5, name, "end"))
    return labels


def _axis(rows: int) -> list[str]:
    below = _y(rows) + 6
    return [
        _text(_x(_FROM_S + minute * 60), below, f"{minute} min", "middle")
        for minute in range(0, _SECONDS // 60 + 1, 2)
    ]


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="#495057">{text}</text>'


def _is_shown(now: float) -> bool:
    return _FROM_S <= now <= _FROM_S + _SECONDS


def _x(now: float) -> float:
    return _LEFT + (_RIGHT - _LEFT) * (now - _FROM_S) / _SECONDS


def _y_of(place: int) -> float:
    return _y(0) + _ROW * (place / MAX_POSTS_A_PAGE - 1 / 2)


def _y(row: int) -> int:
    return _TOP + 16 + row * _ROW


if __name__ == "__main__":
    main()

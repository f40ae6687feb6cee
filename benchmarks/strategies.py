"""What Likecord is compared with: a plain poller, and the best that X's limits allow."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from benchmarks.at_x import REQUEST_S, AtX, moment
from benchmarks.world import A_PAGE, BEGIN_S, END_S, Post
from bot.domain import Allowance
from bot.watching.likers import schedule
from bot.watching.likers.schedule import Pending
from bot.x.limits import DOCUMENTED, WINDOW, Endpoint

# When each like was announced, by post and place among its likes.
Announced = dict[tuple[int, int], float]
Strategy = Callable[[Sequence[Post], int, AtX], Announced]


def round_robin(world: Sequence[Post], accounts: int, x: AtX) -> Announced:
    """Read every post's likers in turn, a request whenever X allows one on average."""
    announced: Announced = {}
    for account in range(accounts):
        posts = [post for post in world if post.account == account]
        _round_robin_of(posts, f"user:{account}", x, announced)
    return announced


def _round_robin_of(posts: Sequence[Post], who: str, x: AtX, announced: Announced) -> None:
    gap_s = WINDOW.total_seconds() / DOCUMENTED[Endpoint.LIKING_USERS]
    known = {post.id: post.count(BEGIN_S) for post in posts}
    now, turn, after_the_end = BEGIN_S, 0, 0
    while after_the_end < len(posts):
        post = posts[turn % len(posts)]
        turn += 1
        after_the_end += now >= END_S
        if post.made_s > now:
            continue
        for place in x.liking_users(post, who, A_PAGE, now):
            if place >= known[post.id]:
                announced[post.id, place] = now + 2 * REQUEST_S
                known[post.id] = place + 1
        now += gap_s


def bound(world: Sequence[Post], accounts: int, x: AtX) -> Announced:
    """Know every count at once and for nothing, and read exactly the new likers."""
    announced: Announced = {}
    for account in range(accounts):
        posts = [post for post in world if post.account == account]
        _bound_of(posts, f"user:{account}", x, announced)
    return announced


def _bound_of(posts: Sequence[Post], who: str, x: AtX, announced: Announced) -> None:
    known = {post.id: post.count(BEGIN_S) for post in posts}
    by_id = {post.id: post for post in posts}
    likes = sorted(
        (liked_s, post.id) for post in posts for liked_s in post.likes if BEGIN_S <= liked_s < END_S
    )
    waiting: dict[int, Pending] = {}
    now, last, told = BEGIN_S, BEGIN_S - 3600, 0
    while told < len(likes) or waiting:
        if not waiting:
            now = max(now, likes[told][0])
        while told < len(likes) and likes[told][0] <= now:
            liked_s, post_id = likes[told]
            earlier = waiting.get(post_id, Pending(post_id, 0, moment(liked_s)))
            waiting[post_id] = replace(earlier, likes=earlier.likes + 1)
            told += 1
        allowance = x.allowance(who, Endpoint.LIKING_USERS, now)
        if (wait_s := _even_wait_s(allowance, last, now)) > 0:
            now += wait_s
            continue
        at = moment(now)
        chosen = max(waiting.values(), key=lambda post: schedule.urgency(post, at))
        del waiting[chosen.post_id]
        post = by_id[chosen.post_id]
        last, end = now, post.count(now)
        for place, answered in _read_exactly(x, post, who, now, known[post.id]):
            announced[post.id, place], now = answered + REQUEST_S, answered
        known[post.id] = end


def _read_exactly(
    x: AtX, post: Post, who: str, now: float, known: int
) -> Iterator[tuple[int, float]]:
    """Read those beyond the known page by page, as far as X allows now; yield places and times."""
    below = post.count(now)
    while below > known and x.allowance(who, Endpoint.LIKING_USERS, now).remaining:
        page = x.liking_users(post, who, below - known, now, below)
        now += REQUEST_S
        yield from ((place, now) for place in page)
        if not page:
            return
        below = page.start


def _even_wait_s(allowance: Allowance, last: float, now: float) -> float:
    """Wait as the planner does, with nothing kept for people."""
    rest_s = max(0.0, allowance.resets_at.timestamp() - now)
    if allowance.remaining == 0:
        return max(rest_s, 1e-3)
    used = 1 - allowance.remaining / allowance.limit
    return max(0.0, rest_s / allowance.remaining * used - (now - last))

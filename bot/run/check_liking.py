"""Whether X lets the account like: what can be tried without a like, and what likes have taught."""

from bot.accounts.abilities import Learnt
from bot.domain.errors import NotInPlan, PermissionMissing, PostNotFound, UnlikingRefused, XError
from bot.run.core import Core
from bot.run.finding import Finding, Level
from bot.x.asking.refusals import refusal
from bot.x.limits import Endpoint

# No post has this ID, so that nobody's like is taken back.
_NO_POST = 1
_ABOUT = "Liking"
_NO_PLAN = "its plan of this app has no liking; /like offers X's own like dialog instead."


async def try_liking(core: Core) -> Finding:
    """Take back a like of a post that does not exist, which plans without liking refuse as well.

    That X takes likes back does not mean that it takes likes: what the last like taught is told
    beside it, and nothing is liked to find out.
    """
    try:
        await core.x.likes.unlike(_NO_POST)
    except UnlikingRefused:
        return Finding(Level.NOTE, _ABOUT, f"X refuses to take likes back: {_NO_PLAN}")
    except PermissionMissing as error:
        # It is enough for whoever only wants announcements.
        return Finding(Level.NOTE, _ABOUT, error.plain)
    except PostNotFound:
        pass
    except XError as error:
        return Finding(Level.FAIL, _ABOUT, error.plain)
    async with core.database.reading() as session:
        return _by_the_last_like(await core.abilities.known(session, core.x.account, Endpoint.LIKE))


def _by_the_last_like(learnt: Learnt | None) -> Finding:
    if learnt is None:
        return Finding(
            Level.NOTE,
            _ABOUT,
            "X takes likes back, as was tried. Whether it takes likes is not known before somebody "
            "uses /like: nothing is liked to find out.",
        )
    when = f"{learnt.learnt_at:%Y-%m-%d %H:%M} UTC"
    if learnt.problem is None:
        return Finding(
            Level.OK, _ABOUT, f"X took a like (learnt {when}), and takes likes back, as was tried."
        )
    why = refusal(learnt.problem)
    sentence = f"I{_NO_PLAN[1:]}" if isinstance(why, NotInPlan) else why.plain
    return Finding(
        Level.NOTE,
        _ABOUT,
        f"X takes likes back, as was tried, but refused a like ({when}). {sentence}",
    )

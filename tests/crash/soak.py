"""The soak: kill, start again, and count at the end what was lost, told twice, or untrue."""

import asyncio
import random
import re
import signal
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

from sandbox.events import Event
from sandbox.x.exchanges import Exchange
from sandbox.x.world.push_traps import PushTraps
from sandbox.x.world.rows import Post, User
from tests.crash.cards import Cards
from tests.crash.happenings import Happenings
from tests.crash.steps import COMMIT, KILL_AT, SIDES, STEPS, KillAt
from tests.crash.troubles import LONGEST_DELAY_S, Troubles
from tests.crash.truth import Truth
from tests.e2e import state
from tests.e2e.forked import AS_SHIPPED, SET_CLOCK
from tests.e2e.harness import Scene, address
from tests.e2e.process import Bot, hurrying

BY_CHANCE = "by chance"
# The number is Discord's, not that of a time's microseconds.
_UNFORESEEN = re.compile(r"Traceback|unforeseen|not foreseen|(?<!\d)40060(?!\d)")
_CHANNELS = 3
_STYLES = ("card", "feed", "milestones", "digest")
_HIDDEN = 2
# X lets the bot's own account be subscribed to, and forgets no connection too late.
_PUSH: dict[str, Any] = {"oauth1": "allowed", "keep_alive_s": 0.3, "connections": 100}
# These happen once in a life, and that often.
_MOST_TIMES = {"upgrade": 1, "recover": 1, "store-deep": 1, "postpone": 1, COMMIT: 30}
_LIKERS_WINDOW = 75
# X's windows are over after the one; what a killed process had claimed is, after the other.
_WINDOW_S, _CLAIM_S, _A_DAY_S = 16 * 60, 3 * 60, 26 * 60 * 60
_STUCK_S = 30.0
_TOLD_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Course:
    """How long it lasts, and how hard it is; `kills` or `minutes`, whatever is over first.

    After `calm_every` kills nothing goes wrong until so many things have happened.
    """

    kills: int = 10
    minutes: float | None = None
    processes: int = 1
    likes_at_once: int = 3
    longest_life: int = 5
    posts: int = 4
    as_shipped: bool = False
    seed: int = 0
    calm_every: int = 0
    calm_lasts: int = 10


@dataclass(slots=True)
class Result:
    """What came of it; every number is counted at the stand-ins, but for what the logs say."""

    kills: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    score: dict[str, Any] = field(default_factory=dict)
    unlikes: int = 0
    untrue: list[str] = field(default_factory=list)
    missing: list[tuple[str, str]] = field(default_factory=list)
    refused_by_x: list[str] = field(default_factory=list)
    unforeseen: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    unsent: int = 0
    cards_behind: list[str] = field(default_factory=list)
    cards_behind_s: float = 0.0
    cards_looked_at: int = 0
    calms: int = 0

    @property
    def wrong(self) -> dict[str, Any]:
        """Return what must be empty, and is not."""
        found = {
            "missing": self.missing,
            "twice": self.score["twice"],
            "untrue": self.untrue,
            "429 of X": self.refused_by_x,
            "unforeseen": self.unforeseen,
            "ended by itself": self.ended,
            "never sent": self.unsent,
            "cards behind": self.cards_behind,
        }
        return {name: what for name, what in found.items() if what}


class Soak:
    def __init__(
        self, scene: Scene, course: Course, tell: Callable[[str], None] = lambda _: None
    ) -> None:
        self._tell = tell
        self._scene, self._course = scene, course
        self._rng = random.Random(course.seed)
        self._truth, self._result = Truth(), Result()
        self._happenings = Happenings()
        self._clock = scene.folder / "clock"
        self._asked_likers = 0
        self._posts: list[Post] = []
        self._people: list[User] = []
        self._running: dict[Bot, KillAt | None] = {}
        steps = [KillAt(step, side) for step in STEPS for side in SIDES]
        # By and by everyone comes: those at which nobody died are tried again after the others.
        self._next_steps = deque(self._rng.sample(steps, len(steps)))
        self._troubles = Troubles(scene, self._rng, self._posts, ())
        self._cards = Cards(scene, {})

    async def run(self) -> Result:
        scene, course = self._scene, self._course
        # Every answer would be kept, and held to X's files at the end: another test does that.
        scene.stage.x.listeners.remove(scene.traffic.hear)
        scene.stage.x.listeners.append(self._hear_exchange)
        scene.stage.x.world.settings.hidden = _HIDDEN
        scene.stage.x.world.settings.push_traps = PushTraps(**_PUSH)
        self._set_clock(0)
        async with self._listening():
            await self._begin()
            self._happenings.act = self._people_act
            with suppress(TimeoutError):
                async with asyncio.timeout(course.minutes and course.minutes * 60):
                    while self._result.kills.total() < course.kills:
                        await self._live_and_die()
                        await self._be_calm_if_due()
            self._happenings.act = lambda: None
            await self._drain()
        return self._result

    # What happens

    async def _begin(self) -> None:
        """Have the posts watched by a bot that nothing is wrong with."""
        scene = self._scene
        await scene.start_bot(**self._settings())
        self._running[scene.bot] = None
        channels = [await scene.new_channel() for _ in range(_CHANNELS)]
        for number in range(self._course.posts):
            post, channel = scene.post(f"Post {number}"), channels[number % _CHANNELS]
            taken_back = {"unlikes": "true"} if number % 2 else {}
            answer = await scene.command(
                "watch add", post=address(post), channel=channel, where=channel, **taken_back
            )
            if "Start watching" in answer.message.buttons:
                answer = await scene.press(answer, "Start watching")
            assert answer.text.startswith("### Watching"), answer.text
            style = _STYLES[number % len(_STYLES)]
            await self._choose_style(post, channel, style, unlikes=bool(taken_back))
            self._posts.append(post)
            scene.score.watched.add(str(post.id))
        self._troubles.channels = channels
        self._cards.posts = {
            str(post.id): channels[number % _CHANNELS]
            for number, post in enumerate(self._posts)
            if _STYLES[number % len(_STYLES)] == "card"
        }
        for _ in range(self._course.processes - 1):
            await self._start()

    async def _choose_style(self, post: Post, channel: str, style: str, *, unlikes: bool) -> None:
        also = ["unlikes"] if unlikes else []
        saved = await self._scene.edit_watch(
            address(post), channel, where=channel, style=[style], also=also, when="goal 12"
        )
        assert saved.text.startswith("### Saved"), saved.text

    async def _live_and_die(self) -> None:
        """Let something go wrong, and a process die: at a named step, or at any moment."""
        for _ in range(self._rng.randint(0, 3)):
            await self._troubles.strike()
        if self._rng.random() < 0.15:
            self._troubles.late()
        longest = self._course.longest_life
        waits_for_step = any(self._running.values()) and self._rng.random() < 0.7
        life = 2 * longest if waits_for_step else self._rng.randint(1, longest)
        moment = asyncio.ensure_future(self._happenings.after(life))
        ends = {asyncio.create_task(bot.process.wait()): bot for bot in self._running}
        async with hurrying([*self._running]):
            await asyncio.wait(
                {moment, *ends}, timeout=_STUCK_S, return_when=asyncio.FIRST_COMPLETED
            )
        for task in (moment, *ends):
            task.cancel()
        await asyncio.gather(moment, *ends, return_exceptions=True)
        if all(bot.is_running for bot in self._running):
            await self._kill(self._rng.choice(list(self._running)))
        self._bury()
        if self._rng.random() < 0.2 or not self._running:
            await self._power_cut()
        while len(self._running) < self._course.processes:
            await self._start()

    async def _be_calm_if_due(self) -> None:
        """Now and then let people like while nothing goes wrong, and see that cards keep up."""
        every, kills = self._course.calm_every, self._result.kills.total()
        if not every or kills < every * (self._result.calms + 1):
            return
        self._result.calms += 1
        await self._mend(_WINDOW_S)
        while len(self._running) < self._course.processes:
            await self._start(to_die=False)
        await self._scene.connected()
        await self._follow_cards()
        self._tell(f"calm {self._result.calms}: cards were {self._cards.longest_s:.1f} s behind")
        self._happenings.act = self._people_act

    async def _follow_cards(self) -> None:
        """Look at the cards while people like, and until all is told that is known then."""
        self._happenings.act = self._people_act
        some = asyncio.ensure_future(self._happenings.after(self._course.calm_lasts))
        await self._cards.follow(self._happenings, some)
        self._happenings.act = lambda: None
        await self._cards.catch_up(self._happenings)

    async def _mend(self, pause_s: float) -> None:
        """Let nothing be wrong any more, and all who run start anew after a while."""
        self._scene.mend()
        self._troubles.on_time()
        await self._power_cut()
        await self._let_pass(pause_s)

    async def _kill(self, bot: Bot) -> None:
        if bot.is_running:
            await bot.kill()
            step = self._running[bot]
            self._running[bot] = None
            if step is not None:
                self._next_steps.append(step)

    def _bury(self) -> None:
        """Count those who have died, and note who has ended otherwise."""
        for bot, step in [*self._running.items()]:
            if not bot.is_running:
                del self._running[bot]
                how = f"{step.side} {step.step}" if step else BY_CHANCE
                self._result.kills[how] += 1
                kills, missing = self._result.kills.total(), self._scene.score.missing
                self._tell(f"kill {kills}: {how}; {missing} likes wait")
                if bot.process.returncode != -signal.SIGKILL:
                    self._result.ended.append(f"{bot.process.returncode}: {_log(bot)[-2000:]}")

    async def _power_cut(self) -> None:
        """Kill all there are; now and then it takes minutes until they are started again."""
        for bot in [*self._running]:
            await self._kill(bot)
        self._bury()
        is_postgres = self._scene.database_url.startswith("postgresql")
        if self._asked_likers > _LIKERS_WINDOW * 2 // 3:
            await self._let_pass(_WINDOW_S)
        elif is_postgres and self._rng.random() < 0.7:
            await self._let_pass(_CLAIM_S)
        if is_postgres:
            await state.let_leases_run_out(self._scene.database_url)

    async def _let_pass(self, seconds: float) -> None:
        """Let time pass for everybody, while no bot runs and nothing is on its way to the end."""
        await asyncio.sleep(LONGEST_DELAY_S)
        self._scene.stage.clock.advance(seconds)
        self._set_clock(float(self._clock.read_text()) + seconds)
        self._asked_likers = 0

    async def _drain(self) -> None:
        """Let all that was left be told, with nothing wrong any more, a day later if need be."""
        scene, result = self._scene, self._result
        for pause_s in self._pauses():
            await self._mend(pause_s)
            await self._start(to_die=False)
            await scene.connected()
            if self._cards.looks:
                await self._cards.catch_up(self._happenings)
            else:
                await self._follow_cards()
            # What was held for its moment is told with the change.
            for number, post in enumerate(self._posts):
                channel = self._troubles.channels[number % _CHANNELS]
                await self._choose_style(post, channel, "feed", unlikes=bool(number % 2))
            self._tell(f"no more kills; {scene.score.missing} likes wait")
            with suppress(TimeoutError):
                async with asyncio.timeout(_TOLD_WITHIN_S), hurrying([scene.bot]):
                    await scene.score.wait_until_told()
                    # Of two of whom one has taken the like back the score does not know who waits.
                    while await state.unsent(scene.database_url) or await self._missing():
                        await self._happenings.after(1)
                    break
        result.cards_behind = self._cards.behind
        result.cards_looked_at = self._cards.looks
        result.cards_behind_s = round(self._cards.longest_s, 1)
        result.unsent = len(await state.unsent(scene.database_url))
        result.score = scene.score.result()
        result.missing = await self._missing()
        result.untrue = self._truth.untrue
        result.troubles = self._troubles.struck
        self._read_logs()
        assert await scene.bot.stop() == 0, scene.bot.log
        scene.bots.clear()

    async def _missing(self) -> list[tuple[str, str]]:
        """Return who likes a post and was not told of, by name where the tally cannot tell.

        The tally counts people whom a message does not name; who they were, the bot has booked.
        """
        if self._scene.score.missing:
            return list(self._scene.score._untold)
        told, world = await state.told_of(self._scene.database_url), self._scene.stage.x.world
        return [
            (str(post.id), world.users[like.user_id].username)
            for post in self._posts
            for like in world.likers(post)
            if like.user_id not in told[post.id]
        ]

    def _pauses(self) -> Iterator[float]:
        """Yield what time to let pass before each try, until a whole window helps no more."""
        yield _WINDOW_S
        yield _A_DAY_S
        waiting = self._scene.score.missing + 1
        while self._scene.score.missing < waiting:
            waiting = self._scene.score.missing
            yield _WINDOW_S

    # The bot

    async def _start(self, *, to_die: bool = True) -> None:
        """Start a process; most kill themselves at a step."""
        step = None
        if to_die and self._rng.random() < 0.7:
            chosen = self._next_steps.popleft()
            most = _MOST_TIMES.get(chosen.step, 3)
            step = replace(chosen, time=self._rng.randint(1, most))
        named = {KILL_AT: str(step)} if step else {}
        bot = await self._scene.begin_bot(**self._settings(), **named)
        self._running[bot] = step

    def _settings(self) -> dict[str, str]:
        # The port of the page would be taken by the one before, or beside.
        push = {"PUSH": self._rng.choice(("auto", "auto", "off"))}
        return {SET_CLOCK: str(self._clock), "X_REDIRECT_URL": "", **push, **self._pace()}

    def _pace(self) -> dict[str, str]:
        return {AS_SHIPPED: "1"} if self._course.as_shipped else {}

    def _set_clock(self, seconds: float) -> None:
        """Set it at once: a bot that reads the file never finds it half written."""
        written = self._clock.with_suffix(".new")
        written.write_text(str(seconds))
        written.replace(self._clock)

    def _read_logs(self) -> None:
        for bot in self._scene.bots:
            log = _log(bot)
            if found := _UNFORESEEN.search(log):
                at = found.start()
                self._result.unforeseen.append(log[max(0, at - 500) : at + 4000])

    # The people

    def _people_act(self) -> None:
        """Like and unlike. Nobody likes a post again: the score could not tell the two apart."""
        rng, world = self._rng, self._scene.stage.x.world
        for _ in range(rng.randint(0, 2 * self._course.likes_at_once)):
            post = rng.choice(self._posts)
            world.like(post, self._somebody_new_to(post))
        if rng.random() < 0.2:
            post = rng.choice(self._posts)
            if post.likes:
                world.unlike(post, world.users[rng.choice(list(post.likes))])
                self._result.unlikes += 1

    def _somebody_new_to(self, post: Post) -> User:
        for _ in range(3):
            if self._people and self._rng.random() < 0.7:
                known = self._rng.choice(self._people)
                if known.id not in post.ever_liked:
                    return known
        self._people.append(self._scene.stage.x.world.make_up_user())
        return self._people[-1]

    # What is heard

    def _hear_exchange(self, exchange: Exchange) -> None:
        self._troubles.hear(exchange)
        self._asked_likers += exchange.path.endswith("/liking_users")
        if exchange.status == 429:
            self._result.refused_by_x.append(exchange.path)
        self._happenings.happen()

    @asynccontextmanager
    async def _listening(self) -> AsyncIterator[None]:
        async def listen(news: AsyncIterator[Event], hear: Any) -> None:
            async for event in news:
                hear(event)

        stage = self._scene.stage
        async with stage.x.events.listen() as of_x, stage.discord.events.listen() as of_discord:
            tasks = [
                asyncio.create_task(listen(of_x, self._truth.hear_x)),
                asyncio.create_task(listen(of_discord, self._hear_discord)),
            ]
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    def _hear_discord(self, event: Event) -> None:
        self._truth.hear_discord(event)
        if event.type in ("message.create", "message.update"):
            self._happenings.happen()


def _log(bot: Bot) -> str:
    """Return what a process said; one that was killed at once said nothing."""
    return bot.log if bot.log_file.exists() else ""

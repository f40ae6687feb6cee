"""A scene: X and Discord on this machine, the bot as a process beside them, and people who act.

Nothing here sleeps: whatever a test waits for is looked at again when the stand-ins say that
something happened.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import aiohttp

from sandbox.discord import seed
from sandbox.events import Event
from sandbox.faults import Fault
from sandbox.score import Score
from sandbox.stage import Stage
from sandbox.x.control.made_to_order import make_post, make_user
from sandbox.x.world.rows import Post, Settings, User
from sandbox.x.world.seed import TWITTER_DEV
from tests.e2e import state
from tests.e2e.hurried import NEW_POST, NEWS
from tests.e2e.process import PAUSES_S, STARTING_S, Bot, hurrying, start_bot
from tests.e2e.seen import Answer, Seen
from tests.e2e.traffic import Traffic
from tests.patience import GUARD_S

ADA, GRACE, LINUS = str(seed.ADA_ID), str(seed.GRACE_ID), str(seed.LINUS_ID)
GENERAL, LIKES, STAFF = str(seed.GENERAL_ID), str(seed.LIKES_ID), str(seed.STAFF_ID)
GUILD, READERS = str(seed.GUILD_ID), str(seed.READERS_ID)

# Between two commands that ask for what no event tells of: without it they keep two cores busy.
_BREATH_S = 0.1
_COUNTS = ("GET /2/tweets", "GET /2/users/:id/tweets")

Found = TypeVar("Found")


class NotOfferedError(Exception):
    """Discord's own client would not let this member use the command."""


def address(post: Post | int) -> str:
    return f"https://x.com/i/status/{post.id if isinstance(post, Post) else post}"


@dataclass(slots=True)
class Scene:
    stage: Stage
    folder: Path
    settings: dict[str, str]
    http: aiohttp.ClientSession
    x_http: aiohttp.ClientSession
    score: Score
    traffic: Traffic
    bots: list[Bot] = field(default_factory=list)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _is_before: bool = False

    # The bot

    @property
    def bot(self) -> Bot:
        """The newest process."""
        return self.bots[-1]

    @property
    def database_url(self) -> str:
        return self.settings["DATABASE_URL"]

    async def start_bot(self, **changed: str) -> Bot:
        """Start the bot; it is connected and has its commands when this returns."""
        bot = await self.begin_bot(**changed)
        await self.connected()
        return bot

    async def begin_bot(self, **changed: str) -> Bot:
        """Start the bot without waiting for anything."""
        log_file = self.folder / f"bot-{len(self.bots) + 1}.log"
        bot = start_bot({**self.settings, **changed}, self.folder, log_file)
        self.bots.append(bot)
        return bot

    async def connected(self) -> None:
        async def is_connected() -> bool:
            return self.stage.discord.connected

        await self.until(is_connected, "the bot is on the gateway", pauses_s=STARTING_S)

    @asynccontextmanager
    async def reconnecting(self) -> AsyncIterator[None]:
        """Wait at the end of the block until the bot is on the gateway anew."""
        async with self.stage.discord.events.listen() as news:
            yield

            async def back() -> None:
                async for event in news:
                    if event.type == "bot.connected" and event.data["connected"]:
                        return

            await self.wait_for(back(), "the bot comes back")

    async def wait_for(
        self,
        happening: Awaitable[Found],
        what: str,
        *,
        within_s: float = GUARD_S,
        pauses_s: Sequence[float] = PAUSES_S,
    ) -> Found:
        """Wait for something to happen; the bot's end, and too long a time, are failures."""
        work = asyncio.ensure_future(happening)
        end = asyncio.create_task(self.bot.process.wait())
        try:
            async with hurrying(self.bots, pauses_s):
                await asyncio.wait(
                    {work, end}, timeout=within_s, return_when=asyncio.FIRST_COMPLETED
                )
            if not work.done():
                state = "ended" if end.done() else "runs"
                raise AssertionError(f"in vain: {what}; the bot {state}\n{self.bot.log}")
            return work.result()
        finally:
            for task in (work, end):
                task.cancel()
            await asyncio.gather(work, end, return_exceptions=True)

    async def until(
        self,
        look: Callable[[], Awaitable[Found | None]],
        what: str,
        *,
        within_s: float = GUARD_S,
        pauses_s: Sequence[float] = PAUSES_S,
    ) -> Found:
        """Look now and whenever something happens in Discord, until there is something to see."""

        async def seen() -> Found:
            async with self.stage.discord.events.listen() as news:
                if found := await look():
                    return found
                async for _ in news:
                    if found := await look():
                        return found
            raise AssertionError("Discord has closed")

        return await self.wait_for(seen(), what, within_s=within_s, pauses_s=pauses_s)

    async def keep_asking(self, ask: Callable[[], Awaitable[Found | None]], what: str) -> Found:
        """Ask with commands, which are events of Discord themselves, until there is an answer."""

        async def answered() -> Found:
            while True:
                if found := await ask():
                    return found
                await asyncio.sleep(_BREATH_S)

        return await self.wait_for(answered(), what)

    # What members do in Discord

    async def command(
        self,
        command: str,
        *,
        by: str = ADA,
        where: str = GENERAL,
        settle_s: float = 0.02,
        **options: str,
    ) -> Answer:
        """Use a slash command as a member."""
        call = {"command": command, "options": options}
        return await self._interact(call, by=by, where=where, settle_s=settle_s)

    async def press(self, seen: Answer | Seen, label: str, *, by: str = ADA) -> Answer:
        """Press a button of a message."""
        message = seen.message if isinstance(seen, Answer) else seen
        pressed = {"message_id": message.id, "custom_id": message.buttons[label]["custom_id"]}
        return await self._interact({"component": pressed}, by=by, where=message.channel_id)

    async def edit_watch(
        self, watch: str, channel: str, *, where: str = GENERAL, **values: str | list[str]
    ) -> Answer:
        """Change a watch in its modal; what is not named is as usual."""
        opened = await self.command("watch edit", watch=watch, where=where)
        custom_id = opened.raw["modal"]["custom_id"]
        usual = {"channel": [channel], "style": ["server"], "when": "", "label": "", "also": []}
        sent = {"custom_id": custom_id, "values": {**usual, **values}}
        return await self._interact({"modal": sent}, by=ADA, where=where)

    async def autocomplete(
        self, command: str, option: str, typed: str = "", *, by: str = ADA
    ) -> dict[str, str]:
        """Type into an option, and return the values that are offered by their names."""
        typing = {"command": command, "options": {option: typed}, "focused": option}
        answer = await self._interact({"autocomplete": typing}, by=by, where=GENERAL)
        return {choice["name"]: choice["value"] for choice in answer.choices}

    async def messages(self, channel_id: str) -> list[Seen]:
        """Return what everybody sees in a channel, oldest first."""
        async with self.http.get(f"/sandbox/channels/{channel_id}/messages") as response:
            return [Seen(message) for message in await response.json()]

    async def new_channel(
        self,
        *,
        deny: Sequence[str] = (),
        guild_id: str = GUILD,
        kind: str = "text",
        tags: Sequence[str] = (),
    ) -> str:
        """Open a channel of the test's own, with its own share of Discord's limits."""
        name = f"channel-{next(self._numbers)}"
        given = {"deny": list(deny), "tags": list(tags)}
        made = {"name": name, "guild_id": guild_id, "kind": kind, **given}
        return str((await self.discord("POST", "/channels", made))["id"])

    async def watch(self, post: Post, channel_id: str) -> Answer:
        """Watch a post in a channel; from now on the score counts its likes."""
        answer = await self.command(
            "watch add", post=address(post), channel=channel_id, where=channel_id
        )
        if "Start watching" in answer.message.buttons:
            answer = await self.press(answer, "Start watching")
        assert answer.text.startswith("### Watching"), answer.text
        self.score.watched.add(str(post.id))
        return answer

    # What people do on X

    def post(self, text: str = "A post", *, likes: int = 0, **more: Any) -> Post:
        """Publish a post, of TwitterDev's unless it says otherwise, with likes from before."""
        world = self.stage.x.world
        post = make_post(world, {"author_id": str(TWITTER_DEV), "text": text, **more})
        self._is_before = True
        for _ in range(likes):
            self.like(post)
        self._is_before = False
        return post

    def person(self, name: str | None = None, **more: Any) -> User:
        """Let somebody whom X shows among likers join X."""
        number = next(self._numbers)
        given = {"username": f"person_{number}", "name": name or f"Person {number}", **more}
        return make_user(self.stage.x.world, given)

    def like(self, post: Post, user: User | None = None) -> User:
        """Like a post, as somebody new unless it says who."""
        liker = user or self.person()
        assert self.stage.x.world.like(post, liker)
        return liker

    def unlike(self, post: Post, user: User) -> None:
        assert self.stage.x.world.unlike(post, user)

    # What goes wrong

    def x_fault(self, match: str, **how: Any) -> Fault:
        return self.stage.x.faults.add({"match": match, **how})

    def discord_fault(self, match: str, **how: Any) -> Fault:
        if how.get("status", 0) >= 400:
            how.setdefault("body", {"message": "something is wrong here", "code": 0})
        return self.stage.discord.faults.add({"match": match, **how})

    async def asked(self, match: str) -> None:
        """Wait until the bot asks X for this once more."""
        await self.wait_for(self.x_fault(match).struck.wait(), f"the bot asks {match}")

    async def counted(self) -> None:
        """Wait until the bot counts likes once more: by the posts' IDs, or on its timeline."""
        asked = [self.x_fault(match) for match in _COUNTS]
        waiting = [asyncio.create_task(fault.struck.wait()) for fault in asked]
        try:
            happening = asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            await self.wait_for(happening, "the bot counts")
        finally:
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    def mend(self) -> None:
        self.stage.x.faults.clear()
        self.stage.discord.faults.clear()

    # What becomes of it

    async def announcement(self, user: User, channel_id: str) -> Seen:
        """Wait for the message in which somebody's like is announced."""
        profile = f"https://x.com/{user.username})"
        return await self.message_with(profile, channel_id)

    async def message_with(self, text: str, channel_id: str) -> Seen:
        async def look() -> Seen | None:
            seen = await self.messages(channel_id)
            return next((message for message in seen if text in message.text), None)

        return await self.until(look, f"{text!r} in channel {channel_id}")

    async def another_message(self, channel_id: str) -> None:
        """Wait until more is told in a channel than is now."""
        before = len(await self.messages(channel_id))

        async def look() -> bool:
            return len(await self.messages(channel_id)) > before

        await self.until(look, f"another message in channel {channel_id}")

    async def all_told(self, likes: int | None = None) -> None:
        """Wait until every like of the watched posts was announced, and see that it was once.

        Right as long as each post is watched in one channel.
        """
        await self._heard()
        await self.wait_for(self.score.wait_until_told(), "every like is announced")
        result = self.score.result()
        assert result["twice"] == 0, result
        assert likes in (None, result["likes"]), result

    def tell_bots_of_x(self, event: Event) -> None:
        """Tell them of what a bot may have to look at: not of people, nor of likes from before."""
        if event.type == "user.create" or self._is_before:
            return
        for bot in self.bots:
            bot.tell(NEW_POST if event.type == "post.create" else NEWS)

    def hear_x(self, event: Event) -> None:
        self.score.hear_x(event)

    def hear_discord(self, event: Event) -> None:
        self.score.hear_discord(event)

    @staticmethod
    async def _heard() -> None:
        """Let the score hear of all that has happened: its listeners need a turn of the loop."""
        for _ in range(3):
            await asyncio.sleep(0)

    async def repeat_until(
        self, command: str, text: str, *, where: str = GENERAL, by: str = ADA
    ) -> Answer:
        """Use a command until its answer says this."""

        async def answer() -> Answer | None:
            answer = await self.command(command, where=where, by=by)
            return answer if text in answer.text else None

        return await self.keep_asking(answer, f"/{command} says {text!r}")

    # Control calls

    async def discord(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        return await _call(self.http, method, path, body)

    async def x(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        return await _call(self.x_http, method, path, body)

    async def refresh(self) -> None:
        """Let nothing of an earlier test be felt: no fault, no allowance that was used."""
        self.mend()
        self.score = Score(self.stage.clock)
        told = self.stage.x.world.settings
        as_ever = Settings(edition=told.edition, spelling=told.spelling)
        await self.x("POST", "/settings", asdict(as_ever))
        await self.x("DELETE", "/limits")
        await state.forget_allowances(self.database_url)
        # What is left for reading likers is what the bot saw last.
        await self.command("likers", post="1354143047324299264")

    async def _interact(
        self, call: dict[str, Any], *, by: str, where: str, settle_s: float = 0.02
    ) -> Answer:
        asked = {
            **call,
            "user_id": by,
            "channel_id": where,
            "settle_s": settle_s,
            "timeout_s": GUARD_S,
        }
        async with self.http.post("/sandbox/interactions", json=asked) as response:
            raw = await response.json()
        if raw.get("error") == "missing permissions":
            raise NotOfferedError
        assert "error" not in raw, f"{call}: {raw['error']}\n{self.bot.log}"
        return Answer(raw, by, where)


async def _call(
    http: aiohttp.ClientSession, method: str, path: str, body: Mapping[str, Any] | None
) -> Any:
    async with http.request(method, f"/sandbox{path}", json=body) as response:
        assert response.status < 400, await response.text()
        return await response.json() if response.content_length else None

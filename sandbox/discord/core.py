"""What the handlers share: one world and all that happens in it."""

from dataclasses import dataclass, field

from sandbox.clock import Clock
from sandbox.discord.commands import CommandBook
from sandbox.discord.filters import Filters
from sandbox.discord.gateway.server import Gateway
from sandbox.discord.gateway.sessions import Sessions
from sandbox.discord.interaction_book import InteractionBook, SaidAll, never
from sandbox.discord.messages.store import MessageStore
from sandbox.discord.news import News
from sandbox.discord.rate_limits import RateLimits
from sandbox.discord.requests import RequestLog
from sandbox.discord.shapes.messages import MessageShapes
from sandbox.discord.snowflake import Snowflakes
from sandbox.discord.world import World
from sandbox.events import Events
from sandbox.faults import Faults


@dataclass(slots=True)
class Core:
    world: World
    clock: Clock
    events: Events
    faults: Faults
    said_all: SaidAll = never
    snowflakes: Snowflakes = field(init=False)
    store: MessageStore = field(init=False)
    sessions: Sessions = field(init=False)
    gateway: Gateway = field(init=False)
    news: News = field(init=False)
    commands: CommandBook = field(init=False)
    interactions: InteractionBook = field(init=False)
    requests: RequestLog = field(init=False)
    filters: Filters = field(default_factory=Filters)
    limits: RateLimits = field(init=False)

    def __post_init__(self) -> None:
        self.snowflakes = Snowflakes(self.clock)
        self.store = MessageStore(self.clock)
        self.sessions = Sessions(self.clock, self.events)
        self.gateway = Gateway(self.world, self.sessions)
        self.news = News(self.world, self.store, self.sessions, self.events)
        self.commands = CommandBook(self.world, self.snowflakes, self.events)
        self.interactions = InteractionBook(self.clock)
        self.requests = RequestLog(self.clock)
        self.limits = RateLimits(self.clock)

    def shapes(self, base: str | None = None, *, avatars: bool = False) -> MessageShapes:
        return MessageShapes(self.world, self.store, base or self.news.base, avatars)

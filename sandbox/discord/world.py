"""Who and what is there: guilds with their roles, channels and members, and the application."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.discord.errors import ApiError, Problem

ROLE_OVERWRITE = 0
MEMBER_OVERWRITE = 1


@dataclass(frozen=True, slots=True)
class BotAdded:
    """An entry of a guild's audit log: who added the bot."""

    id: int
    user_id: int
    bot_id: int


@dataclass(frozen=True, slots=True)
class User:
    id: int
    username: str
    display_name: str
    bot: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    id: int
    name: str
    permissions: int
    position: int = 1
    color: int = 0
    mentionable: bool = False
    hoist: bool = False


TEXT, NEWS, FORUM = 0, 5, 15


@dataclass(frozen=True, slots=True)
class Overwrite:
    """What one role or member is allowed or denied in one channel."""

    id: int
    type: int
    allow: int = 0
    deny: int = 0


@dataclass(frozen=True, slots=True)
class Tag:
    """What the posts of a forum can be marked with."""

    id: int
    name: str


@dataclass(slots=True)
class Channel:
    """A text channel, or one of announcements or a forum: `kind` is Discord's number for it.

    `tags` are a forum's.
    """

    id: int
    guild_id: int
    name: str
    position: int
    topic: str | None = None
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    last_message_id: int | None = None
    kind: int = TEXT
    tags: tuple[Tag, ...] = ()


@dataclass(slots=True)
class Thread(Channel):
    """A thread below a channel; a private one is for those who were added to it.

    `archived_at` is when that was last changed; `applied` are the IDs of the forum's tags that it
    has.
    """

    parent_id: int = 0
    applied: tuple[int, ...] = ()
    owner_id: int = 0
    private: bool = False
    archived: bool = False
    locked: bool = False
    members: set[int] = field(default_factory=set)
    created_at: datetime = field(kw_only=True)
    archived_at: datetime = field(kw_only=True)


@dataclass(slots=True)
class Member:
    user: User
    joined_at: datetime
    roles: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Guild:
    id: int
    name: str
    owner_id: int
    roles: dict[int, Role] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    threads: dict[int, Thread] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    locale: str = "en-US"
    bots_added: list["BotAdded"] = field(default_factory=list)

    @property
    def everyone(self) -> Role:
        """The role that every member has; its ID is the guild's."""
        return self.roles[self.id]

    @property
    def places(self) -> Iterator[Channel]:
        """Everywhere that messages can be: channels, then threads."""
        yield from self.channels.values()
        yield from self.threads.values()

    def member(self, user_id: int) -> Member:
        try:
            return self.members[user_id]
        except KeyError:
            raise ApiError(Problem.UNKNOWN_MEMBER) from None


@dataclass(frozen=True, slots=True)
class TeamMember:
    """Somebody of the team that has an application; `role` is admin, developer or read_only."""

    user: User
    role: str = "developer"
    accepted: bool = True


@dataclass(slots=True)
class Application:
    """The one bot application; its ID is its bot user's, as for every new application.

    One with a `team` belongs to the team, whose owner is `owner_id`.
    """

    id: int
    name: str
    owner_id: int
    token: str
    privileged_intents: int = 0
    """Off until somebody switches them on, as in the developer portal."""
    team: list[TeamMember] | None = None
    shards: int = 1
    """What Discord advises; with fewer it refuses the connection, as from 2,500 servers on."""


@dataclass(slots=True)
class Direct(Guild):
    """The direct messages of the bot and one user: a place of two with a single channel.

    Its ID is its channel's; no list of servers shows it.
    """

    recipient: User = field(kw_only=True)


@dataclass(slots=True)
class World:
    """All there is; users in `takes_no_messages` have closed their direct messages to bots."""

    application: Application
    guilds: dict[int, Guild] = field(default_factory=dict)
    directs: dict[int, Direct] = field(default_factory=dict)
    takes_no_messages: set[int] = field(default_factory=set)

    @property
    def first_guild(self) -> Guild:
        return next(iter(self.guilds.values()))

    @property
    def bot(self) -> User:
        name = self.application.name
        return User(self.application.id, name, name, bot=True)

    def has_bot(self, guild: Guild) -> bool:
        return self.application.id in guild.members

    @property
    def bots_guilds(self) -> list[Guild]:
        """The guilds that the bot is in."""
        return [guild for guild in self.guilds.values() if self.has_bot(guild)]

    def bots_guild(self, guild_id: int) -> Guild:
        """Return a guild that the bot is in; raise what Discord says of others."""
        guild = self.guild(guild_id)
        if not self.has_bot(guild):
            raise ApiError(Problem.MISSING_ACCESS)
        return guild

    def guild(self, guild_id: int) -> Guild:
        try:
            return self.guilds[guild_id]
        except KeyError:
            raise ApiError(Problem.UNKNOWN_GUILD) from None

    def channel(self, channel_id: int) -> Channel:
        for guild in self.guilds.values():
            if channel_id in guild.channels:
                return guild.channels[channel_id]
            if channel_id in guild.threads:
                return guild.threads[channel_id]
        if channel_id in self.directs:
            return self.directs[channel_id].channels[channel_id]
        raise ApiError(Problem.UNKNOWN_CHANNEL)

    def guild_of(self, channel: Channel) -> Guild:
        direct = self.directs.get(channel.guild_id)
        return self.guilds[channel.guild_id] if direct is None else direct

    def direct_with(self, user_id: int) -> Direct | None:
        found = (each for each in self.directs.values() if each.recipient.id == user_id)
        return next(found, None)

    def takes_messages(self, user_id: int) -> bool:
        """Say whether the bot may write to a user: in a server with it, and not closed to it."""
        met = any(user_id in guild.members for guild in self.bots_guilds)
        return met and user_id not in self.takes_no_messages

    def user(self, user_id: int) -> User:
        if user_id == self.application.id:
            return self.bot
        for guild in self.guilds.values():
            if user_id in guild.members:
                return guild.members[user_id].user
        raise ApiError(Problem.UNKNOWN_USER)

    def bot_member(self, guild: Guild) -> Member:
        if not self.has_bot(guild):
            raise ApiError(Problem.MISSING_ACCESS)
        return guild.member(self.application.id)

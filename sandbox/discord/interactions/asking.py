"""What a member does in the client, as the INTERACTION_CREATE that a bot gets of it."""

from dataclasses import dataclass

from sandbox.discord.core import Core
from sandbox.discord.interaction_book import Interaction, InteractionType
from sandbox.discord.messages.model import Message
from sandbox.discord.permissions import of_channel
from sandbox.discord.rules.commands import SUBCOMMAND, SUBCOMMAND_GROUP
from sandbox.discord.rules.messages import MOST_FILE_BYTES
from sandbox.discord.shapes import guilds, people
from sandbox.discord.types import Json
from sandbox.discord.world import Channel, Guild, Member

LOCALE = "en-US"


class AskError(Exception):
    """Says why Discord's client would not let the member do this."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who acts, and where."""

    guild: Guild
    channel: Channel
    member: Member
    by_user: bool = False
    """Whether the bot comes with the member, who has installed it, and not with the server."""

    @property
    def user_id(self) -> int:
        return self.member.user.id

    @property
    def owners(self) -> Json:
        """Return by whose installation of the bot this is: the server's (0), or the member's."""
        return {"1": str(self.user_id)} if self.by_user else {"0": str(self.guild.id)}


@dataclass(frozen=True, slots=True)
class Ask:
    """`parent` is the interaction whose modal is handed in."""

    type: InteractionType
    data: Json
    source: Message | None = None
    parent: Interaction | None = None


def start(core: Core, asker: Asker, ask: Ask) -> Interaction:
    """Open an interaction and let the bot know."""
    interaction = Interaction(
        id=core.snowflakes.next(),
        type=ask.type,
        guild_id=asker.guild.id,
        channel_id=asker.channel.id,
        user_id=asker.user_id,
        asked_at=core.clock.time(),
        data=ask.data,
        metadata={},
        source=ask.source,
    )
    interaction.metadata = _metadata(interaction, asker, ask)
    core.interactions.open(interaction)
    core.sessions.dispatch(
        "INTERACTION_CREATE",
        asker.guild.id,
        lambda session: _payload(core, interaction, asker, session.base),
    )
    return interaction


def _metadata(interaction: Interaction, asker: Asker, ask: Ask) -> Json:
    """Return what messages that answer this will say of where they came from."""
    metadata: Json = {
        "id": str(interaction.id),
        "type": int(interaction.type),
        "user": people.user(asker.member.user),
        "authorizing_integration_owners": asker.owners,
    }
    if ask.type is InteractionType.APPLICATION_COMMAND:
        metadata["name"] = _full_name(ask.data)
    elif ask.parent is not None:
        metadata["triggering_interaction_metadata"] = ask.parent.metadata
    elif ask.source is not None:
        metadata["interacted_message_id"] = str(ask.source.id)
    return metadata


def _full_name(data: Json) -> str:
    """Return the command's name with its subcommands, as in "Ada used /watch add"."""
    words, options = [data["name"]], data.get("options") or []
    while options and options[0]["type"] in (SUBCOMMAND, SUBCOMMAND_GROUP):
        words.append(options[0]["name"])
        options = options[0].get("options") or []
    return " ".join(words)


def _payload(core: Core, interaction: Interaction, asker: Asker, base: str) -> Json:
    bot = core.world.bot_member(asker.guild)
    held = of_channel(asker.guild, asker.channel, asker.member)
    app_held = of_channel(asker.guild, asker.channel, bot)
    payload: Json = {
        "id": str(interaction.id),
        "application_id": str(core.world.application.id),
        "type": int(interaction.type),
        "token": interaction.token,
        "version": 1,
        "data": interaction.data,
        "guild_id": str(asker.guild.id),
        "guild": {"id": str(asker.guild.id), "locale": LOCALE, "features": []},
        "channel_id": str(asker.channel.id),
        "channel": {**guilds.channel(asker.channel), "permissions": str(int(held))},
        "member": {**people.member(asker.member), "permissions": str(int(held))},
        "app_permissions": str(int(app_held)),
        "locale": LOCALE,
        "guild_locale": LOCALE,
        "context": 0,
        "authorizing_integration_owners": asker.owners,
        "attachment_size_limit": MOST_FILE_BYTES,
        "entitlements": [],
        "entitlement_sku_ids": [],
    }
    if interaction.source is not None:
        payload["message"] = core.shapes(base).message(interaction.source)
    return payload

"""Guilds and channels as Discord's JSON."""

from sandbox.discord.shapes import people
from sandbox.discord.types import Json
from sandbox.discord.world import Channel, Guild, Member


def channel(one: Channel) -> Json:
    return {
        "id": str(one.id),
        "type": 0,
        "guild_id": str(one.guild_id),
        "name": one.name,
        "position": one.position,
        "topic": one.topic,
        "parent_id": None,
        "nsfw": False,
        "flags": 0,
        "rate_limit_per_user": 0,
        "last_message_id": None if one.last_message_id is None else str(one.last_message_id),
        "permission_overwrites": [
            {
                "id": str(overwrite.id),
                "type": overwrite.type,
                "allow": str(overwrite.allow),
                "deny": str(overwrite.deny),
            }
            for overwrite in one.overwrites.values()
        ],
    }


def guild(one: Guild) -> Json:
    return {
        "id": str(one.id),
        "name": one.name,
        "owner_id": str(one.owner_id),
        "roles": [people.role(role) for role in one.roles.values()],
        "icon": None,
        "description": None,
        "home_header": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "features": [],
        "emojis": [],
        "stickers": [],
        "application_id": None,
        "region": "deprecated",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "widget_channel_id": None,
        "verification_level": 1,
        "default_message_notifications": 1,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_presences": None,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "vanity_url_code": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "preferred_locale": "en-US",
        "rules_channel_id": None,
        "safety_alerts_channel_id": None,
        "public_updates_channel_id": None,
        "hub_type": None,
        "nsfw": False,
        "nsfw_level": 0,
        "incidents_data": None,
    }


def guild_with_counts(one: Guild) -> Json:
    counted = len(one.members)
    return {
        **guild(one),
        "approximate_member_count": counted,
        "approximate_presence_count": counted,
    }


def guild_create(one: Guild, members: list[Member], bot: Member) -> Json:
    """Return the guild as the gateway brings it, with all that belongs to it."""
    return {
        **guild(one),
        "joined_at": bot.joined_at.isoformat(),
        "large": False,
        "unavailable": False,
        "member_count": len(one.members),
        "members": [people.member(member) for member in members],
        "channels": [channel(inner) for inner in one.channels.values()],
        "threads": [],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }

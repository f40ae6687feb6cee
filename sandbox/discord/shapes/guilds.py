"""Guilds and channels as Discord's JSON."""

from sandbox.discord.shapes import people
from sandbox.discord.types import Json
from sandbox.discord.world import FORUM, BotAdded, Channel, Direct, Guild, Member, Thread, User

BOT_ADD = 28
DIRECT, PUBLIC_THREAD, PRIVATE_THREAD = 1, 11, 12


def channel(one: Channel) -> Json:
    if isinstance(one, Thread):
        return thread(one)
    shape: Json = {
        "id": str(one.id),
        "type": one.kind,
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
    return {**shape, **_forum(one)} if one.kind == FORUM else shape


def _forum(one: Channel) -> Json:
    """Return what a forum has beside what every channel has."""
    no_emoji = {"emoji_id": None, "emoji_name": None}
    return {
        "available_tags": [
            {"id": str(tag.id), "name": tag.name, "moderated": False, **no_emoji}
            for tag in one.tags
        ],
        "default_reaction_emoji": None,
        "default_sort_order": None,
        "default_forum_layout": 0,
    }


def direct(one: Direct) -> Json:
    """Return the channel of the direct messages with a user."""
    last = one.channels[one.id].last_message_id
    return {
        "id": str(one.id),
        "type": DIRECT,
        "flags": 0,
        "last_message_id": None if last is None else str(last),
        "recipients": [people.user(one.recipient)],
    }


def thread(one: Thread, member_id: int | None = None) -> Json:
    """Return a thread, with the membership of this user if they are in it."""
    shape: Json = {
        "id": str(one.id),
        "type": PRIVATE_THREAD if one.private else PUBLIC_THREAD,
        "guild_id": str(one.guild_id),
        "parent_id": str(one.parent_id),
        "owner_id": str(one.owner_id),
        "name": one.name,
        "flags": 0,
        "rate_limit_per_user": 0,
        "last_message_id": None if one.last_message_id is None else str(one.last_message_id),
        "message_count": 0,
        "total_message_sent": 0,
        "member_count": min(50, len(one.members)),
        "thread_metadata": {
            "archived": one.archived,
            "archive_timestamp": one.archived_at.isoformat(),
            "auto_archive_duration": 10_080,
            "locked": one.locked,
            "create_timestamp": one.created_at.isoformat(),
            "invitable": True,
        },
        "applied_tags": [str(tag_id) for tag_id in one.applied],
    }
    if member_id in one.members:
        shape["member"] = thread_member(one, int(member_id or 0))
    return shape


def thread_member(one: Thread, user_id: int) -> Json:
    return {
        "id": str(one.id),
        "user_id": str(user_id),
        "join_timestamp": one.created_at.isoformat(),
        "flags": 0,
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
        "preferred_locale": one.locale,
        "rules_channel_id": None,
        "safety_alerts_channel_id": None,
        "public_updates_channel_id": None,
        "hub_type": None,
        "nsfw": False,
        "nsfw_level": 0,
        "incidents_data": None,
    }


def audit_log(entries: list[BotAdded], users: list[User]) -> Json:
    """Return entries of a guild's audit log, the newest first, with the users they name."""
    newest_first = sorted(entries, key=lambda entry: entry.id, reverse=True)
    return {
        "audit_log_entries": [
            {
                "id": str(entry.id),
                "action_type": BOT_ADD,
                "user_id": str(entry.user_id),
                "target_id": str(entry.bot_id),
            }
            for entry in newest_first
        ],
        "users": [people.user(user) for user in users],
        "integrations": [],
        "webhooks": [],
        "guild_scheduled_events": [],
        "threads": [],
        "application_commands": [],
        "auto_moderation_rules": [],
    }


def guild_with_counts(one: Guild) -> Json:
    counted = len(one.members)
    return {
        **guild(one),
        "approximate_member_count": counted,
        "approximate_presence_count": counted,
    }


def guild_create(one: Guild, members: list[Member], threads: list[Thread], bot: Member) -> Json:
    """Return the guild as the gateway brings it, with all that belongs to it."""
    return {
        **guild(one),
        "joined_at": bot.joined_at.isoformat(),
        "large": False,
        "unavailable": False,
        "member_count": len(one.members),
        "members": [people.member(member) for member in members],
        "channels": [channel(inner) for inner in one.channels.values()],
        "threads": [thread(inner, bot.user.id) for inner in threads],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }

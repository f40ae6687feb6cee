"""Users, members and roles as Discord's JSON."""

from sandbox.discord.types import Json
from sandbox.discord.world import Application, Member, Role, TeamMember, User

_INVITED, _ACCEPTED = 1, 2


def user(who: User) -> Json:
    shape: Json = {
        "id": str(who.id),
        "username": who.username,
        "global_name": None if who.bot else who.display_name,
        "discriminator": "0000" if who.bot else "0",
        "avatar": None,
        "avatar_decoration_data": None,
        "banner": None,
        "accent_color": None,
        "collectibles": None,
        "primary_guild": None,
        "public_flags": 0,
        "flags": 0,
    }
    if who.bot:
        shape["bot"] = True
    return shape


def own_user(who: User) -> Json:
    """Return the user as only the user itself may see it."""
    return {
        **user(who),
        "mfa_enabled": True,
        "locale": "en-US",
        "premium_type": 0,
        "email": None,
        "verified": True,
    }


def member_alone(who: Member) -> Json:
    """Return the member without the user, as messages carry it."""
    return {
        "roles": [str(role_id) for role_id in sorted(who.roles)],
        "joined_at": who.joined_at.isoformat(),
        "nick": None,
        "avatar": None,
        "banner": None,
        "premium_since": None,
        "communication_disabled_until": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
    }


def member(who: Member) -> Json:
    return {**member_alone(who), "user": user(who.user)}


def role(one: Role) -> Json:
    return {
        "id": str(one.id),
        "name": one.name,
        "description": None,
        "permissions": str(one.permissions),
        "position": one.position,
        "color": one.color,
        "colors": {"primary_color": one.color, "secondary_color": None, "tertiary_color": None},
        "hoist": one.hoist,
        "managed": False,
        "mentionable": one.mentionable,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }


def team(one: Application, owner: User) -> Json:
    """Return the team of an application: its owner and its members."""
    everybody = [TeamMember(owner, "admin"), *(one.team or [])]
    return {
        "id": str(one.id + 1),
        "icon": None,
        "name": f"{one.name}'s team",
        "owner_user_id": str(owner.id),
        "members": [
            {
                "user": user(member.user),
                "team_id": str(one.id + 1),
                "membership_state": _ACCEPTED if member.accepted else _INVITED,
                "role": member.role,
                "permissions": ["*"],
            }
            for member in everybody
        ],
    }


def team_user(one: Application) -> Json:
    """Return the user that stands for a team as an application's owner."""
    return user(User(one.id + 1, f"team{one.id + 1}", f"team{one.id + 1}"))


def application(one: Application, owner: User, bot: User, guilds: int) -> Json:
    return {
        "id": str(one.id),
        "name": one.name,
        "icon": None,
        "description": "",
        "summary": "",
        "type": None,
        "bot": user(bot),
        "owner": user(owner) if one.team is None else team_user(one),
        "team": None if one.team is None else team(one, owner),
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": 0,
        "flags_new": "0",
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "approximate_guild_count": guilds,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "eligible_oauth2_scopes": [],
    }

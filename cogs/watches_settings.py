"""/watch edit, test, mention, filter, words, posts: how a watch announces, and what of it."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.chat.answers import reply
from bot.chat.answers.asker import guild_of, managers_only, manages_guild
from bot.chat.answers.autocomplete import watch_choices
from bot.chat.answers.channels import require_writable
from bot.chat.answers.find_watch import find_watch, ref_of
from bot.chat.answers.roles import require_mentionable
from bot.chat.buttons.edit_watch import EditWatchModal
from bot.chat.cards.managing import (
    edited_card,
    mention_chosen_card,
    posts_chosen_card,
    test_sent_card,
)
from bot.chat.connection.client import LikecordClient
from bot.chat.delivery.test_message import preview_card, send_test
from bot.domain import LikerFilter, Mention, Watch, WatchChoice
from bot.domain.errors import OnlyForPosts
from bot.domain.new_posts import PostFilter
from bot.domain.wording import MAX_TEMPLATE, check_template

_GROUP = "watch"
_WHICH = "Its label, post, ID or #channel; type to search"
_MOST_WORDS = 300
_MOST_MINUTES, _MOST_FOLLOWERS = 7 * 24 * 60, 10**9


class WatchSettingsCog(commands.Cog):
    def __init__(self, bot: LikecordClient) -> None:
        self._watches = bot.services.watches
        self._accounts = bot.services.account_watches
        self._managed = bot.services.managed
        self._config = bot.services.config

    @app_commands.command(description="Change a watch: its channel, style, label and more")
    @app_commands.describe(watch=_WHICH)
    @managers_only
    async def edit(self, interaction: discord.Interaction[LikecordClient], watch: str) -> None:
        found = await self._of_post(interaction, watch)
        await reply.open_form(interaction, EditWatchModal(found))

    @app_commands.command(description="Send a test announcement of a watch to its channel")
    @app_commands.describe(watch=_WHICH)
    @managers_only
    async def test(self, interaction: discord.Interaction[LikecordClient], watch: str) -> None:
        await reply.defer(interaction, private=True)
        found = await self._of_post(interaction, watch)
        await require_writable(interaction, found.channel_id)
        saved = await self._config.show(guild_of(interaction))
        await send_test(interaction.client, found, saved)
        await reply.show(interaction, test_sent_card(found.channel_id))

    @app_commands.command(description="Mention a role with what a watch announces, or nobody")
    @app_commands.describe(
        watch=_WHICH,
        role="Whom to mention; leave it out to mention nobody",
        minutes="At most once in so many minutes; otherwise with each message",
    )
    @managers_only
    async def mention(
        self,
        interaction: discord.Interaction[LikecordClient],
        watch: str,
        role: discord.Role | None = None,
        minutes: app_commands.Range[int, 0, _MOST_MINUTES] = 0,
    ) -> None:
        await reply.defer(interaction, private=True)
        guild_id = guild_of(interaction)
        ref = ref_of(await find_watch(interaction, watch))
        require_mentionable(interaction, role)
        mention = None if role is None else Mention(role.id, minutes * 60)
        saved = await self._managed.set_mention(guild_id, ref, mention)
        await reply.show(interaction, mention_chosen_card(saved))

    @app_commands.command(name="filter", description="Name only some likers; others are counted")
    @app_commands.describe(
        watch=_WHICH,
        verified="True: name only those whom X marks as verified",
        followers="Name only those who have at least so many followers",
    )
    @managers_only
    async def filter_(
        self,
        interaction: discord.Interaction[LikecordClient],
        watch: str,
        *,
        verified: bool = False,
        followers: app_commands.Range[int, 0, _MOST_FOLLOWERS] = 0,
    ) -> None:
        await reply.defer(interaction, private=True)
        guild_id = guild_of(interaction)
        ref = ref_of(await find_watch(interaction, watch))
        saved = await self._managed.set_filter(guild_id, ref, LikerFilter(verified, followers))
        await reply.show(interaction, edited_card(saved))

    @app_commands.command(description="Announce in your own words, or in the usual ones")
    @app_commands.describe(
        watch=_WHICH,
        text="Such as: {names} like {post} by {author}; leave it out for the usual words",
    )
    @managers_only
    async def words(
        self,
        interaction: discord.Interaction[LikecordClient],
        watch: str,
        text: app_commands.Range[str, 1, MAX_TEMPLATE] | None = None,
    ) -> None:
        await reply.defer(interaction, private=True)
        guild_id = guild_of(interaction)
        ref = ref_of(await find_watch(interaction, watch))
        template = None if text is None else check_template(text)
        saved = await self._managed.set_template(guild_id, ref, template)
        config = await self._config.show(guild_id)
        await reply.show(interaction, preview_card(saved, config))

    @app_commands.command(description="Choose which new posts of an account are watched")
    @app_commands.describe(
        watch="The account's watch; type to search",
        threads="True: announce its likes in a thread of their own",
        announce="True: announce each new post when it appears, too",
        replies="True: replies to other posts, too",
        reposts="True: the posts that it reposts, too",
        quotes="False: no posts that quote others",
        only_media="True: only posts with pictures or videos",
        words="Only posts with one of these words, separated by commas",
        without="No posts with one of these words, separated by commas",
    )
    @app_commands.rename(only_media="only-media")
    @managers_only
    async def posts(
        self,
        interaction: discord.Interaction[LikecordClient],
        watch: str,
        words: app_commands.Range[str, 1, _MOST_WORDS] | None = None,
        without: app_commands.Range[str, 1, _MOST_WORDS] | None = None,
        *,
        announce: bool = True,
        replies: bool = False,
        reposts: bool = False,
        quotes: bool = True,
        only_media: bool = False,
        threads: bool = False,
    ) -> None:
        await reply.defer(interaction, private=True)
        guild_id = guild_of(interaction)
        ref = ref_of(await find_watch(interaction, watch))
        wanted = PostFilter(replies, reposts, quotes, only_media, _parted(words), _parted(without))
        saved = await self._managed.set_posts(
            guild_id, ref, wanted, announces=announce, opens_threads=threads
        )
        await reply.show(interaction, posts_chosen_card(saved))

    async def _of_post(self, interaction: discord.Interaction[LikecordClient], watch: str) -> Watch:
        found = await find_watch(interaction, watch)
        if not isinstance(found, Watch):
            raise OnlyForPosts
        return found

    @edit.autocomplete("watch")
    @test.autocomplete("watch")
    @mention.autocomplete("watch")
    @filter_.autocomplete("watch")
    @words.autocomplete("watch")
    @posts.autocomplete("watch")
    async def _choices(
        self, interaction: discord.Interaction[LikecordClient], typed: str
    ) -> list[app_commands.Choice[str]]:
        if not manages_guild(interaction):
            return []
        return await watch_choices(self._offered(guild_of(interaction), typed), interaction.guild)

    async def _offered(self, guild_id: int, typed: str) -> list[WatchChoice]:
        accounts = await self._accounts.choices(guild_id, typed)
        return [*accounts, *await self._watches.choices(guild_id, typed)]


def _parted(words: str | None) -> tuple[str, ...]:
    """Return what stands between the commas, each in one line."""
    parts = (" ".join(part.split()) for part in (words or "").split(","))
    return tuple(filter(None, parts))


async def setup(bot: LikecordClient) -> None:
    """Put these commands beside the others of their group, which is loaded before."""
    cog = WatchSettingsCog(bot)
    await bot.add_cog(cog)
    group = bot.tree.get_command(_GROUP)
    if not isinstance(group, app_commands.Group):
        raise TypeError(f"there is no group of commands /{_GROUP}")
    for command in cog.get_app_commands():
        bot.tree.remove_command(command.name)
        group.add_command(command)

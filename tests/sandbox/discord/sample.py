"""A discord.py bot with one command for each thing that a bot can do."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
from discord import app_commands

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000030000000208060000009d74661a0000000049454e44ae426082"
)


class SampleBot(discord.Client):
    """Notes every event by its name, so that a test can wait for one."""

    def __init__(self, intents: discord.Intents, **options: Any) -> None:
        super().__init__(intents=intents, guild_ready_timeout=0.05, **options)
        self.tree = app_commands.CommandTree(self)
        self.heard: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        self.failures: list[BaseException] = []
        self.failed = asyncio.Event()
        self.called = asyncio.Event()
        self.release = asyncio.Event()
        add_commands(self)
        self.tree.on_error = self._on_tree_error  # type: ignore[method-assign]

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identify at once: discord.py waits five seconds before it does so again."""

    async def on_guild_available(self, guild: discord.Guild) -> None:
        self.heard.put_nowait(("available", guild))

    async def on_resumed(self) -> None:
        self.heard.put_nowait(("resumed", None))

    async def on_ready(self) -> None:
        self.heard.put_nowait(("ready", None))

    async def on_message(self, message: discord.Message) -> None:
        self.heard.put_nowait(("message", message))

    async def on_guild_channel_create(self, channel: Any) -> None:
        self.heard.put_nowait(("channel", channel.name))

    async def until(self, name: str) -> Any:
        """Wait for the next event of this name; those before it are forgotten."""
        while True:
            heard, value = await self.heard.get()
            if heard == name:
                return value

    async def _on_tree_error(self, _: Any, error: app_commands.AppCommandError) -> None:
        self.note(error.__cause__ or error)

    def note(self, error: BaseException) -> None:
        self.failures.append(error)
        self.failed.set()


class Panel(discord.ui.View):
    @discord.ui.button(label="More", custom_id="more")
    async def more(self, interaction: discord.Interaction, _: Any) -> None:
        await interaction.response.edit_message(content="more", view=self)

    @discord.ui.button(label="Later", custom_id="later")
    async def later(self, interaction: discord.Interaction, _: Any) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content="later")

    @discord.ui.button(label="Nothing", custom_id="nothing")
    async def nothing(self, interaction: discord.Interaction, _: Any) -> None:
        await interaction.response.defer()

    @discord.ui.button(label="Aside", custom_id="aside", row=1)
    async def aside(self, interaction: discord.Interaction, _: Any) -> None:
        await interaction.response.defer()
        assert interaction.message is not None
        channel = interaction.client.get_partial_messageable(interaction.message.channel.id)
        await channel.get_partial_message(interaction.message.id).edit(content="aside")

    @discord.ui.button(label="Ask", custom_id="ask")
    async def ask(self, interaction: discord.Interaction, _: Any) -> None:
        await interaction.response.send_modal(Form())

    @discord.ui.button(label="Off", custom_id="off", disabled=True)
    async def off(self, interaction: discord.Interaction, _: Any) -> None:
        raise NotImplementedError

    @discord.ui.select(
        custom_id="pick",
        max_values=2,
        options=[discord.SelectOption(label=word) for word in ("red", "green", "blue")],
    )
    async def pick(self, interaction: discord.Interaction, select: Any) -> None:
        await interaction.response.send_message(" ".join(select.values), ephemeral=True)

    @discord.ui.select(cls=discord.ui.ChannelSelect, custom_id="where")
    async def where(self, interaction: discord.Interaction, select: Any) -> None:
        await interaction.response.send_message(select.values[0].name)


class Form(discord.ui.Modal, title="A form"):
    name = discord.ui.TextInput[Any](label="Name", custom_id="name", min_length=2, max_length=10)
    colour = discord.ui.Label[Any](
        text="Colour",
        component=discord.ui.Select(
            custom_id="colour", options=[discord.SelectOption(label="red")], required=False
        ),
    )

    def __init__(self) -> None:
        super().__init__(custom_id="form")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        colour = self.colour.component
        assert isinstance(colour, discord.ui.Select)
        await interaction.response.send_message(f"hello {self.name.value} {colour.values}")


class Layout(discord.ui.LayoutView):
    def __init__(self) -> None:
        super().__init__()
        gallery = discord.ui.MediaGallery(discord.MediaGalleryItem("attachment://chart.png"))
        row = discord.ui.ActionRow(discord.ui.Button(label="Open", url="https://example.com/"))
        text = discord.ui.TextDisplay("# Likes")
        self.add_item(discord.ui.Container(text, discord.ui.Separator(), gallery, row))


def add_commands(bot: SampleBot) -> None:
    tree = bot.tree

    @tree.command(description="Answer at once")
    async def hello(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("hello", view=Panel())

    @tree.command(description="Answer for you alone")
    async def whisper(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("psst", ephemeral=True)

    @tree.command(description="Answer after a while, and then some more")
    async def slow(interaction: discord.Interaction, *, hidden: bool = False) -> None:
        await interaction.response.defer(ephemeral=hidden, thinking=True)
        await bot.release.wait()
        await interaction.edit_original_response(content="done")
        await interaction.followup.send("and more", ephemeral=True)

    @tree.command(description="Answer after a while by a follow-up")
    async def follow(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.followup.send("here it is")
        first = await interaction.original_response()
        second = await interaction.followup.send("second", wait=True)
        await second.edit(content=f"after {first.content}")
        third = await interaction.followup.send("third", wait=True)
        await third.delete()

    @tree.command(description="Say nothing")
    async def silent(_: discord.Interaction) -> None:
        bot.called.set()

    @tree.command(description="Answer twice")
    async def twice(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("once")
        path = f"/interactions/{interaction.id}/{interaction.token}/callback"
        route = discord.http.Route("POST", path)
        again = {"type": 4, "data": {"content": "twice"}}
        await interaction.client.http.request(route, json=again)

    @tree.command(description="Show a picture")
    async def chart(interaction: discord.Interaction) -> None:
        file = discord.File(io.BytesIO(PNG), "chart.png")
        await interaction.response.send_message(view=Layout(), file=file)

    @tree.command(description="Say too much")
    async def flood(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("x" * 2001)

    @tree.command(description="For admins")
    @app_commands.default_permissions(manage_guild=True)
    async def manage(interaction: discord.Interaction) -> None:
        held = interaction.permissions.manage_guild, interaction.app_permissions.send_messages
        await interaction.response.send_message(f"{held}")

    tree.add_command(_watch_group())
    _add_options(bot)
    _add_menus(tree)


def _watch_group() -> app_commands.Group:
    group = app_commands.Group(name="watch", description="Watches")
    inner = app_commands.Group(name="rule", description="Rules", parent=group)

    @group.command(description="Watch a post")
    async def add(interaction: discord.Interaction, post: str) -> None:
        await interaction.response.send_message(f"watching {post}")

    @inner.command(description="Set a rule")
    async def set(interaction: discord.Interaction, level: int) -> None:  # noqa: A001 - its name
        await interaction.response.send_message(f"level {level}")

    return group


def _add_options(bot: SampleBot) -> None:
    tree = bot.tree

    @tree.command(description="Take one of everything")
    @app_commands.choices(size=[app_commands.Choice(name="Big", value=10)])
    async def options(
        interaction: discord.Interaction,
        *,
        text: app_commands.Range[str, 2, 5],
        number: app_commands.Range[int, 1, 9],
        flag: bool,
        member: discord.Member,
        channel: discord.TextChannel,
        role: discord.Role,
        anyone: discord.Member | discord.Role,
        ratio: float,
        file: discord.Attachment,
        size: int = 1,
    ) -> None:
        content = (await file.read()).decode()
        said = [text, number, flag, member.name, channel.name, role.name, anyone.name, ratio]
        await interaction.response.send_message(f"{[*said, content, size]}")

    @tree.command(description="Complete what is typed")
    async def complete(interaction: discord.Interaction, count: int, word: str) -> None:
        await interaction.response.send_message(f"{count} {word}")

    @complete.autocomplete("word")
    async def words(
        interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        wanted = 26 if current == "many" else interaction.namespace.count
        choices = [app_commands.Choice(name=f"{current}{n}", value=str(n)) for n in range(wanted)]
        try:
            await interaction.response.autocomplete(choices)
        except discord.HTTPException as error:
            bot.note(error)
            raise
        return choices


def _add_menus(tree: app_commands.CommandTree[SampleBot]) -> None:
    @tree.context_menu(name="Show likes")
    async def show(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"likes of {message.content}", ephemeral=True)

    @tree.context_menu(name="Who is this")
    async def who(interaction: discord.Interaction, member: discord.Member) -> None:
        await interaction.response.send_message(f"{member.display_name}", ephemeral=True)


@asynccontextmanager
async def running(bot: SampleBot, token: str) -> AsyncIterator[None]:
    async with bot:
        task = asyncio.create_task(bot.start(token))
        try:
            ready = asyncio.create_task(bot.until("ready"))
            await asyncio.wait({task, ready}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                ready.cancel()
                task.result()
            yield
        finally:
            await bot.close()
            await asyncio.gather(task, return_exceptions=True)

"""A small discord.py bot whose answers use every part of the page."""

import asyncio
import io

import discord
from discord import app_commands, ui

FRUITS = ("apple", "apricot", "banana", "cherry")
PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f"
    b"\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x56\xc7\x2f"
    b"\x0d\x00\x00\x00\x00IEND\xaeB`\x82"
)
Asked = discord.Interaction[discord.Client]


class Feedback(ui.Modal, title="Feedback"):
    subject: ui.TextInput["Feedback"] = ui.TextInput(label="Subject", max_length=40)
    more: ui.TextInput["Feedback"] = ui.TextInput(
        label="More", style=discord.TextStyle.paragraph, required=False
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"Thanks for *{self.subject.value}*")


class Controls(ui.View):
    """Buttons and selects; the counter edits its own message."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.count = 0
        self.add_item(ui.Button(label="Docs", url="https://example.com/docs"))
        self.add_item(ui.Button(label="Not now", disabled=True, custom_id="never"))

    @ui.button(label="Count", style=discord.ButtonStyle.primary, custom_id="count")
    async def add_one(self, interaction: Asked, _: ui.Button["Controls"]) -> None:
        self.count += 1
        await interaction.response.edit_message(content=f"Counted to {self.count}")

    @ui.button(label="Feedback", custom_id="feedback")
    async def ask(self, interaction: Asked, _: ui.Button["Controls"]) -> None:
        await interaction.response.send_modal(Feedback())

    @ui.select(
        placeholder="Choose a fruit",
        custom_id="fruit",
        options=[discord.SelectOption(label=fruit, description="a fruit") for fruit in FRUITS],
    )
    async def choose(self, interaction: Asked, select: ui.Select["Controls"]) -> None:
        await interaction.response.send_message(f"You chose {select.values[0]}", ephemeral=True)

    @ui.select(
        cls=ui.UserSelect,
        placeholder="Choose people",
        custom_id="people",
        min_values=1,
        max_values=2,
    )
    async def gather(self, interaction: Asked, select: ui.UserSelect["Controls"]) -> None:
        names = " and ".join(sorted(user.display_name for user in select.values))
        await interaction.response.send_message(f"Gathered {names}")


def layout() -> ui.LayoutView:
    """Return a message of Components V2."""
    view = ui.LayoutView(timeout=None)
    view.add_item(
        ui.Container(
            ui.Section(
                "### 3 new likes",
                "**Ann**, **Bob** and **Cid** like [a post](https://example.com/post)",
                accessory=ui.Thumbnail("attachment://pixel.png", description="A pixel"),
            ),
            ui.Separator(),
            ui.MediaGallery(
                discord.MediaGalleryItem("attachment://pixel.png", description="Shown"),
                discord.MediaGalleryItem("attachment://pixel.png", spoiler=True),
            ),
            ui.TextDisplay("-# 27 likes"),
            accent_color=discord.Color(0x6AD4C5),
        )
    )
    return view


class SmallBot(discord.Client):
    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.default(), guild_ready_timeout=0.2)
        self.tree = app_commands.CommandTree(self)
        self.may_answer = asyncio.Event()
        """What /slow waits for."""
        _add_commands(self)
        _add_what_the_hint_names(self)

    async def setup_hook(self) -> None:
        await self.tree.sync()


def _add_commands(bot: SmallBot) -> None:
    fruit = app_commands.Group(name="fruit", description="All about fruit")
    bot.tree.add_command(fruit)

    @fruit.command(name="eat", description="Eat a fruit")
    @app_commands.describe(name="Which fruit", times="How often", where="In which channel")
    async def eat(
        interaction: discord.Interaction,
        name: str,
        times: app_commands.Range[int, 1, 9] | None = None,
        where: discord.TextChannel | None = None,
    ) -> None:
        place = where.mention if where else "here"
        await interaction.response.send_message(f"Ate **{name}** {times or 1} times in {place}")

    @eat.autocomplete("name")
    async def fruits(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        fitting = (each for each in FRUITS if typed.lower() in each)
        return [app_commands.Choice(name=f"The {each}", value=each) for each in fitting]

    @bot.tree.command(name="controls", description="Show buttons and selects")
    async def controls(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("Press something", view=Controls())

    @bot.tree.command(name="layout", description="Show a message of Components V2")
    async def show_layout(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(view=layout(), file=_pixel())

    @bot.tree.command(name="embed", description="Show an embed")
    async def show_embed(interaction: discord.Interaction) -> None:
        embed = discord.Embed(
            title="Likers", description="<script>alert(1)</script>", color=0xFF7A88
        )
        embed.add_field(name="Likes", value="24").add_field(name="Reposts", value="4")
        embed.set_footer(text="page 1 of 3").set_thumbnail(url="attachment://pixel.png")
        embed.set_image(url="https://pictures.example.com/elsewhere.png")
        await interaction.response.send_message(embed=embed, file=_pixel())

    @bot.tree.command(name="secret", description="Answer for one pair of eyes")
    async def secret(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("The cake is in the fridge", ephemeral=True)

    @bot.tree.command(name="slow", description="Take some time")
    async def slow(interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        await bot.may_answer.wait()
        await interaction.followup.send("Here at last")

    @bot.tree.command(name="manage", description="For those who manage the server")
    @app_commands.default_permissions(manage_guild=True)
    async def manage(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("Managed")

    @bot.tree.context_menu(name="Count words")
    async def count_words(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"{len(message.content.split())} words")


def _add_what_the_hint_names(bot: SmallBot) -> None:
    watch = app_commands.Group(name="watch", description="What the hint has a visitor try")
    bot.tree.add_command(watch)

    @watch.command(name="add", description="Watch a post")
    async def watch_post(interaction: discord.Interaction, post: str) -> None:
        await interaction.response.send_message(f"Watching {post}")


def _pixel() -> discord.File:
    return discord.File(io.BytesIO(PIXEL), filename="pixel.png")

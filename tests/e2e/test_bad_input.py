"""What cannot be done is told in one clear sentence, and changes nothing."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from sandbox.x.world.rows import Post
from tests.e2e import state
from tests.e2e.harness import GRACE, GUILD, LIKES, STAFF, NotOfferedError, Scene, address

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOT_A_POST = (
    "I can't find an X post in that. Paste its link, such as "
    "`https://x.com/name/status/1354143047324299264`, or the number at its end."
)
NO_SUCH_POST = "X has no such post: it was deleted, or the ID is wrong."
NOT_SHOWN = "X does not show this post: its author's posts are protected, or it is withheld."
NO_SUCH_WATCH = "I can't find that watch. Pick one from the list as you type."
NOT_A_USERNAME = (
    "I can't find an X user in that. Give a username, such as `@TwitterDev`, or the link of a "
    "profile or of one of their posts."
)
NO_POSTS = (
    "https://example.com/TwitterDev/status/1354143047324299264",
    "https://x.com/TwitterDev",
    "13541430473242992641",
    "9999999999999999999",
    "0",
    "½",
    "@everyone",
)
TAKES_A_POST = ("like", "unlike", "post", "likers", "watch add")
READS_A_POST = ("post", "likers", "watch add")


@asynccontextmanager
async def nothing_changes(scene: Scene) -> AsyncIterator[None]:
    world = scene.stage.x.world
    before = await state.stored(scene.database_url), state.likes_on_x(world)
    yield
    assert (await state.stored(scene.database_url), state.likes_on_x(world)) == before


async def refused(scene: Scene, command: str, sentence: str, **options: str) -> None:
    """See that the member alone is told this sentence, and nothing else."""
    async with nothing_changes(scene):
        answer = await scene.command(command, **options)
    assert answer.message.texts == [sentence]
    assert answer.private


def options_for(command: str, post: str) -> dict[str, str]:
    return {"post": post, "channel": LIKES} if command == "watch add" else {"post": post}


async def charges(scene: Scene) -> str:
    return str((await scene.x("GET", "/charges"))["total_usd"])


@pytest.mark.parametrize("command", TAKES_A_POST)
async def test_what_is_no_post_costs_nothing(scene: Scene, command: str) -> None:
    before = await charges(scene)

    async with nothing_changes(scene):
        for ref in NO_POSTS:
            answer = await scene.command(command, **options_for(command, ref))
            assert (answer.message.texts, answer.private) == ([NOT_A_POST], True), ref
            assert await charges(scene) == before, ref


def deleted(scene: Scene) -> Post:
    post = scene.post("About to go", likes=2)
    scene.stage.x.world.delete_post(post)
    return post


def of_a_protected_author(scene: Scene) -> Post:
    return scene.post("For friends", author_id=str(scene.person(protected=True).id), likes=2)


@pytest.mark.parametrize(
    ("make", "sentence"), [(deleted, NO_SUCH_POST), (of_a_protected_author, NOT_SHOWN)]
)
@pytest.mark.parametrize("command", ["like", *READS_A_POST])
async def test_a_post_that_x_does_not_show(
    scene: Scene, command: str, make: Callable[[Scene], Post], sentence: str
) -> None:
    await scene.x("POST", "/settings", {"liking": "allowed"})
    post = make(scene)

    await refused(scene, command, sentence, **options_for(command, address(post)))


@pytest.mark.parametrize("command", ["liked", "watch account"])
async def test_a_user_that_x_does_not_have(scene: Scene, command: str) -> None:
    sentence = "X has no user `@nobody_at_all`. Check the spelling."
    where = {"channel": LIKES} if command == "watch account" else {}

    await refused(scene, command, sentence, user="@nobody_at_all", **where)


async def test_what_is_no_username(scene: Scene) -> None:
    async with nothing_changes(scene):
        for name in ("not a name", "sixteen_letters_", " ", "@", "../me"):
            answer = await scene.command("liked", user=name)
            assert (answer.message.texts, answer.private) == ([NOT_A_USERNAME], True), name


@pytest.mark.parametrize("command", ["watch add", "config channel", "config alerts"])
@pytest.mark.parametrize(
    ("denied", "missing"),
    [("SEND_MESSAGES", "Send Messages"), ("VIEW_CHANNEL", "View Channel")],
)
async def test_a_channel_that_the_bot_may_not_write_in(
    scene: Scene, command: str, denied: str, missing: str
) -> None:
    channel_id = await scene.new_channel(deny=[denied])
    post = {"post": str(scene.post().id)} if command == "watch add" else {}
    sentence = (
        f"I can't post in <#{channel_id}>. Give me the permission “{missing}” there, "
        "or choose another channel."
    )

    await refused(scene, command, sentence, channel=channel_id, **post)


async def test_the_seeded_channel_for_staff_is_refused(scene: Scene) -> None:
    async with nothing_changes(scene):
        answer = await scene.command("config channel", channel=STAFF)

    assert answer.text.startswith(f"I can't post in <#{STAFF}>.")


async def test_no_channel_to_announce_in(scene: Scene) -> None:
    sentence = (
        "There is no channel to announce in yet. Name one in the command, or choose one "
        "with `/config channel`."
    )

    await refused(scene, "watch add", sentence, post=str(scene.post().id))


async def test_a_watch_that_does_not_exist(scene: Scene) -> None:
    async with nothing_changes(scene):
        for value in ("999999", "9" * 30, "-1", "²", "everything", "1 OR 1=1"):
            answer = await scene.command("watch remove", watch=value)
            assert (answer.message.texts, answer.private) == ([NO_SUCH_WATCH], True), value


ADMIN_COMMANDS = {
    "watch add": {"post": "1354143047324299264", "channel": LIKES},
    "watch list": {},
    "watch remove": {"watch": "1"},
    "config channel": {"channel": LIKES},
    "config like-role": {},
    "config budget": {"usd": "5"},
    "config ask-above": {},
    "config show": {},
    "status": {},
    "usage": {},
}


async def test_a_plain_member_is_not_offered_admin_commands(scene: Scene) -> None:
    offered = []
    async with nothing_changes(scene):
        for command, options in ADMIN_COMMANDS.items():
            with suppress(NotOfferedError):
                await scene.command(command, by=GRACE, **options)
                offered.append(command)
    assert offered == []


async def test_a_plain_member_is_refused_where_the_server_opened_the_commands(
    scene: Scene,
) -> None:
    """A server may override who is offered a command; the bot does not rely on the offer."""
    async with open_to_everyone(scene), nothing_changes(scene):
        answers = [
            await scene.command(command, by=GRACE, **options)
            for command, options in ADMIN_COMMANDS.items()
        ]
        choices = await scene.autocomplete("watch remove", "watch", by=GRACE)

    assert {answer.text for answer in answers} == {
        "You need the permission “Manage Server” for this."
    }
    assert all(answer.private for answer in answers)
    assert choices == {}


@asynccontextmanager
async def open_to_everyone(scene: Scene) -> AsyncIterator[None]:
    """Offer every command to every member for a while."""
    application_id = scene.stage.discord.application_id
    commands = f"/api/v10/applications/{application_id}/guilds/{GUILD}/commands"
    headers = {"Authorization": f"Bot {scene.stage.discord.token}"}
    async with scene.http.get(commands, headers=headers) as response:
        registered = await response.json()

    async def change(**needed: str | None) -> None:
        for command in registered:
            url, name = f"{commands}/{command['id']}", "default_member_permissions"
            body = {name: needed.get(name, command[name])}
            async with scene.http.patch(url, json=body, headers=headers) as response:
                assert response.status == 200

    await change(default_member_permissions=None)
    yield
    await change()

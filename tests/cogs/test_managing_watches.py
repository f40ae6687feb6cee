"""A watch is paused, resumed, changed, tested and shown: what Discord sees of it."""

from dataclasses import replace
from typing import Any

import pytest

from bot.chat.buttons.announced import _told_page
from bot.domain import (
    AnnouncementType,
    GuildConfig,
    LikerFilter,
    LikersPage,
    Mention,
    PastAnnouncement,
    ToldPage,
    UsersPage,
    Watch,
    WatchHistory,
    WatchRef,
)
from bot.domain.errors import (
    NoLongerTold,
    OnlyForAccounts,
    OwnAccountNeeded,
)
from bot.domain.languages import Language
from bot.domain.new_posts import PostFilter
from bot.domain.styles import WatchStyle
from bot.domain.when import When
from tests.cases import in_turn
from tests.chat import samples
from tests.chat.connected import Script
from tests.chat.rules import buttons, check, shown
from tests.sandbox.discord.server import GRACE, LIKES, STAFF, Server
from tests.sandbox.discord.test_interactions import GUILD

pytestmark = pytest.mark.usefixtures("client")
TAKE_A_WATCH = (
    "pause", "resume", "edit", "test", "show", "remove", "mention", "filter", "words", "posts",
)  # fmt: skip
WATCH = replace(samples.watch(5), channel_id=int(LIKES), label="Launch")


def _text(result: dict[str, Any]) -> str:
    return str(result["messages"])


@pytest.fixture(autouse=True)
def _there(script: Script) -> None:
    script.answers["watches.everything"] = (WATCH,)
    script.answers["managed.get"] = WATCH


async def test_pause_says_that_there_is_no_news_and_resume_that_it_stays_silent(
    discord_server: Server, script: Script
) -> None:
    script.answers["managed.pause"] = script.answers["managed.resume"] = WATCH
    paused = await discord_server.ask("watch pause", {"watch": "launch"})
    resumed = await discord_server.ask("watch resume", {"watch": "launch"})

    assert "Paused: Launch" in _text(paused)
    assert "ask X nothing" in _text(paused)
    assert "What happened while it was paused is not announced." in _text(resumed)
    assert ("managed.pause", int(GUILD), WatchRef(5)) in script.calls


@in_turn(
    "watches, said",
    [((), "can't find that watch"), ((WATCH, replace(WATCH, id=6)), "2 watches fit that")],
)
@in_turn("command", TAKE_A_WATCH)
async def test_what_is_no_watch_is_said_so(
    discord_server: Server, script: Script, command: str, watches: tuple[Watch, ...], said: str
) -> None:
    script.answers["watches.everything"] = watches
    assert said in _text(await discord_server.ask(f"watch {command}", {"watch": "launch"}))


@in_turn(
    "typed, meant",
    [
        ("5", WatchRef(5)),
        ("launch DAY", WatchRef(5)),
        ("https://x.com/a/status/5", WatchRef(5)),
        (f" <#{LIKES}> ", WatchRef(5)),
        ("#likes", WatchRef(5)),
        # One watch is called so, and another's label only begins so.
        ("launch", WatchRef(6)),
        ("account-9", WatchRef(9, account=True)),
        ("press", WatchRef(9, account=True)),
        # Posts have authors of that name, too.
        ("@TwitterDev", WatchRef(9, account=True)),
        ("twitterdev: new", WatchRef(9, account=True)),
        *((wrong, None) for wrong in ("-1", "9" * 30, "²", "account-99", "account-", "<#5>")),
    ],
)
async def test_a_watch_is_found_by_what_it_is_called(
    discord_server: Server, script: Script, typed: str, meant: WatchRef | None
) -> None:
    script.calls.clear()
    user = samples.user(3, "Twitter", username="TwitterDev")
    script.answers["watches.everything"] = (
        replace(samples.account_watch(9), user=user, label="Press"),
        replace(WATCH, label="Launch day"),
        replace(samples.watch(6), label="Launch"),
    )
    script.answers["managed.pause"] = WATCH
    said = _text(await discord_server.ask("watch pause", {"watch": typed}))
    if meant is None:
        assert "can't find that watch" in said
        assert "managed.pause" not in [name for name, *_ in script.calls]
    else:
        assert script.calls[-1] == ("managed.pause", int(GUILD), meant)


async def test_what_watches_are_called_comes_first_in_the_list(
    discord_server: Server, script: Script
) -> None:
    press = replace(samples.account_watch(9), label="Press")
    script.answers["watches.everything"] = (press, WATCH)
    listed = _text(await discord_server.ask("watch list"))
    assert f"<#{press.channel_id}> Press (new posts of [@" in listed
    assert f"<#{LIKES}> Launch ([a post](" in listed


async def test_edit_shows_a_watch_as_it_is_and_takes_what_is_sent(
    discord_server: Server, script: Script
) -> None:
    script.answers["managed.edit"] = replace(WATCH, style=WatchStyle.MILESTONES)
    opened = await discord_server.ask("watch edit", {"watch": "5"})
    modal = opened["modal"]
    fields = {each["component"]["custom_id"]: each["component"] for each in modal["components"]}
    assert fields["label"]["value"] == "Launch"
    assert str(fields["channel"]["default_values"][0]["id"]) == LIKES

    values = {
        "channel": [LIKES],
        "style": ["milestones"],
        "when": "10, 50; goal 100",
        "label": "",
        "also": ["unlikes"],
    }
    sent = await _hand_in(discord_server, opened, values)
    assert "Saved: " in _text(sent)
    *_, (name, _, watch_id, changes) = script.calls
    assert (name, watch_id) == ("managed.edit", 5)
    assert changes.channel_id == int(LIKES)
    assert (changes.style, changes.label, changes.unlikes) == (WatchStyle.MILESTONES, None, True)
    assert changes.when == When((10, 50), 100)

    wrong = {**values, "when": "soon"}
    opened = await discord_server.ask("watch edit", {"watch": "5"})
    sent = await _hand_in(discord_server, opened, wrong)
    assert "I can't read when to tell" in _text(sent)


async def _hand_in(server: Server, opened: Any, values: dict[str, Any]) -> Any:
    modal = {"custom_id": opened["modal"]["custom_id"], "values": values}
    return await server.interact(modal=modal)


@pytest.mark.parametrize("style", list(WatchStyle))
async def test_a_test_is_sent_and_marked_as_one(
    discord_server: Server, script: Script, style: WatchStyle
) -> None:
    script.answers["config.show"] = GuildConfig(int(GUILD), style=style)
    answer = await discord_server.ask("watch test", {"watch": "5"})
    assert "A test announcement is in" in _text(answer)
    (message,) = await discord_server.read(LIKES)
    said = str(message["components"])
    assert "This is a test." in said
    assert "liked a post by [@TwitterDev]" in said


async def test_where_nobody_may_write_there_is_no_test(
    discord_server: Server, script: Script
) -> None:
    script.answers["watches.everything"] = (replace(WATCH, channel_id=int(STAFF)),)
    answer = await discord_server.ask("watch test", {"watch": "5"})
    assert "I can't post in" in _text(answer)


async def test_show_tells_what_was_announced_last(discord_server: Server, script: Script) -> None:
    past = (
        PastAnnouncement(samples.NOW, 3, is_told=True),
        PastAnnouncement(samples.NOW, 1, is_told=True, taken_back=True),
        PastAnnouncement(samples.NOW, 0, is_told=False, is_notice=True),
    )
    script.answers["managed.history"] = WatchHistory(WATCH, 7, past, waiting=2)
    seen = _text(await discord_server.ask("watch show", {"watch": "5"}))
    for said in (
        "2 likes waiting",
        "3 new likes",
        "1 like taken back",
        "a notice, refused by Discord",
        "<@7>",
    ):
        assert said in seen
    script.answers["managed.history"] = WatchHistory(WATCH, 0, (), waiting=0)
    assert "Nothing has been announced yet." in _text(
        await discord_server.ask("watch show", {"watch": "5"})
    )


async def test_how_and_when_a_server_is_told_is_saved(
    discord_server: Server, script: Script
) -> None:
    quiet = GuildConfig(int(GUILD), quiet=(22 * 60, 7 * 60), time_zone="Europe/Berlin")
    script.answers["config.set_quiet_hours"] = quiet
    asked = {"begin": "22:00", "end": "7:00", "time-zone": "europe/berlin"}
    saved = await discord_server.ask("config quiet-hours", asked)
    assert "22:00 to 07:00, Europe/Berlin" in _text(saved)
    last = ("config.set_quiet_hours", int(GUILD), (22 * 60, 7 * 60), "Europe/Berlin")
    assert script.calls[-1] == last

    wrong = await discord_server.ask("config quiet-hours", {"begin": "22:00"})
    assert "I can't read these quiet hours." in _text(wrong)
    wrong = await discord_server.ask("config quiet-hours", {"time-zone": "europe/berln"})
    assert "I don't know that time zone. Did you mean `Europe/Berlin`" in _text(wrong)
    typed = {"command": "config quiet-hours", "options": {"time-zone": "berl"}}
    offered = await discord_server.interact(autocomplete={**typed, "focused": "time-zone"})
    assert [each["value"] for each in offered["choices"]] == ["Europe/Berlin"]

    script.answers["config.set_style"] = GuildConfig(int(GUILD), style=WatchStyle.DIGEST)
    saved = await discord_server.ask("config style", {"style": "digest"})
    assert "digest: one message an hour, or a day" in _text(saved)

    script.answers["config.set_language"] = GuildConfig(int(GUILD), language=Language.FRENCH)
    saved = await discord_server.ask("config language", {"language": "fr"})
    assert "Saved. **Language** Français" in _text(saved)
    assert script.calls[-1] == ("config.set_language", int(GUILD), Language.FRENCH)


# The buttons below an announcement


async def _press(server: Server, label_or_id: str, message: dict[str, Any]) -> dict[str, Any]:
    pressed = {"message_id": message["id"], "custom_id": label_or_id}
    return await server.interact(component=pressed, channel_id=LIKES, user_id=GRACE)


@pytest.fixture
async def message(discord_server: Server) -> dict[str, Any]:
    """Return a test announcement, whose buttons are those of every other."""
    await discord_server.ask("watch test", {"watch": "5"})
    (found,) = await discord_server.read(LIKES)
    return found


async def test_like_leads_whoever_has_no_account_to_x(
    discord_server: Server, script: Script, message: dict[str, Any]
) -> None:
    script.answers["likes.like_as_themselves"] = OwnAccountNeeded()
    answer = await _press(discord_server, "like:5:test", message)
    assert "https://x.com/intent/like?tweet_id=5" in _text(answer)
    assert "You haven't linked an X account here." in _text(answer)


async def test_the_list_of_those_who_were_told_of_turns_pages() -> None:
    """The cards of it; who may see what is held by the service's own tests."""
    users = tuple(samples.user(number, f"Person {number}") for number in range(20))
    first = ToldPage(samples.post(), users, 0, 0, 45)
    card = _told_page(first, AnnouncementType.LIKES, "k" * 16)
    check(card)
    assert "1 to 20 of 45 likes" in shown(card)
    assert [each["label"] for each in buttons(card)] == ["Next", "Everyone who liked"]
    last = _told_page(replace(first, page=2, before=40), AnnouncementType.LEFT, "k" * 16)
    check(last)
    assert [each["label"] for each in buttons(last)] == ["Previous", "Everyone who liked"]
    assert str(NoLongerTold()).startswith("I no longer have the names")


async def _choose(server: Server, value: str, **more: Any) -> dict[str, Any]:
    (card,) = await server.read(LIKES)
    chosen = {"message_id": card["id"], "custom_id": "manage:5:test", "values": [value]}
    answer: dict[str, Any] = await server.interact(component=chosen, channel_id=LIKES, **more)
    return answer


async def test_managers_choose_below_a_card_what_becomes_of_its_watch(
    discord_server: Server, script: Script
) -> None:
    script.answers["config.show"] = GuildConfig(int(GUILD), style=WatchStyle.CARD)
    await discord_server.ask("watch test", {"watch": "5"})
    script.answers["managed.pause"] = script.answers["managed.resume"] = WATCH
    script.answers["watches.remove"] = WATCH
    script.answers["managed.history"] = WatchHistory(WATCH, 7, (), waiting=0)
    for value, said in (
        ("pause", "Paused: "),
        ("resume", "Resumed: "),
        ("stop", "No longer watching"),
        ("show", "Nothing has been announced yet."),
    ):
        assert said in _text(await _choose(discord_server, value))
    opened = await _choose(discord_server, "edit")
    assert opened["modal"]["title"] == "Edit the watch"
    refused = await _choose(discord_server, "stop", user_id=GRACE)
    assert "You need the permission" in _text(refused)


async def test_managers_find_the_same_below_the_list_of_those_who_liked(
    discord_server: Server, script: Script, message: dict[str, Any]
) -> None:
    script.answers["lookup.likers"] = LikersPage(samples.post(5), UsersPage((samples.user(),)))
    script.answers["told.watch_of"] = 5
    pressed = {"message_id": message["id"], "custom_id": "likers:5::test"}
    seen = await discord_server.interact(component=pressed, channel_id=LIKES)
    assert "manage:5:" in _text(seen)
    assert "manage:5:" not in _text(await _press(discord_server, "likers:5::test", message))


async def test_a_role_that_nobody_would_hear_of_is_refused(
    discord_server: Server, script: Script
) -> None:
    script.answers["managed.set_mention"] = replace(WATCH, mention=Mention(7, 3_600))
    roles = (await discord_server.control("GET", "/world")).body["guilds"][0]["roles"]
    role = next(each for each in roles if each["id"] != GUILD and not each.get("mentionable"))
    answer = await discord_server.ask("watch mention", {"watch": "5", "role": role["id"]})
    refused = "I may not mention" in _text(answer)
    assert refused is not any(name == "managed.set_mention" for name, *_ in script.calls)
    everyone = await discord_server.ask("watch mention", {"watch": "5", "role": str(GUILD)})
    assert "I never mention everyone" in _text(everyone)
    nobody = await discord_server.ask("watch mention", {"watch": "5"})
    assert "mentions <@&7> at most every 60 minutes" in _text(nobody)
    assert script.calls[-1] == ("managed.set_mention", int(GUILD), WatchRef(5), None)


async def test_whom_the_posts_of_an_account_mention_is_saved(
    discord_server: Server, script: Script
) -> None:
    account = samples.account_watch(9)
    script.answers["watches.everything"] = (account, WATCH)
    for mention, said in (
        (Mention(7, 600), "Each message mentions <@&7> at most every 10 minutes"),
        (None, "I mention nobody"),
    ):
        script.answers["managed.set_mention"] = replace(account, mention=mention)
        answer = _text(await discord_server.ask("watch mention", {"watch": "account-9"}))
        assert said in answer
        assert "for the posts that are watched now, too" in answer
    ref = WatchRef(9, account=True)
    assert script.calls[-1] == ("managed.set_mention", int(GUILD), ref, None)


async def test_a_filter_is_saved_and_said(discord_server: Server, script: Script) -> None:
    named = LikerFilter(only_verified=True, least_followers=10_000)
    script.answers["managed.set_filter"] = replace(WATCH, named=named)
    asked = {"watch": "5", "verified": "true", "followers": "10000"}
    answer = await discord_server.ask("watch filter", asked)
    assert "names only likers who are verified, from 10,000 followers on" in _text(answer)
    assert script.calls[-1] == ("managed.set_filter", int(GUILD), WatchRef(5), named)


async def test_own_words_are_checked_and_previewed(discord_server: Server, script: Script) -> None:
    own = "{names} love {post} @everyone"
    script.answers["managed.set_template"] = replace(WATCH, template=own)
    answer = await discord_server.ask("watch words", {"watch": "5", "text": own})
    assert "A new like looks like this" in _text(answer)
    assert "([@X](https://x.com/X)) love [Hello, X](https://x.com" in _text(answer)
    for wrong in ("no field", "{names!r}", "{names:>9}", "{0}", "{names", "{names.x}", "{post}"):
        refused = await discord_server.ask("watch words", {"watch": "5", "text": wrong})
        assert "I can't use that text" in _text(refused)


async def test_which_posts_of_an_account_are_announced_is_saved(
    discord_server: Server, script: Script
) -> None:
    wanted = PostFilter(words=("release", "new era"), without=("beta",), only_media=True)
    account = replace(samples.account_watch(9), wanted=wanted, announces=True)
    script.answers["watches.everything"] = (account, WATCH)
    script.answers["managed.set_posts"] = account
    asked = {
        "watch": "account-9",
        "words": " release,  new   era ,",
        "without": "beta",
        "only-media": "true",
        "threads": "true",
    }
    saved = _text(await discord_server.ask("watch posts", asked))
    assert "**Announced when they appear** yes" in saved
    assert "**With one of** release, new era" in saved
    last = ("managed.set_posts", int(GUILD), WatchRef(9, account=True), wanted, True, True)
    assert script.calls[-1] == last

    script.answers["managed.set_posts"] = OnlyForAccounts()
    refused = await discord_server.ask("watch posts", {"watch": "5"})
    assert "`/watch account` adds one" in _text(refused)
    for command in ("edit", "test"):
        refused = await discord_server.ask(f"watch {command}", {"watch": "account-9"})
        assert "That works only for a watch of a post" in _text(refused)

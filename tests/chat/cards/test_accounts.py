"""Cards about accounts, the log of likes, and what X allows: they fit, and say what they must."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.buttons.accounts import ForGood, ForGoodButton, PinButton
from bot.chat.buttons.audit import audit_page
from bot.chat.cards import accounts
from bot.chat.cards.config import config_card
from bot.chat.cards.status import status_card
from bot.domain import (
    Abilities,
    Ability,
    AccountStatus,
    Action,
    ActionOutcome,
    ActionsPage,
    Forgotten,
    GuildConfig,
    LinkedAccount,
    LinkStart,
    Status,
    Unlinked,
    Verdict,
    VerdictKind,
)
from bot.domain.accounts import AccountUse, Served, ServedGuild
from tests.cases import in_turn
from tests.chat import drawn, samples
from tests.chat.drawn.parts import AT, ID, made, numbers
from tests.chat.rules import check, shown

ALLOWED = Ability(allowed=True, tried_at=samples.NOW)
REFUSED = Ability(allowed=False, tried_at=samples.NOW)
NOTHING_TRIED = Abilities()
READ_ONLY = Ability(allowed=False, tried_at=samples.NOW, problem="oauth1-permissions")
ONCE = Ability(allowed=False, tried_at=samples.NOW, problem="client-forbidden", confirmed=False)
actions = made(
    Action,
    numbers,
    id=[ID],
    at=[AT],
    member_id=[ID],
    account=drawn.usernames,
    action=["like", "unlike", "*"],
    post_id=[ID],
    outcome=list(ActionOutcome),
)
pages = st.builds(
    ActionsPage,
    actions=st.lists(actions, max_size=10).map(tuple),
    before=st.one_of(st.none(), drawn.ids),
    after=st.one_of(st.none(), drawn.ids),
)
tried = st.one_of(st.none(), st.builds(Ability, allowed=st.booleans(), tried_at=drawn.moments))


@given(pages)
def test_any_page_of_the_log_fits(page: ActionsPage) -> None:
    check(audit_page(page))


def test_the_log_says_which_of_the_two_x_refused() -> None:
    of_like = Action(2, samples.NOW, 7, "a", "like", 20, ActionOutcome.NOT_IN_PLAN)
    of_unlike = Action(1, samples.NOW, 7, "a", "unlike", 20, ActionOutcome.NOT_IN_PLAN)
    told = shown(audit_page(ActionsPage((of_like, of_unlike))))
    assert told.count("X does not let this app like") == 1
    assert told.count("X does not let this app take likes back") == 1


@given(
    st.builds(
        AccountStatus,
        username=drawn.usernames,
        ways=st.just(("OAuth 2.0",)),
        scopes=st.lists(drawn.awkward, max_size=6).map(tuple),
        linked_at=drawn.moments,
        accepted=st.booleans(),
        liking=st.sampled_from([None, True, False]),
    ),
    st.lists(st.text(min_size=1), max_size=30),
)
def test_any_account_fits(status: AccountStatus, names: list[str]) -> None:
    guilds = tuple(ServedGuild(number, samples.NOW) for number in range(len(names)))
    uses = tuple(AccountUse(guild.guild_id, "/likers", 10**9) for guild in guilds)
    check(accounts.account_card(status, Served(guilds, uses), dict(enumerate(names))))


@given(drawn.usernames, st.integers(0, 10**6))
def test_any_end_fits(username: str, count: int) -> None:
    check(accounts.linked_card(LinkedAccount(1, username)))
    check(accounts.unlink_question_card(username, ForGoodButton(ForGood.UNLINK)))
    check(accounts.unlinked_card(Unlinked(username, revoked=True)))
    check(accounts.unlinked_card(Unlinked(username, revoked=False)))
    check(accounts.forget_question_card(ForGoodButton(ForGood.FORGET)))
    check(accounts.forgotten_card(Forgotten(username, count)))
    check(accounts.link_over_card())


def test_a_link_fits() -> None:
    start = LinkStart("k" * 32, "https://a.example/?link=k", "https://b.example/", samples.NOW)
    check(accounts.link_card(start, PinButton(start.key), "@everyone **x**" * 9))


def status(abilities: Abilities = NOTHING_TRIED, *, app_only: bool = False) -> Status:
    return Status(
        account=None if app_only else "TwitterDev",
        app_only=app_only,
        allowances=(),
        watches=0,
        posts_watched=0,
        waiting=0,
        announced_today=0,
        last_probe_at=None,
        is_home=True,
        spent_today_usd=samples.FORECAST.first_usd,
        spent_month_usd=samples.FORECAST.first_usd,
        budget_usd=None,
        month=samples.MONTH,
        abilities=abilities,
    )


@given(st.builds(Abilities, likers=tried, likers_of_others=st.sampled_from([None, True, False]),
                 liking=tried), st.booleans())  # fmt: skip
def test_whatever_x_allows_fits(abilities: Abilities, app_only: bool) -> None:  # noqa: FBT001
    check(status_card(status(abilities, app_only=app_only)))


@in_turn(
    "abilities, sentences",
    [
        (Abilities(), ["**Liking** untested", "no such post is watched yet"]),
        (
            Abilities(ALLOWED, likers_of_others=False, liking=REFUSED),
            [
                "**Likers of its own posts** allowed",
                "hidden by X, so I tell how counts grow until the author uses",
                "**Liking** refused by X <t:",
                "tried again at the next occasion",
            ],
        ),
        (Abilities(likers_of_others=True), ["**Likers of others' posts** shown"]),
        (
            Abilities(likers=ONCE, liking=READ_ONLY),
            [
                "**Likers of its own posts** refused by X once, <t:",
                ": a second time will count",
                "**Liking** refused by X <t:",
                ":R>: this app may read only",
            ],
        ),
    ],
)
def test_status_says_what_x_allows(abilities: Abilities, sentences: list[str]) -> None:
    text = shown(status_card(status(abilities)))
    assert all(sentence in text for sentence in sentences)


def test_what_was_not_refused_is_not_tried_again() -> None:
    allowed = Abilities(likers=ALLOWED, liking=ALLOWED)
    assert "tried again" not in shown(status_card(status(allowed)))


@in_turn(
    "verdict, sentence",
    [
        (VerdictKind.OWN_KEYS, "X has refused my keys since <t:"),
        (VerdictKind.APP_KEY, "X has refused this app's bearer token since <t:"),
        (VerdictKind.LINKED_ACCOUNTS, "X has refused 2 linked accounts since <t:"),
        (VerdictKind.POSTS, "X has not shown 2 watched posts since <t:"),
        (VerdictKind.CHANNELS, "I have not been able to announce in 2 channels since <t:"),
        (VerdictKind.ACCOUNTS, "X has not shown the posts of 2 watched accounts since <t:"),
    ],
)
def test_status_says_in_a_line_what_x_refuses_and_since_when(
    verdict: VerdictKind, sentence: str
) -> None:
    text = shown(status_card(replace(status(), verdicts=(Verdict(verdict, samples.NOW, 2),))))
    (line,) = [line for line in text.splitlines() if sentence in line]
    assert line.startswith("**")
    assert ":R>**" in line
    assert "since" not in shown(status_card(status()))


def test_settings_say_whose_accounts_like() -> None:
    assert "with the bot's account" in shown(config_card(GuildConfig(1)))
    only = shown(config_card(GuildConfig(1, like_role_id=3, own_accounts_only=True)))
    assert "<@&3>" not in only
    assert "each with their own linked account" in only

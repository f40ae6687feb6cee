"""Which tests show each command: its main case, a refusal in one clear sentence, its empty case.

A test is named by its file below tests/ and its function. Where a command has no such case, the
reason stands there. `test_every_command.py` holds that no command of the tree is missing here, and
that each test exists and uses its command.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Without:
    """Why a command has no such case."""

    why: str


@dataclass(frozen=True, slots=True)
class Cases:
    main: str
    refused: str | Without
    empty: str | Without


# Every command for managers, of the tree itself, is refused to whoever is none.
NO_MANAGER: Final = (
    "cogs/test_each_command.py::test_no_command_for_managers_does_anything_for_a_member"
)

_REFUSES_NOBODY = Without("It is everybody's, and asks X for nothing that X could refuse.")
_TOO_FAST = "security/test_one_member.py::test_a_member_looks_up_as_fast_as_they_can"
_ONE_POST = Without("It takes one post, and does one thing with it.")
_A_CHOICE = Without("Its option must be given.")
_ACCOUNTS = "e2e/test_accounts.py::"
_BAD = "e2e/test_bad_input.py::"
_COGS = "cogs/test_managing_watches.py::"
_LOOKUP = "e2e/test_lookup.py::"
_MANAGING = "e2e/test_managing.py::"
_STYLES = "e2e/test_styles.py::"
_NO_POST = _BAD + "test_what_is_no_post_costs_nothing"
_NO_WATCH = _COGS + "test_what_is_no_watch_is_said_so"
_SETTINGS = _MANAGING + "test_the_settings_are_changed_shown_and_cleared"
_OTHERS = _MANAGING + "test_the_other_settings_are_changed_refused_and_cleared"
_SHUT = _BAD + "test_a_channel_that_the_bot_may_not_write_in"
_IN_OUR_WORDS = _STYLES + "test_whom_a_watch_names_whom_it_mentions_and_in_which_words"
_PAUSED = _STYLES + "test_a_paused_watch_says_nothing_and_goes_on_from_then"
_NO_LINK = "cogs/test_context.py::test_a_message_without_a_link_says_so"
_AFTER_A_CHOICE = "cogs/test_context.py::test_what_goes_wrong_after_a_choice_is_told"

COMMANDS: Mapping[str, Cases] = MappingProxyType(
    {
        "account link": Cases(
            _ACCOUNTS + "test_in_the_browser_and_liking_as_oneself",
            "e2e/test_credentials.py::test_an_app_without_an_account_likes_nothing_and_links_none",
            Without("It begins something; what there is to link is asked at X."),
        ),
        "account status": Cases(
            _ACCOUNTS + "test_in_the_browser_and_liking_as_oneself",
            _ACCOUNTS + "test_a_revoked_account_is_told_of_once_and_loses_no_like",
            _ACCOUNTS + "test_unlinking",
        ),
        "account unlink": Cases(
            _ACCOUNTS + "test_unlinking",
            "cogs/test_accounts.py::test_unlinking_asks_once",
            _ACCOUNTS + "test_unlinking",
        ),
        "audit": Cases(
            _ACCOUNTS + "test_the_audit_says_who_did_what_and_what_x_said",
            NO_MANAGER,
            "cogs/test_accounts.py::test_an_empty_log",
        ),
        "chart post": Cases(
            "e2e/test_insight.py::test_likes_are_drawn_and_compared_and_named",
            "e2e/test_insight.py::test_what_cannot_be_drawn_is_refused",
            "e2e/test_insight.py::test_a_post_that_nobody_has_liked_yet_is_drawn_as_one",
        ),
        "config alerts": Cases(
            "e2e/test_troubles.py::test_a_server_may_name_a_channel_for_troubles",
            _SHUT,
            "e2e/test_troubles.py::test_a_server_may_name_a_channel_for_troubles",
        ),
        "config ask-above": Cases(_SETTINGS, NO_MANAGER, _SETTINGS),
        "config budget": Cases(_SETTINGS, NO_MANAGER, _SETTINGS),
        "config channel": Cases(_SETTINGS, _SHUT, _SETTINGS),
        "config delete-data": Cases(
            _MANAGING + "test_all_that_is_stored_goes_when_a_manager_confirms_it",
            NO_MANAGER,
            _MANAGING + "test_all_that_is_stored_goes_when_a_manager_confirms_it",
        ),
        "config home": Cases(
            "security/test_strangers_server.py::test_a_watch_from_before_costs_nothing_more",
            "security/test_strangers_server.py::test_it_adopts_itself",
            Without("A server is home or a guest."),
        ),
        "config language": Cases(_OTHERS, NO_MANAGER, _OTHERS),
        "config like-role": Cases(_SETTINGS, NO_MANAGER, _SETTINGS),
        "config lookup-role": Cases(_OTHERS, NO_MANAGER, _OTHERS),
        "config member-budget": Cases(_OTHERS, NO_MANAGER, _OTHERS),
        "config own-accounts": Cases(_ACCOUNTS + "test_own_accounts_only", NO_MANAGER, _A_CHOICE),
        "config page-size": Cases(_SETTINGS, NO_MANAGER, _SETTINGS),
        "config quiet-hours": Cases(_OTHERS, _OTHERS, _OTHERS),
        "config show": Cases(_SETTINGS, NO_MANAGER, _SETTINGS),
        "config style": Cases(_OTHERS, NO_MANAGER, _A_CHOICE),
        "forget-me": Cases(
            _ACCOUNTS + "test_forgetting_all_of_somebody",
            _REFUSES_NOBODY,
            _ACCOUNTS + "test_forgetting_all_of_somebody",
        ),
        "help": Cases(
            "e2e/test_help.py::test_a_manager_turns_three_pages_at_most",
            _REFUSES_NOBODY,
            Without("It shows itself to whoever uses it."),
        ),
        "like": Cases(
            "e2e/test_liking.py::test_like_and_unlike_change_the_count_and_name_the_account",
            "e2e/test_liking.py::test_where_x_refuses_liking_a_button_opens_x_itself",
            _ONE_POST,
        ),
        "liked": Cases(
            _LOOKUP + "test_liked_shows_what_the_own_account_likes",
            _LOOKUP + "test_liked_of_somebody_else_says_that_likes_are_private",
            _LOOKUP + "test_liked_of_who_likes_nothing",
        ),
        "likers": Cases(
            _LOOKUP + "test_likers_are_turned_page_by_page",
            _LOOKUP + "test_likers_of_another_accounts_post_are_hidden_and_it_says_why",
            _LOOKUP + "test_a_post_that_nobody_likes",
        ),
        "post": Cases(
            _LOOKUP + "test_post_shows_text_author_counts_and_picture",
            _BAD + "test_a_post_that_x_does_not_show",
            _LOOKUP + "test_a_post_that_nobody_likes",
        ),
        "setup": Cases(
            "e2e/test_setup.py::test_the_rest_of_the_panel",
            "e2e/test_setup.py::test_the_rest_of_the_panel",
            "e2e/test_setup.py::test_the_rest_of_the_panel",
        ),
        "status": Cases(
            _MANAGING + "test_status_tells_account_watches_and_money",
            NO_MANAGER,
            _MANAGING + "test_status_tells_account_watches_and_money",
        ),
        "top likers": Cases(
            "e2e/test_insight.py::test_likes_are_drawn_and_compared_and_named",
            _TOO_FAST,
            "e2e/test_insight.py::test_what_is_empty_says_so",
        ),
        "top posts": Cases(
            "e2e/test_insight.py::test_likes_are_drawn_and_compared_and_named",
            _TOO_FAST,
            "e2e/test_insight.py::test_what_is_empty_says_so",
        ),
        "unlike": Cases(
            "e2e/test_accounts.py::test_with_a_pin",
            "e2e/test_liking.py::test_where_x_refuses_unliking_a_button_opens_the_post",
            _ONE_POST,
        ),
        "usage": Cases(
            _MANAGING + "test_usage_tells_what_it_went_for_with_a_picture",
            NO_MANAGER,
            "cogs/test_round_trips.py::test_usage_of_nothing_has_no_picture",
        ),
        "watch account": Cases(
            _STYLES + "test_a_new_post_of_an_account_is_announced_and_then_its_likes",
            _BAD + "test_a_user_that_x_does_not_have",
            Without("It watches what is to come, whether or not there are posts before."),
        ),
        "watch add": Cases(
            _MANAGING + "test_a_watch_is_added_listed_and_removed",
            _BAD + "test_no_channel_to_announce_in",
            _MANAGING + "test_a_watch_is_added_listed_and_removed",
        ),
        "watch edit": Cases(
            _STYLES + "test_milestones_come_when_they_are_reached",
            _COGS + "test_edit_shows_a_watch_as_it_is_and_takes_what_is_sent",
            _NO_WATCH,
        ),
        "watch filter": Cases(_IN_OUR_WORDS, _NO_WATCH, _IN_OUR_WORDS),
        "watch import": Cases(
            "e2e/test_import.py::test_the_price_comes_first_and_what_is_left_out_has_its_reason",
            "e2e/test_import.py::test_a_text_without_posts_and_a_member",
            "e2e/test_import.py::test_an_import_that_is_not_known_any_more",
        ),
        "watch list": Cases(
            "e2e/test_watch_list.py::test_a_list_is_sorted_searched_and_managed",
            NO_MANAGER,
            "e2e/test_watch_list.py::test_nothing_is_watched_yet_and_a_member_is_not_offered_the_list",
        ),
        "watch mention": Cases(_IN_OUR_WORDS, _IN_OUR_WORDS, _IN_OUR_WORDS),
        "watch pause": Cases(_PAUSED, _NO_WATCH, _NO_WATCH),
        "watch posts": Cases(
            _STYLES + "test_a_new_post_of_an_account_is_announced_and_then_its_likes",
            _IN_OUR_WORDS,
            _NO_WATCH,
        ),
        "watch remove": Cases(
            _MANAGING + "test_a_watch_is_added_listed_and_removed",
            _BAD + "test_a_watch_that_does_not_exist",
            _NO_WATCH,
        ),
        "watch resume": Cases(_PAUSED, _NO_WATCH, _NO_WATCH),
        "watch show": Cases(_PAUSED, _NO_WATCH, _IN_OUR_WORDS),
        "watch test": Cases(
            _STYLES + "test_a_test_announcement_is_marked_as_one",
            _COGS + "test_where_nobody_may_write_there_is_no_test",
            _NO_WATCH,
        ),
        "watch words": Cases(_IN_OUR_WORDS, _IN_OUR_WORDS, _IN_OUR_WORDS),
        # On a message
        "Like": Cases(
            "e2e/test_exports.py::test_a_right_click_likes_the_post_in_the_message",
            "e2e/test_exports.py::test_a_right_click_likes_the_post_in_the_message",
            "e2e/test_exports.py::test_a_right_click_on_a_message_without_links_says_so",
        ),
        "Who liked this?": Cases(
            "e2e/test_exports.py::test_a_right_click_shows_the_likers_of_the_post_in_the_message",
            _AFTER_A_CHOICE,
            _NO_LINK,
        ),
        "Watch likes": Cases(
            "e2e/test_exports.py::test_a_right_click_watches_one_of_several_posts",
            _AFTER_A_CHOICE,
            _NO_LINK,
        ),
    }
)

"""Every error has an outcome that the log keeps: its own, or that of what it is a kind of."""

import pytest

from bot.domain import ActionOutcome, ActionsPage
from bot.domain.errors import (
    BudgetNearlySpent,
    BudgetSpent,
    CredentialRefused,
    LikecordError,
    LikingRefused,
    NotInPlan,
    PermissionMissing,
    Refused,
    UnlikingRefused,
    UserNotShown,
    XUnavailable,
)
from bot.services.action_outcomes import outcome_of
from bot.services.audit import AuditService
from storage.actions import Actions
from storage.database import Database
from storage.models import ActionLog
from tests.storage.rows import GUILD, MEMBER, NOW, POST


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (LikingRefused(1), ActionOutcome.NOT_IN_PLAN),
        (UnlikingRefused(1), ActionOutcome.NOT_IN_PLAN),
        (NotInPlan(), ActionOutcome.NOT_IN_PLAN),
        (PermissionMissing(), ActionOutcome.READ_ONLY),
        (Refused("what-is-new"), ActionOutcome.REFUSED),
        (CredentialRefused(), ActionOutcome.CREDENTIAL_REFUSED),
        (BudgetSpent(), ActionOutcome.BUDGET_SPENT),
        (BudgetNearlySpent(), ActionOutcome.BUDGET_SPENT),
        (XUnavailable(), ActionOutcome.UNAVAILABLE),
        (UserNotShown(), ActionOutcome.FAILED),
        (LikecordError(), ActionOutcome.FAILED),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_error_has_an_outcome(error: LikecordError, outcome: ActionOutcome) -> None:
    assert outcome_of(error) is outcome


async def test_every_outcome_is_read_as_it_was_logged(sqlite: Database) -> None:
    for outcome in ActionOutcome:
        async with sqlite.transaction() as session:
            await Actions(session).log(
                ActionLog(
                    at=NOW,
                    guild_id=GUILD,
                    member_id=MEMBER,
                    account="TwitterDev",
                    action="like",
                    post_id=POST,
                    outcome=outcome,
                )
            )
    audit, read = AuditService(sqlite), []
    page: ActionsPage = await audit.page(GUILD)
    while page.actions:
        read += [action.outcome for action in page.actions]
        page = await audit.page(GUILD, before=page.before) if page.before else ActionsPage(())

    assert read == list(ActionOutcome)[::-1]

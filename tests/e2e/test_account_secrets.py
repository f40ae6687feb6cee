"""However much is logged, and whatever is stored, no member's account can be used with it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sandbox.x.access.tokens import Tokens
from sandbox.x.world.seed import TWITTER
from storage.accounts import Accounts
from tests.e2e import state
from tests.e2e.at_x import link_by_pin, link_in_browser, sees
from tests.e2e.harness import GRACE, LINUS, Scene, address


class Given:
    """All that X has given to the app for members, from the first token to the last."""

    def __init__(self, tokens: Tokens) -> None:
        self.secrets: list[str] = []
        self._oauth1, self._oauth2 = tokens.give_oauth1, tokens.give_oauth2

    def give_oauth1(self, *args: Any, **more: Any) -> Any:
        token = self._oauth1(*args, **more)
        self.secrets += [token.token, token.secret]
        return token

    def give_oauth2(self, *args: Any, **more: Any) -> Any:
        token = self._oauth2(*args, **more)
        self.secrets += [token.token, token.refresh_token]
        return token


async def let_the_token_end(scene: Scene) -> None:
    async with state.opened(scene.database_url) as database, database.transaction() as session:
        account = await Accounts(session).get(TWITTER)
        assert account is not None
        account.expires_at = datetime.now(UTC)


def every_file(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


@pytest.mark.parametrize("log_format", ["text", "json"])
async def test_neither_logs_nor_the_database_hold_a_token(
    own_scene: Scene, log_format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, tokens = own_scene, own_scene.stage.x._tokens
    given = Given(tokens)
    monkeypatch.setattr(tokens, "give_oauth1", given.give_oauth1)
    monkeypatch.setattr(tokens, "give_oauth2", given.give_oauth2)
    await scene.x("POST", "/settings", {"liking": "allowed"})
    await scene.start_bot(LOG_LEVEL="DEBUG", LOG_FORMAT=log_format)

    answer, back = await link_in_browser(scene, GRACE, TWITTER)
    await sees(scene, answer, "Linked as @Twitter")
    await let_the_token_end(scene)
    liked = await scene.command("like", post=address(scene.post()), by=GRACE)
    await sees(scene, await link_by_pin(scene, GRACE, TWITTER), "Linked as @Twitter")
    await scene.command("like", post=address(scene.post()), by=GRACE)
    stored = every_file(scene.folder)
    asked = await scene.command("account unlink", by=GRACE)
    await scene.press(asked, "Unlink", by=GRACE)
    await scene.command("account status", by=LINUS)
    assert await scene.bot.stop() == 0

    assert "Liked as @Twitter" in liked.text
    secrets = [*given.secrets, back.query["code"], scene.settings["SECRET_KEY"]]
    assert len(secrets) == 8  # two pairs of OAuth 2.0, one of OAuth 1.0a, the code and the key
    assert len(scene.bot.log.splitlines()) > 100
    assert [secret for secret in secrets if secret in scene.bot.log] == []
    assert [secret for secret in secrets if secret.encode() in stored] == []

"""A client of the sandbox's X that believes no answer until the specification does."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from oauthlib.oauth1 import Client as Oauth1Client
from yarl import URL

from sandbox.x.server import XSandbox
from tests.sandbox.x import specification

DEV, SUPPORT, TWITTER = "2244994945", "17874544", "783214"
RESEARCH, VALENTINE, LIMIT = "1354143047324299264", "1228393702244134912", "1362449997430542337"
POLL, REPLY = "1460323737035677698", "1460325211794616321"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def data(self) -> Any:
        return self.body["data"]

    @property
    def remaining(self) -> int:
        return int(self.headers["x-rate-limit-remaining"])

    @property
    def problem(self) -> str:
        return self.body["type"].rpartition("/")[2]


@dataclass(frozen=True)
class Oauth1:
    """A user's token; `host` is what the client believes to talk to."""

    token: str
    secret: str
    host: str | None = None


class XClient:
    def __init__(self, sandbox: XSandbox, base: str, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self.base = base
        self.session = session
        self.keys = sandbox.credentials()
        self.owner = Oauth1(self.keys.access_token, self.keys.access_token_secret)

    async def get(self, path: str, auth: Oauth1 | str | None = "owner", **query: Any) -> Answer:
        return await self.call("GET", path, auth, query=query)

    async def call(
        self,
        method: str,
        path: str,
        auth: Oauth1 | str | None = "owner",
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        version: str | None = None,
    ) -> Answer:
        """Ask, and check the answer; keyword names write dots as two underscores."""
        named = {name.replace("__", "."): str(value) for name, value in (query or {}).items()}
        url = URL(self.base + path).with_query(named)
        headers = self.headers(method, url, auth)
        async with self.session.request(method, url, json=body, headers=headers) as response:
            answer = Answer(response.status, response.headers, await response.json())
            kind = response.content_type
        spelling = version or ("2.167" if "post.fields" in named else "2.165")
        if path.startswith("/2/"):
            specification.check(
                spelling, method, path, status=answer.status, kind=kind, body=answer.body
            )
        return answer

    def headers(self, method: str, url: URL, auth: Oauth1 | str | None) -> dict[str, str]:
        auth = self.owner if auth == "owner" else self.keys.bearer_token if auth == "app" else auth
        if auth is None:
            return {}
        if isinstance(auth, str):
            return {"Authorization": f"Bearer {auth}"}
        signer = Oauth1Client(self.keys.api_key, self.keys.api_secret, auth.token, auth.secret)
        signed_url = str(url).replace(self.base, auth.host or self.base)
        return dict(signer.sign(signed_url, method)[1])

    async def control(self, method: str, path: str, body: Any = None) -> Any:
        url = f"{self.base}/sandbox{path}"
        async with self.session.request(method, url, json=body) as response:
            answer = await response.json()
            assert response.status == 200, answer
            return answer

    async def user_token(self, user_id: str, kind: str = "oauth1", **more: Any) -> Oauth1 | str:
        given = await self.control("POST", "/tokens", {"user_id": user_id, "kind": kind, **more})
        if kind == "oauth1":
            return Oauth1(given["access_token"], given["access_token_secret"])
        return str(given["access_token"])

    async def settings(self, **settings: Any) -> None:
        await self.control("POST", "/settings", settings)

    async def make_post(self, text: str = "Hello", author_id: str = DEV, **more: Any) -> str:
        body = {"author_id": author_id, "text": text, **more}
        return str((await self.control("POST", "/posts", body))["id"])

    async def make_user(self, username: str, **more: Any) -> str:
        return str((await self.control("POST", "/users", {"username": username, **more}))["id"])

    async def like(self, post_id: str, *user_ids: str, count: int = 0) -> int:
        body = {"user_ids": user_ids} if user_ids else {"count": count}
        answer = await self.control("POST", f"/posts/{post_id}/likes", body)
        return int(answer["like_count"])

import base64
import hashlib
import re
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from oauthlib.oauth1 import Client as Oauth1Client

from tests.sandbox.x.client import DEV, TWITTER, Oauth1, XClient

REDIRECT = "http://127.0.0.1:9/callback?from=x"
VERIFIER = "a-verifier-that-is-long-enough-for-the-rule-of-43"
SCOPE = "tweet.read users.read like.read offline.access"


def wish(x: XClient, **changes: str) -> dict[str, str]:
    digest = hashlib.sha256(VERIFIER.encode()).digest()
    return {
        "response_type": "code",
        "client_id": x.keys.client_id,
        "redirect_uri": REDIRECT,
        "scope": SCOPE,
        "state": "state-1",
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
        **changes,
    }


async def approve(x: XClient, decision: str = "approve", **changes: str) -> dict[str, str]:
    """Press the button on the page; return what the app is told."""
    form = {**wish(x, **changes), "user_id": TWITTER, "decision": decision}
    url = f"{x.base}/i/oauth2/authorize"
    async with x.session.post(url, data=form, allow_redirects=False) as response:
        assert response.status == 302
        address = urlsplit(response.headers["Location"])
    assert address.path == "/callback"
    return dict(parse_qsl(address.query))


async def token(
    x: XClient, form: dict[str, str], secret: str | None = None, path: str = "token"
) -> tuple[int, dict[str, Any]]:
    user = f"{x.keys.client_id}:{x.keys.client_secret if secret is None else secret}"
    headers = {"Authorization": f"Basic {base64.b64encode(user.encode()).decode()}"}
    url = f"{x.base}/2/oauth2/{path}"
    async with x.session.post(url, data=form, headers=headers) as response:
        return response.status, await response.json()


def code_form(code: str, **changes: str) -> dict[str, str]:
    return {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT,
        "code_verifier": VERIFIER,
        **changes,
    }


class TestOauth2:
    async def test_from_the_page_to_a_token(self, x: XClient) -> None:
        async with x.session.get(f"{x.base}/i/oauth2/authorize", params=wish(x)) as response:
            assert response.content_type == "text/html"
            page = await response.text()
        assert "like.read" in page
        assert "@TwitterDev" in page
        told = await approve(x)
        assert (told["from"], told["state"]) == ("x", "state-1")
        status, given = await token(x, code_form(told["code"]))
        assert status == 200
        assert given["expires_in"] == 7200
        assert set(given["scope"].split()) == set(SCOPE.split())
        me = await x.get("/2/users/me", auth=given["access_token"])
        assert me.data["id"] == TWITTER

    async def test_a_code_works_once_and_not_for_long(self, x: XClient) -> None:
        code = (await approve(x))["code"]
        assert (await token(x, code_form(code)))[0] == 200
        assert (await token(x, code_form(code)))[0] == 400
        late = (await approve(x))["code"]
        await x.control("POST", "/clock", {"advance_s": 31})
        assert (await token(x, code_form(late)))[0] == 400

    @pytest.mark.parametrize(
        "change", [{"code_verifier": "wrong"}, {"redirect_uri": "http://127.0.0.1/"}]
    )
    async def test_the_code_is_bound(self, x: XClient, change: dict[str, str]) -> None:
        code = (await approve(x))["code"]
        status, refusal = await token(x, code_form(code, **change))
        assert (status, refusal["error"]) == (400, "invalid_request")

    async def test_a_refresh_token_works_once(self, x: XClient) -> None:
        _, given = await token(x, code_form((await approve(x))["code"]))
        form = {"grant_type": "refresh_token", "refresh_token": given["refresh_token"]}
        status, fresh = await token(x, form)
        assert status == 200
        assert fresh["refresh_token"] != given["refresh_token"]
        assert (await token(x, form))[0] == 400
        assert (await x.get("/2/users/me", auth=fresh["access_token"])).status == 200

    async def test_no_refresh_without_offline_access(self, x: XClient) -> None:
        code = (await approve(x, scope="tweet.read users.read"))["code"]
        assert "refresh_token" not in (await token(x, code_form(code)))[1]

    async def test_revoking(self, x: XClient) -> None:
        _, given = await token(x, code_form((await approve(x))["code"]))
        revoked = await token(x, {"token": given["access_token"]}, path="revoke")
        assert revoked == (200, {"revoked": True})
        assert (await x.get("/2/users/me", auth=given["access_token"])).status == 401
        form = {"grant_type": "refresh_token", "refresh_token": given["refresh_token"]}
        assert (await token(x, form))[0] == 400

    async def test_the_client_must_know_its_secret(self, x: XClient) -> None:
        code = (await approve(x))["code"]
        status, refusal = await token(x, code_form(code), secret="wrong")
        assert (status, refusal["error"]) == (401, "unauthorized_client")

    async def test_a_person_may_say_no(self, x: XClient) -> None:
        told = await approve(x, "deny")
        assert told["error"] == "access_denied"
        assert "code" not in told

    @pytest.mark.parametrize(
        "change",
        [
            {"client_id": "somebody"},
            {"response_type": "token"},
            {"redirect_uri": "nowhere"},
            {"scope": "everything"},
            {"code_challenge": ""},
            {"code_challenge_method": "S512"},
            {"state": ""},
        ],
    )
    async def test_a_wrong_wish_gets_a_page(self, x: XClient, change: dict[str, str]) -> None:
        url = f"{x.base}/i/oauth2/authorize"
        async with x.session.get(url, params=wish(x, **change)) as response:
            assert response.status == 400


class TestOauth1:
    async def post(self, x: XClient, path: str, **signing: str) -> tuple[int, dict[str, str]]:
        return await self.sign_and_post(x, f"/oauth/{path}", **signing)

    async def sign_and_post(
        self, x: XClient, path: str, **signing: str
    ) -> tuple[int, dict[str, str]]:
        signer = Oauth1Client(x.keys.api_key, x.keys.api_secret, **signing)
        url, headers, _ = signer.sign(f"{x.base}{path}", "POST")
        async with x.session.post(url, headers=headers) as response:
            text = await response.text()
            return response.status, {key: values[0] for key, values in parse_qs(text).items()}

    async def authorize(self, x: XClient, request_token: str, **form: str) -> tuple[str, str]:
        data = {"oauth_token": request_token, "user_id": DEV, "decision": "approve", **form}
        url = f"{x.base}/oauth/authorize"
        async with x.session.post(url, data=data, allow_redirects=False) as response:
            return await response.text(), response.headers.get("Location", "")

    async def test_a_pin_becomes_a_token(self, x: XClient) -> None:
        status, asked = await self.post(x, "request_token", callback_uri="oob")
        assert (status, asked["oauth_callback_confirmed"]) == (200, "true")
        url = f"{x.base}/oauth/authorize?oauth_token={asked['oauth_token']}"
        async with x.session.get(url) as response:
            assert "@TwitterDev" in await response.text()
        page, _ = await self.authorize(x, asked["oauth_token"])
        pin = re.search(r'id="pin">(\d{7})<', page)
        assert pin
        signing = {
            "resource_owner_key": asked["oauth_token"],
            "resource_owner_secret": asked["oauth_token_secret"],
        }
        assert (await self.post(x, "access_token", **signing, verifier="0000000x"))[0] == 401
        status, given = await self.post(x, "access_token", **signing, verifier=pin[1])
        assert (status, given["user_id"], given["screen_name"]) == (200, DEV, "TwitterDev")
        token = Oauth1(given["oauth_token"], given["oauth_token_secret"])
        assert given["oauth_token"].startswith(f"{DEV}-")
        assert (await x.get("/2/users/me", auth=token)).data["id"] == DEV
        assert (await self.post(x, "access_token", **signing, verifier=pin[1]))[0] == 401

    async def test_a_token_can_be_made_worthless(self, x: XClient) -> None:
        given = await x.user_token(DEV)
        assert isinstance(given, Oauth1)
        signing = {"resource_owner_key": given.token, "resource_owner_secret": given.secret}
        wrong = {**signing, "resource_owner_secret": "wrong"}
        path = "/1.1/oauth/invalidate_token"
        assert (await self.sign_and_post(x, path, **wrong))[0] == 401
        assert (await x.get("/2/users/me", auth=given)).status == 200
        assert (await self.sign_and_post(x, path, **signing))[0] == 200
        assert (await x.get("/2/users/me", auth=given)).status == 401
        assert (await self.sign_and_post(x, path, **signing))[0] == 401

    async def test_a_callback_instead_of_a_pin(self, x: XClient) -> None:
        _, asked = await self.post(x, "request_token", callback_uri=REDIRECT)
        _, location = await self.authorize(x, asked["oauth_token"])
        told = dict(parse_qsl(urlsplit(location).query))
        assert told["oauth_token"] == asked["oauth_token"]
        status, _ = await self.post(
            x,
            "access_token",
            resource_owner_key=asked["oauth_token"],
            resource_owner_secret=asked["oauth_token_secret"],
            verifier=told["oauth_verifier"],
        )
        assert status == 200

    async def test_no_is_no(self, x: XClient) -> None:
        _, asked = await self.post(x, "request_token", callback_uri=REDIRECT)
        _, location = await self.authorize(x, asked["oauth_token"], decision="deny")
        assert f"denied={asked['oauth_token']}" in location
        page, _ = await self.authorize(x, asked["oauth_token"])
        assert "invalid" in page

    async def test_an_unsigned_request_is_refused(self, x: XClient) -> None:
        async with x.session.post(f"{x.base}/oauth/request_token") as response:
            assert response.status == 401
            assert (await response.json())["errors"][0]["code"] == 32

    async def test_secrets_stay_out_of_the_log(self, x: XClient) -> None:
        _, asked = await self.post(x, "request_token", callback_uri="oob")
        async with x.session.get(f"{x.base}/oauth/authorize", params=asked):
            pass
        await approve(x)
        entries = str(await x.control("GET", "/requests"))
        assert asked["oauth_token"] not in entries

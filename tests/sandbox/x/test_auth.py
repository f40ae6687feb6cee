import time

import pytest
from oauthlib.oauth1 import Client as Oauth1Client

from tests.sandbox.x.client import DEV, RESEARCH, TWITTER, Oauth1, XClient

LIKERS = f"/2/tweets/{RESEARCH}/liking_users"
READ = ["tweet.read", "users.read", "like.read"]


async def test_without_a_token_nothing_is_answered(x: XClient) -> None:
    answer = await x.get("/2/tweets", auth=None, ids=RESEARCH)
    assert answer.status == 401
    assert answer.body["title"] == "Unauthorized"


@pytest.mark.parametrize("token", ["", "nonsense", "AAAA"])
async def test_an_unknown_bearer_is_refused(x: XClient, token: str) -> None:
    assert (await x.get("/2/tweets", auth=token, ids=RESEARCH)).status == 401


async def test_the_apps_token_reads_posts(x: XClient) -> None:
    assert (await x.get("/2/tweets", auth="app", ids=RESEARCH)).data[0]["id"] == RESEARCH


@pytest.mark.parametrize("host", [None, "https://api.twitter.com", "https://api.x.com"])
async def test_a_signature_for_any_of_xs_addresses_is_good(x: XClient, host: str | None) -> None:
    token = Oauth1(x.owner.token, x.owner.secret, host)
    fields = "created_at,public_metrics"
    answer = await x.get("/2/users/me", auth=token, user__fields=fields)
    assert answer.data["id"] == DEV


async def test_a_wrong_secret_is_refused(x: XClient) -> None:
    assert (await x.get("/2/users/me", auth=Oauth1(x.owner.token, "wrong"))).status == 401


async def test_a_signature_under_another_apps_key_is_refused(x: XClient) -> None:
    for key, status in ((x.keys.api_key, 200), ("another", 401)):
        signer = Oauth1Client(key, x.keys.api_secret, x.owner.token, x.owner.secret)
        url, headers, _ = signer.sign(f"{x.base}/2/users/me")
        async with x.session.get(url, headers=headers) as response:
            assert response.status == status


async def test_a_signature_covers_the_query(x: XClient) -> None:
    signer = Oauth1Client(
        x.keys.api_key, x.keys.api_secret, x.keys.access_token, x.keys.access_token_secret
    )
    url, headers, _ = signer.sign(f"{x.base}/2/tweets?ids={RESEARCH}")
    async with x.session.get(url, headers=headers) as response:
        assert response.status == 200
    async with x.session.get(f"{url}1", headers=headers) as response:
        assert response.status == 401


async def test_an_old_signature_is_refused(x: XClient) -> None:
    signer = Oauth1Client(
        x.keys.api_key,
        x.keys.api_secret,
        x.keys.access_token,
        x.keys.access_token_secret,
        timestamp=str(int(time.time()) - 3600),
    )
    url, headers, _ = signer.sign(f"{x.base}/2/users/me")
    async with x.session.get(url, headers=headers) as response:
        assert response.status == 401


async def test_moving_the_clock_does_not_age_signatures(x: XClient) -> None:
    await x.control("POST", "/clock", {"advance_s": 86_400})
    assert (await x.get("/2/users/me")).status == 200


async def test_likes_want_a_user_unless_the_older_documents_rule(x: XClient) -> None:
    refused = await x.get(LIKERS, auth="app")
    assert (refused.status, refused.problem) == (403, "unsupported-authentication")
    await x.settings(app_only_likes=True, likers="public")
    assert len((await x.get(LIKERS, auth="app")).data) > 20


async def test_scopes_are_needed(x: XClient) -> None:
    whole = await x.user_token(DEV, "oauth2", scopes=READ)
    partial = await x.user_token(DEV, "oauth2", scopes=READ[:2])
    assert (await x.get(LIKERS, auth=whole)).status == 200
    assert (await x.get(LIKERS, auth=partial)).status == 403
    assert (await x.get("/2/users/me", auth=partial)).status == 200


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/2/users/me", {}),
        (f"/2/users/{DEV}", {}),
        ("/2/users/by", {"usernames": "Twitter"}),
        (f"/2/tweets/{RESEARCH}", {}),
        (f"/2/users/{DEV}/tweets", {}),
    ],
)
async def test_reading_needs_two_scopes(x: XClient, path: str, query: dict[str, str]) -> None:
    for scopes, status in ((READ[:2], 200), (READ[:1], 403), (READ[1:], 403)):
        token = await x.user_token(DEV, "oauth2", scopes=scopes)
        assert (await x.get(path, auth=token, **query)).status == status


async def test_a_user_token_ends_after_two_hours(x: XClient) -> None:
    token = await x.user_token(TWITTER, "oauth2")
    assert (await x.get("/2/users/me", auth=token)).data["username"] == "Twitter"
    await x.control("POST", "/clock", {"advance_s": 7200})
    assert (await x.get("/2/users/me", auth=token)).status == 401


@pytest.mark.parametrize("kind", ["oauth1", "oauth2"])
async def test_a_revoked_token_is_refused(x: XClient, kind: str) -> None:
    token = await x.user_token(TWITTER, kind)
    assert (await x.get("/2/users/me", auth=token)).status == 200
    name = token.token if isinstance(token, Oauth1) else token
    await x.control("DELETE", f"/tokens/{name}")
    assert (await x.get("/2/users/me", auth=token)).status == 401


async def test_the_owners_own_keys_can_be_revoked(x: XClient) -> None:
    await x.control("DELETE", f"/tokens/{x.keys.access_token}")
    await x.control("DELETE", f"/tokens/{x.keys.bearer_token}")
    assert (await x.get("/2/users/me")).status == 401
    assert (await x.get("/2/tweets", auth="app", ids=RESEARCH)).status == 401


async def test_a_suspended_account_may_do_nothing(x: XClient) -> None:
    await x.control("PATCH", f"/users/{DEV}", {"suspended": True})
    assert (await x.get("/2/users/me")).status == 403


async def test_usage_is_for_the_app_alone(x: XClient) -> None:
    assert (await x.get("/2/usage/tweets")).problem == "unsupported-authentication"
    assert (await x.get("/2/usage/tweets", auth="app")).status == 200


async def test_an_unknown_address_is_not_found(x: XClient) -> None:
    async with x.session.get(f"{x.base}/2/nowhere") as response:
        assert response.status == 404
        assert response.content_type == "application/problem+json"
        assert (await response.json())["title"] == "Not Found"
    async with x.session.put(f"{x.base}/2/tweets") as response:
        assert response.status == 405


def test_the_owners_keys_are_the_same_on_every_start(x: XClient) -> None:
    assert type(x.sandbox)().credentials() == x.keys
    assert x.keys.access_token.startswith(f"{DEV}-")

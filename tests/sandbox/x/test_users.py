from tests.sandbox.x.client import DEV, POLL, RESEARCH, SUPPORT, TWITTER, XClient


async def test_me(x: XClient) -> None:
    answer = await x.get("/2/users/me", user__fields="description,entities,url")
    assert answer.data["username"] == "TwitterDev"
    assert "&amp;" in answer.data["description"]
    assert answer.data["entities"]["url"]["urls"][0]["expanded_url"] == "https://docs.x.com/"
    assert (await x.get("/2/users/me", auth="app")).status == 403


async def test_by_ids_and_by_usernames(x: XClient) -> None:
    answer = await x.get("/2/users", ids=f"{TWITTER},1,{SUPPORT}")
    assert [user["id"] for user in answer.data] == [TWITTER, SUPPORT]
    assert answer.body["errors"][0]["value"] == "1"
    answer = await x.get("/2/users/by", usernames="twitter,nobody_there")
    assert answer.data == [{"id": TWITTER, "name": "Twitter", "username": "Twitter"}]
    assert answer.body["errors"][0]["parameter"] == "usernames"


async def test_by_id_and_by_username(x: XClient) -> None:
    assert (await x.get(f"/2/users/{SUPPORT}")).data["username"] == "TwitterSupport"
    answer = await x.get("/2/users/by/username/TWITTERDEV", auth="app")
    assert answer.data["id"] == DEV
    answer = await x.get("/2/users/by/username/nobody")
    assert "data" not in answer.body
    assert answer.body["errors"][0]["detail"] == "Could not find user with username: [nobody]."


async def test_marks_behind_a_name(x: XClient) -> None:
    asked = {"user__fields": "is_identity_verified,parody"}
    before = await x.get(f"/2/users/{DEV}", **asked)
    await x.control("PATCH", f"/users/{DEV}", {"parody": True, "is_identity_verified": True})
    after = await x.get(f"/2/users/{DEV}", **asked)

    for answer, marked in ((before, False), (after, True)):
        marks = (answer.data["is_identity_verified"], answer.data["parody"])
        assert marks == (marked, marked)


async def test_bad_names_and_ids(x: XClient) -> None:
    assert (await x.get("/2/users/by/username/a-b")).status == 400
    assert (await x.get("/2/users/by/username/sixteen_letters_")).status == 400
    assert (await x.get("/2/users/twelve")).status == 400
    assert (await x.get("/2/users/by", usernames="a,b c")).status == 400


async def test_gone_people_say_why(x: XClient) -> None:
    await x.control("PATCH", f"/users/{SUPPORT}", {"suspended": True})
    await x.control("PATCH", f"/users/{TWITTER}", {"deactivated": True})
    suspended = (await x.get(f"/2/users/{SUPPORT}")).body["errors"][0]
    assert suspended["detail"] == f"User has been suspended: [{SUPPORT}]."
    assert (await x.get(f"/2/users/{TWITTER}")).body["errors"][0]["title"] == "Not Found Error"


async def test_expansions_bring_posts(x: XClient) -> None:
    answer = await x.get(
        f"/2/users/{DEV}",
        expansions="pinned_tweet_id,most_recent_tweet_id",
        tweet__fields="public_metrics",
    )
    assert answer.data["pinned_tweet_id"] == RESEARCH
    assert answer.data["most_recent_tweet_id"] == POLL
    assert {post["id"] for post in answer.body["includes"]["tweets"]} == {RESEARCH, POLL}


async def test_the_new_spelling(x: XClient) -> None:
    answer = await x.get(
        f"/2/users/{DEV}",
        user__fields="public_metrics",
        post__fields="public_metrics",
        expansions="pinned_post_id",
    )
    assert answer.data["pinned_post_id"] == RESEARCH
    assert answer.data["public_metrics"]["post_count"] == 3
    assert answer.body["includes"]["posts"][0]["public_metrics"]["repost_count"] == 40


async def test_pictures_are_served_in_every_size(x: XClient) -> None:
    url = (await x.get(f"/2/users/{DEV}", user__fields="profile_image_url")).data[
        "profile_image_url"
    ]
    assert url.startswith(x.base)
    assert url.endswith("_normal.png")
    for size in ("_normal", "_bigger", "_400x400", ""):
        async with x.session.get(url.replace("_normal", size)) as response:
            assert response.content_type == "image/png"
            assert (await response.read()).startswith(b"\x89PNG\r\n")
    async with x.session.get(url.replace(DEV, "1")) as response:
        assert response.status == 404

"""The world's beginning: the accounts and posts of X's own examples, and a few more."""

from datetime import UTC, datetime, timedelta

from sandbox.x.world.rows import Affiliation, Counts, Media, Poll, PollOption, Post, Reference, User
from sandbox.x.world.snowflake import made_at
from sandbox.x.world.state import World

TWITTER_DEV = 2244994945
TWITTER_SUPPORT = 17874544
TWITTER = 783214


def seed(world: World) -> None:
    """Fill an empty world."""
    for user in _users():
        world.add_user(user)
    for post, likers in _posts():
        world.add_post(post)
        for _ in range(likers):
            world.like(post, world.stranger_to(post))
    for post_id in (1354143047324299264, 1228393702244134912):
        world.like(world.posts[post_id], world.users[TWITTER])
    world.like(world.posts[1362449997430542337], world.users[TWITTER_DEV])
    world.users[TWITTER_DEV].pinned_post_id = 1354143047324299264


def _users() -> list[User]:
    return [
        User(
            id=TWITTER_DEV,
            username="TwitterDev",
            name="Twitter Dev",
            created_at=datetime(2013, 12, 14, 4, 35, 55, tzinfo=UTC),
            description="The voice of the developer platform. News & help: https://docs.x.com/",
            location="127.0.0.1",
            url="https://docs.x.com/",
            verified=True,
            verified_type="business",
            followers_count=513_961,
            following_count=2_018,
            listed_count=1_672,
            affiliation=Affiliation("X", url="https://x.com/Twitter", user_id=TWITTER),
            banner=True,
        ),
        User(
            id=TWITTER_SUPPORT,
            username="TwitterSupport",
            name="Twitter Support",
            created_at=datetime(2008, 12, 4, 18, 51, 57, tzinfo=UTC),
            description="Here to help. 💙",
            verified=True,
            verified_type="business",
            followers_count=6_112_488,
            following_count=24,
            listed_count=13_804,
        ),
        User(
            id=TWITTER,
            username="Twitter",
            name="Twitter",
            created_at=datetime(2007, 2, 20, 14, 35, 54, tzinfo=UTC),
            description="What's happening?!",
            location="everywhere",
            verified=True,
            verified_type="business",
            followers_count=60_551_020,
            following_count=5,
            listed_count=88_213,
        ),
    ]


def _posts() -> list[tuple[Post, int]]:
    """Return the posts, oldest first, each with how many people like it already."""
    return [(_valentine(), 12), (_research(), 23), (_limit(), 31), (_poll(), 5), (_reply(), 4)]


def _valentine() -> Post:
    post_id = 1228393702244134912
    return Post(
        id=post_id,
        author_id=TWITTER_DEV,
        text="What did the developer write in their Valentine's card?\n\n"
        "while(true) {\n    I = Love(You);\n}",
        created_at=made_at(post_id),
        counts=Counts(17, 3, 2, 9, 18_240),
    )


def _research() -> Post:
    post_id = 1354143047324299264
    return Post(
        id=post_id,
        author_id=TWITTER_DEV,
        text="Academics are one of the biggest groups using the API to research what's happening. "
        "Their work helps make the world (& the timeline) a better place. "
        "More for them: https://docs.x.com/research #research @TwitterSupport",
        created_at=made_at(post_id),
        counts=Counts(40, 11, 6, 21, 95_113),
        media=(
            Media(
                key="3_1354143041779154945",
                alt_text="Hills below a wide sky, with the sun coming up behind them",
            ),
        ),
    )


def _limit() -> Post:
    """Return a post whose likers are hidden from everybody but @Twitter."""
    post_id = 1362449997430542337
    return Post(
        id=post_id,
        author_id=TWITTER,
        text="What would you say with 280 characters more? Asking for a friend.",
        created_at=made_at(post_id),
        counts=Counts(88, 42, 13, 30, 410_552),
    )


def _poll() -> Post:
    post_id = 1460323737035677698
    made = made_at(post_id)
    votes = {"Rate limits": 412, "Pagination": 97, "Expansions": 64, "Webhooks <3": 230}
    return Post(
        id=post_id,
        author_id=TWITTER_DEV,
        text="Which part of the platform should we write about next?",
        created_at=made,
        counts=Counts(2, 7, 0, 1, 4_120),
        poll=Poll(
            id=1460323736809140224,
            options=tuple(PollOption(label, count) for label, count in votes.items()),
            duration_minutes=1440,
            ends_at=made + timedelta(days=1),
        ),
    )


def _reply() -> Post:
    post_id = 1460325211794616321
    return Post(
        id=post_id,
        author_id=TWITTER_SUPPORT,
        text="@TwitterDev Rate limits, please. Everybody asks us about rate limits.",
        created_at=made_at(post_id),
        counts=Counts(1, 1, 0, 0, 2_011),
        references=(Reference("replied_to", 1460323737035677698),),
        in_reply_to_user_id=TWITTER_DEV,
        conversation_id=1460323737035677698,
    )

"""Made-up people: mostly plain names, and some that break careless programs."""

import random
import re
from dataclasses import dataclass
from datetime import UTC, datetime

_FIRST_NAMES = (
    "Ada Amara Anders Aiko Bela Carmen Chidi Dara Diego Elif Emre Farah Finn Grace Hana Hugo Imani "
    "Ines Ivan Jonas Kofi Lena Liam Lucia Mads Maya Mei Milan Nadia Nils Noor Olu Oscar Priya "
    "Quinn Rosa Ravi Saoirse Sven Tara Theo Uma Viktor Wanda Xiu Yara Yusuf Zoe"
)
_LAST_NAMES = (
    "Abara Berg Castillo Dahl Evans Fischer Garcia Hansen Ito Jansen Kaya Lopez Meyer Novak Okafor "
    "Park Quist Rossi Silva Tanaka Usman Vargas Weber Xu Yilmaz Zhang"
)
_FIRST, _LAST = _FIRST_NAMES.split(), _LAST_NAMES.split()
_TAILS = ("", "dev", "codes", "hq", "irl", "writes", "reads", "_", "42", "7", "99", "io", "art")
_BIOS = (
    "Coffee, code, mountains.",
    "Data person. Opinions are mine & mine alone.",
    "I build small things for the web. https://example.org/about",
    "Photographer in training",
    "she/her - runs on tea",
    "",
)
_PLACES = ("Lagos", "Oslo", "Lisboa", "Seoul", "Toronto", "Berlin", "São Paulo", "Nairobi", "")
_FROM_AFAR = (
    "Renée Ørsted",
    "Zoë Müller",
    "محمد العربي",
    "שרה לוי",
    "Tarō Tanaka",
)
# Each of these has broken somebody's bot: mentions, markdown, control marks, width, direction.
_AWKWARD = (
    "@everyone",
    "<@80351110224678912>",
    "**bold** _it_ ~~no~~",
    "`code` ||spoiler||",
    "[click](https://example.org)",
    "🦊 Renée 🎉",
    "👩‍👩‍👧‍👦 family",
    "محمد العربي",
    "שרה לוי",
    "田中 太郎",
    "\u202eesrever",
    "Z̷̢a̸l̴g̵o̶",
    "<b>Tom & Jerry</b>",
    "# heading",
    "ﷺ﷽",
    'O\'Brien \\ "quoted"',
)


@dataclass(frozen=True, slots=True)
class Person:
    """What a new account is made from."""

    name: str
    username: str
    description: str
    location: str
    created_at: datetime
    protected: bool
    verified: bool
    followers_count: int
    following_count: int


def make_up(rng: random.Random, *, are_plain: bool = False) -> Person:
    """Invent a person; about one in six has an awkward name, one in thirty is protected.

    Where people look on, `are_plain` leaves out the names that nobody has.
    """
    first, last = rng.choice(_FIRST), rng.choice(_LAST)
    name = (
        rng.choice(_FROM_AFAR if are_plain else _AWKWARD)
        if rng.random() < 1 / 6
        else f"{first} {last}"
    )
    return Person(
        name=name,
        username=_username(first, last, rng),
        description=rng.choice(_BIOS),
        location=rng.choice(_PLACES),
        created_at=datetime.fromtimestamp(rng.randint(1_320_000_000, 1_700_000_000), UTC),
        protected=rng.random() < 1 / 30,
        verified=rng.random() < 1 / 8,
        followers_count=int(rng.lognormvariate(5, 1.6)),
        following_count=int(rng.lognormvariate(5, 1)),
    )


def _username(first: str, last: str, rng: random.Random) -> str:
    stem = rng.choice((first, first + last[0], first[0] + last, f"{first}_{last}"))
    plain = re.sub(r"\W", "", stem + rng.choice(_TAILS), flags=re.ASCII)
    return plain[:11] if rng.random() < 0.5 else plain[:11].lower()


def another_username(username: str, attempt: int) -> str:
    """Return a variant for when this one is taken."""
    return f"{username[: 15 - len(str(attempt))]}{attempt}"

"""What an embed may hold."""

from sandbox.discord.rules.fields import Flag, Form, Link, ListOf, Moment, Text, Whole
from sandbox.discord.rules.problems import Path, Problems
from sandbox.discord.types import Json

MOST_EMBEDS = 10
MOST_CHARACTERS = 6000

PICTURE = Form(optional={"url": Link(attachment=True), "description": Text(4096)})

EMBED = Form(
    optional={
        "title": Text(256),
        "description": Text(4096),
        "url": Link(),
        "color": Whole(0, 0xFFFFFF),
        "timestamp": Moment(),
        "author": Form(
            optional={"name": Text(256), "url": Link(), "icon_url": Link(attachment=True)}
        ),
        "footer": Form(optional={"text": Text(2048), "icon_url": Link(attachment=True)}),
        "image": PICTURE,
        "thumbnail": PICTURE,
        "fields": ListOf(
            Form(
                required={"name": Text(256, 1), "value": Text(1024, 1)},
                optional={"inline": Flag()},
            ),
            25,
        ),
    }
)


def characters(embed: Json) -> int:
    """Count the characters that the limit of all embeds together is about."""
    texts = [embed.get("title"), embed.get("description")]
    texts += [(embed.get("author") or {}).get("name"), (embed.get("footer") or {}).get("text")]
    for one in embed.get("fields") or ():
        texts += [one["name"], one["value"]]
    return sum(len(text) for text in texts if text)


def check_total(embeds: list[Json], problems: Problems) -> None:
    """Hold the 6,000 characters of all embeds together, blaming the one that goes over."""
    total = 0
    for index, embed in enumerate(embeds):
        total += characters(embed)
        if total > MOST_CHARACTERS:
            path: Path = ("embeds", index)
            problems.add(path, "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")
            return

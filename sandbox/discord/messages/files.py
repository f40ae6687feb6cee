"""Files sent with a message: read from multipart, kept in memory, served back."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from mimetypes import guess_type
from struct import unpack

from aiohttp import BodyPartReader, web

from sandbox.discord.errors import ApiError, Problem
from sandbox.discord.http import decode_json, read_json
from sandbox.discord.rules.fields import NOT_OBJECT
from sandbox.discord.rules.messages import MOST_FILE_BYTES, check_files
from sandbox.discord.rules.problems import invalid
from sandbox.discord.snowflake import Snowflakes
from sandbox.discord.types import Json

FILE_FIELD = re.compile(r"files?\[?(\d*)\]?")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in; `number` is the n of its `files[n]`."""

    number: int
    filename: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Attachment:
    id: int
    filename: str
    content_type: str
    data: bytes = field(repr=False)
    description: str | None = None

    @property
    def dimensions(self) -> tuple[int, int] | None:
        """Return width and height of a PNG or GIF, else None."""
        if self.data.startswith(b"\x89PNG\r\n\x1a\n") and len(self.data) >= 24:
            width, height = unpack(">II", self.data[16:24])
            return width, height
        if self.data.startswith((b"GIF87a", b"GIF89a")) and len(self.data) >= 10:
            width, height = unpack("<HH", self.data[6:10])
            return width, height
        return None


@dataclass(frozen=True, slots=True)
class Body:
    """A request's fields, and the files that came beside them."""

    fields: Json
    uploads: tuple[Upload, ...] = ()

    def inner(self) -> "Body":
        """Return what an interaction's callback carries in `data`."""
        data = self.fields.get("data") or {}
        if not isinstance(data, dict):
            raise invalid(("data",), *NOT_OBJECT)
        return replace(self, fields=data)


async def read_body(request: web.Request) -> Body:
    """Read JSON, or multipart with `payload_json` and `files[n]`."""
    if not request.content_type.startswith("multipart/"):
        return Body(await read_json(request))
    fields: Json = {}
    uploads: list[Upload] = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise ApiError(Problem.BAD_REQUEST)
        data = await _read_part(part)
        if part.name == "payload_json":
            decoded = decode_json(data)
            if not isinstance(decoded, dict):
                raise ApiError(Problem.INVALID_JSON)
            fields = decoded
        elif part.filename is not None:
            uploads.append(_upload(part, data, len(uploads)))
        elif part.name is not None:
            fields[part.name] = data.decode()
    check_files([(upload.filename, len(upload.data)) for upload in uploads])
    return Body(fields, tuple(uploads))


async def _read_part(part: BodyPartReader) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk():
        data += chunk
        if len(data) > MOST_FILE_BYTES:
            raise ApiError(Problem.TOO_LARGE)
    return bytes(data)


def _upload(part: BodyPartReader, data: bytes, count: int) -> Upload:
    numbered = FILE_FIELD.fullmatch(part.name or "")
    filename = part.filename or "file"
    return Upload(
        number=int(numbered[1]) if numbered and numbered[1] else count,
        filename=filename,
        content_type=content_type_of(filename),
        data=data,
    )


def content_type_of(filename: str) -> str:
    """Guess by the name, as Discord does, whatever the sender says."""
    return guess_type(filename)[0] or "application/octet-stream"


def attach(
    body: Body, kept: Iterable[Attachment], snowflakes: Snowflakes
) -> tuple[Attachment, ...]:
    """Return a message's attachments after this body: those kept, then the new ones.

    The field `attachments` names new files by their n and old ones by their ID; without it
    all old ones stay.
    """
    kept = tuple(kept)
    listed = body.fields.get("attachments")
    about = {int(one["id"]): one for one in listed or ()}
    if not about.keys() <= {one.id for one in kept} | {one.number for one in body.uploads}:
        raise ApiError(Problem.FILE_NOT_FOUND)
    stay = [
        replace(old, description=about.get(old.id, {}).get("description", old.description))
        for old in kept
        if listed is None or old.id in about
    ]
    for upload in body.uploads:
        told = about.get(upload.number, {})
        filename = told.get("filename") or upload.filename
        stay.append(
            Attachment(
                id=snowflakes.next(),
                filename=filename,
                content_type=content_type_of(filename),
                data=upload.data,
                description=told.get("description"),
            )
        )
    check_files([(one.filename, len(one.data)) for one in stay])
    return tuple(stay)

"""A channel's messages: send, read, edit, delete."""

from dataclasses import replace
from http import HTTPStatus

from aiohttp import web

from sandbox.discord import sending
from sandbox.discord.core import Core
from sandbox.discord.errors import ApiError, Problem
from sandbox.discord.http import base_url, json_response, no_content, path_id, read_json
from sandbox.discord.messages.compose import compose, recompose
from sandbox.discord.messages.files import Body, read_body
from sandbox.discord.messages.model import Content, Message
from sandbox.discord.messages.store import Window
from sandbox.discord.permissions import Permission
from sandbox.discord.rest.access import held_in, require, require_sending, visible_channel
from sandbox.discord.rules.problems import invalid
from sandbox.discord.sending import Envelope
from sandbox.discord.shapes import guilds
from sandbox.discord.threads import open_thread
from sandbox.discord.types import Json
from sandbox.discord.world import FORUM, NEWS, Channel

_MAX_THREAD_NAME = 100
_MAX_TAGS = 5
_CROSSPOSTED = 1


class MessageRoutes:
    def __init__(self, core: Core) -> None:
        self._core = core

    def routes(self) -> list[web.RouteDef]:
        many = r"/channels/{channel_id:\d+}/messages"
        one = many + r"/{message_id:\d+}"
        return [
            web.get(many, self.list),
            web.post(many, self.create),
            web.get(one, self.get),
            web.patch(one, self.edit),
            web.delete(one, self.delete),
            web.post(f"{one}/threads", self.open_thread),
            web.post(f"{one}/crosspost", self.crosspost),
            web.post(r"/channels/{channel_id:\d+}/threads", self.open_forum_thread),
            web.post(r"/channels/{channel_id:\d+}/typing", self.typing),
        ]

    async def list(self, request: web.Request) -> web.Response:
        channel = self._channel(request)
        window = _window(request)
        if Permission.READ_MESSAGE_HISTORY not in held_in(self._core, channel):
            return json_response([])
        shapes = self._core.shapes(base_url(request))
        page = self._core.store.page(channel.id, window)
        return json_response([shapes.message(message) for message in page])

    async def get(self, request: web.Request) -> web.Response:
        channel = self._channel(request)
        require(self._core, channel, Permission.READ_MESSAGE_HISTORY)
        return self._answer(request, self._message(request, channel))

    async def create(self, request: web.Request) -> web.Response:
        channel = self._channel(request)
        if channel.kind == FORUM:
            raise ApiError(Problem.NOT_A_TEXT_CHANNEL)
        require_sending(self._core, channel)
        body = await read_body(request)
        author_id = self._core.world.application.id
        nonce = body.fields.get("nonce")
        if nonce is not None and body.fields.get("enforce_nonce"):
            first = self._core.store.by_nonce(channel.id, author_id, nonce)
            if first is not None:
                return self._answer(request, first)
        message = self._send(channel, body)
        if nonce is not None:
            self._core.store.remember_nonce(message)
        return self._answer(request, message)

    async def edit(self, request: web.Request) -> web.Response:
        channel = self._channel(request)
        message = self._message(request, channel)
        if message.author_id != self._core.world.application.id:
            raise ApiError(Problem.CANNOT_EDIT_OTHERS)
        body = await read_body(request)
        if body.uploads:
            require(self._core, channel, Permission.ATTACH_FILES)
        content = recompose(body, message.content, self._core.snowflakes)
        sending.edit(self._core, message, content, body.fields.get("allowed_mentions"))
        self._core.interactions.notice_change(message)
        return self._answer(request, message)

    async def delete(self, request: web.Request) -> web.Response:
        channel = self._channel(request)
        message = self._message(request, channel)
        if message.author_id != self._core.world.application.id:
            require(self._core, channel, Permission.MANAGE_MESSAGES)
        sending.delete(self._core, message)
        self._core.interactions.notice_change(message)
        return no_content()

    async def open_thread(self, request: web.Request) -> web.Response:
        """Open a thread that hangs on a message."""
        channel = self._channel(request)
        message = self._message(request, channel)
        require(self._core, channel, Permission.CREATE_PUBLIC_THREADS)
        name = (await read_json(request)).get("name")
        if not isinstance(name, str) or not 1 <= len(name) <= _MAX_THREAD_NAME:
            raise invalid(("name",), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
        if message.id in self._core.world.guild_of(channel).threads:
            raise ApiError(Problem.THREAD_IS_THERE)
        bot_id = self._core.world.application.id
        thread = open_thread(self._core, channel, name, bot_id, thread_id=message.id)
        return json_response(guilds.thread(thread, bot_id), status=HTTPStatus.CREATED)

    async def open_forum_thread(self, request: web.Request) -> web.Response:
        """Open a thread in a forum, with its first message, which has the thread's ID."""
        forum = self._channel(request)
        if forum.kind != FORUM:
            raise ApiError(Problem.NOT_IN_THIS_CHANNEL)
        require(self._core, forum, Permission.SEND_MESSAGES)
        body = await read_body(request)
        name, first = body.fields.get("name"), body.fields.get("message")
        if not isinstance(name, str) or not 1 <= len(name) <= _MAX_THREAD_NAME:
            raise invalid(("name",), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
        if not isinstance(first, dict):
            raise invalid(("message",), "BASE_TYPE_REQUIRED", "This field is required")
        content = compose(Body(first, body.uploads), self._core.snowflakes)
        self._require_for(forum, content)
        self._core.filters.check(content)
        bot = self._core.world.bot_member(self._core.world.guild_of(forum))
        applied = _tags(forum, body.fields.get("applied_tags"))
        thread = open_thread(self._core, forum, name, bot.user.id, applied=applied)
        envelope = Envelope(allowed_mentions=first.get("allowed_mentions"), message_id=thread.id)
        message = sending.send(self._core, thread, bot, content, envelope)
        shape = guilds.thread(thread, bot.user.id)
        shapes = self._core.shapes(base_url(request))
        return json_response(
            {**shape, "message": shapes.message(message)}, status=HTTPStatus.CREATED
        )

    async def crosspost(self, request: web.Request) -> web.Response:
        """Publish a message of a channel of announcements."""
        channel = self._channel(request)
        message = self._message(request, channel)
        if channel.kind != NEWS:
            raise ApiError(Problem.NOT_IN_THIS_CHANNEL)
        if message.content.flags & _CROSSPOSTED:
            raise ApiError(Problem.CROSSPOSTED)
        flags = message.content.flags | _CROSSPOSTED
        message.content = replace(message.content, flags=flags)
        self._core.news.message_updated(message)
        return self._answer(request, message)

    async def typing(self, request: web.Request) -> web.Response:
        require_sending(self._core, self._channel(request))
        return no_content()

    def _send(self, channel: Channel, body: Body) -> Message:
        content = compose(body, self._core.snowflakes)
        self._require_for(channel, content)
        self._core.filters.check(content)
        envelope = Envelope(
            nonce=body.fields.get("nonce"),
            reply_to=self._reply_to(channel, body.fields.get("message_reference")),
            allowed_mentions=body.fields.get("allowed_mentions"),
        )
        author = self._core.world.bot_member(self._core.world.guild_of(channel))
        return sending.send(self._core, channel, author, content, envelope)

    def _require_for(self, channel: Channel, content: Content) -> None:
        if content.embeds:
            require(self._core, channel, Permission.EMBED_LINKS)
        if content.attachments:
            require(self._core, channel, Permission.ATTACH_FILES)

    def _reply_to(self, channel: Channel, reference: Json | None) -> int | None:
        if not reference or reference.get("message_id") is None:
            return None
        require(self._core, channel, Permission.READ_MESSAGE_HISTORY)
        found = self._core.store.find(int(reference["message_id"]))
        if found is not None and found.channel_id == channel.id and found.visible_to is None:
            return found.id
        if reference.get("fail_if_not_exists") is False:
            return None
        raise invalid(("message_reference",), "REPLIES_UNKNOWN_MESSAGE", "Unknown message")

    def _channel(self, request: web.Request) -> Channel:
        return visible_channel(self._core, path_id(request, "channel_id"))

    def _message(self, request: web.Request, channel: Channel) -> Message:
        message = self._core.store.get(channel.id, path_id(request, "message_id"))
        if message.visible_to is not None:
            raise ApiError(Problem.UNKNOWN_MESSAGE)
        return message

    def _answer(self, request: web.Request, message: Message) -> web.Response:
        is_new = request.method == "POST"
        shapes = self._core.shapes(base_url(request))
        return json_response(shapes.message(message, with_nonce=is_new))


def _tags(forum: Channel, given: object) -> tuple[int, ...]:
    """Return the IDs of a forum's tags that are given to one of its posts."""
    known = {str(tag.id): tag.id for tag in forum.tags}
    asked = [str(tag_id) for tag_id in given] if isinstance(given, list) else []
    if len(asked) > _MAX_TAGS:
        raise invalid(
            ("applied_tags",), "BASE_TYPE_MAX_LENGTH", f"Must be {_MAX_TAGS} or fewer in length."
        )
    if not known.keys() >= set(asked):
        raise ApiError(Problem.UNKNOWN_TAG)
    return tuple(known[tag_id] for tag_id in asked)


def _window(request: web.Request) -> Window:
    numbers: dict[str, int] = {}
    for name in ("limit", "before", "after", "around"):
        given = request.query.get(name)
        if given is None:
            continue
        if not given.isdecimal():
            raise invalid((name,), "NUMBER_TYPE_COERCE", f'Value "{given}" is not int.')
        numbers[name] = int(given)
    if not 1 <= numbers.get("limit", 50) <= 100:
        raise invalid(
            ("limit",), "NUMBER_TYPE_MAX", "int value should be between 1 and 100, inclusive."
        )
    return Window(**numbers)

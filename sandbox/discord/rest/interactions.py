"""Answering interactions: the callback, then the webhook that its token opens for 15 minutes."""

import asyncio

from aiohttp import web

from sandbox.discord import sending
from sandbox.discord.core import Core
from sandbox.discord.errors import ApiError, Problem
from sandbox.discord.http import base_url, json_response, no_content, path_id
from sandbox.discord.interaction_book import Interaction
from sandbox.discord.interactions import answers
from sandbox.discord.messages.compose import compose
from sandbox.discord.messages.files import read_body
from sandbox.discord.messages.model import Message

WANTS = ("1", "true", "True")
TAKEN_BACK_SECONDS = 1.0


class InteractionRoutes:
    def __init__(self, core: Core) -> None:
        self._core = core

    def routes(self) -> list[web.RouteDef]:
        webhook = r"/webhooks/{application_id:\d+}/{token}"
        original = webhook + "/messages/@original"
        one = webhook + r"/messages/{message_id:\d+}"
        return [
            web.post(r"/interactions/{interaction_id:\d+}/{token}/callback", self.callback),
            web.post(webhook, self.follow_up),
            web.get(original, self.get),
            web.patch(original, self.edit),
            web.delete(original, self.delete),
            web.get(one, self.get),
            web.patch(one, self.edit),
            web.delete(one, self.delete),
        ]

    async def callback(self, request: web.Request) -> web.Response:
        body = await read_body(request)
        interaction = self._core.interactions.to_answer(
            path_id(request, "interaction_id"), request.match_info["token"]
        )
        answers.answer(self._core, interaction, body)
        if request.query.get("with_response") not in WANTS:
            return no_content()
        shapes = self._core.shapes(base_url(request))
        return json_response(answers.described(interaction, shapes, body.fields["type"]))

    async def follow_up(self, request: web.Request) -> web.Response:
        """Post a further message; the first one after a deferral takes the promised one's place."""
        interaction = self._interaction(request)
        body = await read_body(request)
        promised = interaction.original
        if promised is not None and promised.is_loading and self._is_there(promised):
            message = answers.revise(self._core, promised, body)
        else:
            content = compose(body, self._core.snowflakes, may_be_ephemeral=True)
            message = answers.post(self._core, interaction, content, body.fields)
            interaction.follow_ups.append(message)
        interaction.complete()
        return self._answer(request, message)

    async def get(self, request: web.Request) -> web.Response:
        _, message = self._found(request)
        return self._answer(request, message)

    async def edit(self, request: web.Request) -> web.Response:
        interaction, _ = self._found(request)
        body = await read_body(request)
        _, message = self._found(request)
        answers.revise(self._core, message, body)
        interaction.complete()
        return self._answer(request, message)

    async def delete(self, request: web.Request) -> web.Response:
        interaction, message = self._found(request)
        sending.delete(self._core, message)
        if message.is_loading:
            # Who takes a promise back mostly says why at once, to the asking member alone.
            asyncio.get_running_loop().call_later(TAKEN_BACK_SECONDS, interaction.complete)
        else:
            interaction.complete()
        return no_content()

    def _interaction(self, request: web.Request) -> Interaction:
        if path_id(request, "application_id") != self._core.world.application.id:
            raise ApiError(Problem.UNKNOWN_WEBHOOK)
        return self._core.interactions.by_token(request.match_info["token"])

    def _found(self, request: web.Request) -> tuple[Interaction, Message]:
        """Return the message that the path means, among those of this interaction."""
        interaction = self._interaction(request)
        original = [interaction.original] if interaction.original else []
        mine = original + interaction.follow_ups
        if "message_id" in request.match_info:
            wanted = path_id(request, "message_id")
            mine = [message for message in mine if message.id == wanted]
        else:
            mine = original
        for message in mine:
            if self._is_there(message):
                return interaction, message
        raise ApiError(Problem.UNKNOWN_MESSAGE)

    def _is_there(self, message: Message) -> bool:
        return self._core.store.find(message.id) is message

    def _answer(self, request: web.Request, message: Message) -> web.Response:
        return json_response(self._core.shapes(base_url(request)).message(message))

"""Discord's errors, by their published JSON error codes."""

from enum import Enum

from sandbox.discord.types import Json


class Problem(Enum):
    """HTTP status, JSON error code, message."""

    BAD_REQUEST = (400, 0, "400: Bad Request")
    UNAUTHORIZED = (401, 0, "401: Unauthorized")
    NOT_FOUND = (404, 0, "404: Not Found")
    METHOD_NOT_ALLOWED = (405, 0, "405: Method Not Allowed")
    UNKNOWN_APPLICATION = (404, 10002, "Unknown Application")
    UNKNOWN_CHANNEL = (404, 10003, "Unknown Channel")
    UNKNOWN_GUILD = (404, 10004, "Unknown Guild")
    UNKNOWN_MEMBER = (404, 10007, "Unknown Member")
    UNKNOWN_MESSAGE = (404, 10008, "Unknown Message")
    UNKNOWN_ROLE = (404, 10011, "Unknown Role")
    UNKNOWN_TAG = (404, 10087, "Unknown Tag")
    UNKNOWN_USER = (404, 10013, "Unknown User")
    UNKNOWN_WEBHOOK = (404, 10015, "Unknown Webhook")
    UNKNOWN_INTERACTION = (404, 10062, "Unknown interaction")
    UNKNOWN_COMMAND = (404, 10063, "Unknown application command")
    TOO_MANY_COMMANDS = (400, 30032, "Maximum number of application commands reached (100)")
    TOO_LARGE = (413, 40005, "Request entity too large")
    ALREADY_ACKNOWLEDGED = (400, 40060, "Interaction has already been acknowledged.")
    MISSING_ACCESS = (403, 50001, "Missing Access")
    CANNOT_EDIT_OTHERS = (403, 50005, "Cannot edit a message authored by another user")
    EMPTY_MESSAGE = (400, 50006, "Cannot send an empty message")
    CANNOT_MESSAGE_USER = (403, 50007, "Cannot send messages to this user")
    MISSING_PERMISSIONS = (403, 50013, "Missing Permissions")
    NOT_A_TEXT_CHANNEL = (400, 50008, "Cannot send messages in a non-text channel")
    NOT_IN_THIS_CHANNEL = (403, 50024, "Cannot execute action on this channel type")
    CROSSPOSTED = (400, 40033, "This message has already been crossposted")
    ARCHIVED_THREAD = (400, 50083, "Thread is archived")
    THREAD_IS_THERE = (400, 160004, "A thread has already been created for this message")
    LOCKED_THREAD = (400, 160005, "Thread is locked")
    BLOCKED_WORD = (400, 200000, "Message was blocked by automatic moderation")
    BLOCKED_LINK = (400, 240000, "Message blocked by harmful links filter")
    INVALID_WEBHOOK_TOKEN = (401, 50027, "Invalid Webhook Token")
    INVALID_FORM_BODY = (400, 50035, "Invalid Form Body")
    FILE_NOT_FOUND = (400, 50146, "Uploaded file not found.")
    INVALID_JSON = (400, 50109, "The request body contains invalid JSON.")


class ApiError(Exception):
    """An answer of Discord's that is not a success."""

    def __init__(self, problem: Problem, errors: Json | None = None) -> None:
        self.status, self.code, self.message = problem.value
        self.problem = problem
        self.errors = errors
        super().__init__(self.message)

    def body(self) -> Json:
        body: Json = {"message": self.message, "code": self.code}
        if self.errors:
            body["errors"] = self.errors
        return body

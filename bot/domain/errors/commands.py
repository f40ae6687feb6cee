"""What a member asked for cannot be done as asked."""

from collections.abc import Sequence

from bot.domain.errors.base import Mistake
from bot.domain.sentences import Sentence
from bot.domain.troubles import DeliveryTrouble

# Permissions are named as Discord calls them.
NOT_WRITABLE = {
    DeliveryTrouble.CANNOT_VIEW: Sentence(
        "I can't post in <#{channel}>. Give me the permission “View Channel” there, or choose "
        "another channel."
    ),
    DeliveryTrouble.CANNOT_SEND: Sentence(
        "I can't post in <#{channel}>. Give me the permission “Send Messages” there, or choose "
        "another channel."
    ),
    DeliveryTrouble.CANNOT_SEND_IN_THREADS: Sentence(
        "I can't post in <#{channel}>. Give me the permission “Send Messages in Threads” there, "
        "or choose another channel."
    ),
    DeliveryTrouble.CANNOT_READ_HISTORY: Sentence(
        "I need the permission “Read Message History” in <#{channel}>, so that I tell nothing "
        "twice. Give it to me there, or choose another channel."
    ),
    DeliveryTrouble.THREAD_HIDDEN: Sentence(
        "I can't see the thread <#{channel}>. If it is private, mention me there, which adds me; "
        "its channel needs the permission “View Channel” for me. Or choose another channel."
    ),
    DeliveryTrouble.THREAD_LOCKED: Sentence(
        "The thread <#{channel}> is locked. Unlock it, give me the permission “Manage Threads” "
        "there, or choose another channel."
    ),
    DeliveryTrouble.THREAD_ARCHIVED: Sentence(
        "The thread <#{channel}> is archived. Write something in it, which opens it again, or "
        "choose another channel."
    ),
    DeliveryTrouble.CHANNEL_DELETED: Sentence("That channel was deleted. Choose another one."),
}


class NotAPost(Mistake):
    def __init__(self) -> None:
        super().__init__(
            "I can't find an X post in that. Paste its link, such as "
            "`https://x.com/name/status/1354143047324299264`, or the number at its end."
        )


class SeveralPosts(Mistake):
    """One post is asked for, and a text names more."""

    def __init__(self, count: int) -> None:
        super().__init__(f"Your text links to {count} posts. Paste the link of one of them.")


class NotAUsername(Mistake):
    def __init__(self) -> None:
        super().__init__(
            "I can't find an X user in that. Give a username, such as `@TwitterDev`, or the link "
            "of a profile or of one of their posts."
        )


class AskedNotToBeShown(Mistake):
    def __init__(self) -> None:
        super().__init__("Whoever wrote that on X asked not to be shown here, so I leave it out.")


class NotAllowed(Mistake):
    """The member lacks the permission or the role."""


class TooManyWatches(Mistake):
    """A server watches as many posts, or accounts, as it may."""

    def __init__(self, how_many: str) -> None:
        super().__init__(
            f"This server watches {how_many}, and may watch no more. Remove some with "
            "`/watch remove`; the person who runs me can allow more with `WATCHES_PER_SERVER`."
        )


class NoChannel(Mistake):
    def __init__(self) -> None:
        super().__init__(
            "There is no channel to announce in yet. Name one in the command, or choose one "
            "with `/config channel`."
        )


class ChannelNotWritable(Mistake):
    """The bot cannot announce in a channel."""

    def __init__(self, channel_id: int, why: DeliveryTrouble) -> None:
        super().__init__(NOT_WRITABLE[why].format(channel=channel_id))


class NotASum(Mistake):
    def __init__(self) -> None:
        super().__init__("I can't read that as US dollars. Write it like `12.50`, at least `0.01`.")


class UnknownWatch(Mistake):
    def __init__(self) -> None:
        super().__init__("I can't find that watch. Pick one from the list as you type.")


class SeveralWatches(Mistake):
    def __init__(self, count: int) -> None:
        super().__init__(f"{count} watches fit that. Pick one from the list as you type.")


class RemovalOver(Mistake):
    """A removal can be taken back for a minute, by the process that did it."""

    def __init__(self) -> None:
        super().__init__("It's too late to undo that. Add it again with `/watch add`.")


class ImportOver(Mistake):
    def __init__(self) -> None:
        super().__init__("This import is over. Start again with `/watch import`.")


class FileNotText(Mistake):
    """What was attached is no text, or too much of it."""

    def __init__(self) -> None:
        super().__init__(
            "I can't read that file. Attach a text file of at most 256 KB with a link in each line."
        )


class NoHistory(Mistake):
    """A chart is made of what was told in the server, and nothing was of this post."""

    def __init__(self) -> None:
        super().__init__(
            "This post isn't watched here, so I have nothing to draw. A manager can watch it with "
            "`/watch add`."
        )


class TooManyCompared(Mistake):
    def __init__(self) -> None:
        super().__init__("A chart compares five posts at most. Leave some out.")


class NoPostInMessage(Mistake):
    def __init__(self) -> None:
        super().__init__(
            "I can't find a link to an X post in this message. Use this on one that has a link."
        )


class NothingToExport(Mistake):
    def __init__(self) -> None:
        super().__init__("There is nothing to export: X shows no likes here yet.")


class ExportRunning(Mistake):
    """A member has one export at a time."""

    def __init__(self) -> None:
        super().__init__("An export of yours is still running. Wait for it, or cancel it.")


class ExportOver(Mistake):
    def __init__(self) -> None:
        super().__init__(
            "This export is no longer running. If you have no file of it, start it again."
        )


class ButtonOutdated(Mistake):
    """What was pressed is of an earlier version of the bot."""

    def __init__(self) -> None:
        super().__init__(
            "This is from an earlier version of me, and no longer works. Use the command again; "
            "`/help` shows them all."
        )


class FormClosed(Mistake):
    """What was handed in was opened before a restart, or too long ago."""

    def __init__(self) -> None:
        super().__init__(
            "That form is closed: it was open for too long, or I was restarted meanwhile. Open it "
            "again; nothing was changed."
        )


class NotAnOption(Mistake):
    """An option of a command is not what it may be; it has no name where it cannot be read."""

    def __init__(self, name: str | None) -> None:
        what = "one of the options" if name is None else f"`{name}`"
        super().__init__(f"I can't use what you entered for {what}. Check it, and try again.")


class OwnAccountNeeded(Mistake):
    """The server lets members like with their own accounts only."""

    def __init__(self) -> None:
        super().__init__(
            "In this server members like with their own X accounts. Link yours with "
            "`/account link`, then try again."
        )


class NoLongerTold(Mistake):
    """What a message told is not stored any more, or never was for this server."""

    def __init__(self) -> None:
        super().__init__(
            "I no longer have the names of that message: the watch it belonged to was removed."
        )


class NotAWhen(Mistake):
    def __init__(self) -> None:
        super().__init__(
            "I can't read when to tell. Write milestones as `10, 50, 250; goal 500`, and the time "
            "of a daily digest as `09:00`. Leave it empty for the usual ones."
        )


class WatchedThereAlready(Mistake):
    def __init__(self, channel_id: int) -> None:
        super().__init__(
            f"That post is watched in <#{channel_id}> already. Choose another channel, or remove "
            "one of the two."
        )


class OnlyForPosts(Mistake):
    """Asked of a watch of an account."""

    def __init__(self) -> None:
        super().__init__(
            "That works only for a watch of a post. A watch of an account can be paused, resumed "
            "and removed, or added anew with other settings."
        )


class NotQuietHours(Mistake):
    """One end is missing, or is no time of the day."""

    def __init__(self) -> None:
        super().__init__(
            "I can't read these quiet hours. Write when they begin and end, like `22:00` and "
            "`07:00`, or leave both out for none."
        )


class NotATimeZone(Mistake):
    """`near` are those that may be meant."""

    def __init__(self, near: Sequence[str] = ()) -> None:
        meant = " or ".join(f"`{name}`" for name in near)
        what_to_do = f"Did you mean {meant}?" if near else "Write it like `Europe/Berlin`."
        super().__init__(f"I don't know that time zone. {what_to_do}")


class NotATemplate(Mistake):
    """`fields` are those that there are."""

    def __init__(self, fields: Sequence[str]) -> None:
        named = ", ".join(f"`{{{field}}}`" for field in fields)
        super().__init__(
            f"I can't use that text. It may have the fields {named}, needs `{{names}}` or "
            "`{new}`, and has at most 300 characters."
        )


class OnlyForAccounts(Mistake):
    """Asked of a watch of a post."""

    def __init__(self) -> None:
        super().__init__("That works only for a watch of an account. `/watch account` adds one.")

"""X accounts that may read or act, and the requests to link one."""

from datetime import datetime

from sqlalchemy import bindparam as given
from sqlmodel import col, delete, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.consents import Consents
from storage.models import LinkRequest, XAccount
from storage.named_locks import lock_by_name
from storage.upsert import Row, lock_row, upsert


class Accounts:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, x_user_id: int, *, lock: bool = False) -> XAccount | None:
        return await self._session.get(XAccount, x_user_id, with_for_update=True if lock else None)

    async def lock(self, x_user_id: int, username: str, now: datetime) -> XAccount:
        """Return an account for changing; one that is not there yet is put there, unlinked."""
        return await lock_row(self._session, XAccount, _unlinked(x_user_id, username, now))

    async def lock_of(self, member_id: int) -> None:
        """Let nobody else link an account of this member's before the transaction ends."""
        await lock_by_name(self._session, f"account of:{member_id}")

    async def of_member(self, member_id: int, *, lock: bool = False) -> XAccount | None:
        """Return the account that a member has linked; there is at most one."""
        query = _LOCK_OF_MEMBER if lock else _OF_MEMBER
        return (await self._session.exec(query, params={"member": member_id})).first()

    async def usable(self) -> list[XAccount]:
        """Return the linked accounts that X accepted when it was last asked."""
        query = select(XAccount).where(
            col(XAccount.owner_id).is_not(None), col(XAccount.revoked_at).is_(None)
        )
        return list(await self._session.exec(query))

    async def in_browser(self) -> frozenset[int]:
        """Return which of them were linked in the browser, whether by a PIN as well or not."""
        return frozenset(await self._session.exec(_IN_BROWSER))

    async def refused_before(self, moment: datetime) -> list[XAccount]:
        """Return the linked accounts that X refused then or earlier, and has not accepted since."""
        query = select(XAccount).where(
            col(XAccount.owner_id).is_not(None), col(XAccount.revoked_at) <= moment
        )
        return list(await self._session.exec(query))

    async def linked(self) -> list[XAccount]:
        """Return every linked account for changing, locked in one order everywhere."""
        query = (
            select(XAccount)
            .where(col(XAccount.owner_id).is_not(None))
            .order_by(col(XAccount.x_user_id))
            .with_for_update()
        )
        return list(await self._session.exec(query))

    async def save_own(self, x_user_id: int, username: str, now: datetime) -> None:
        """Store the account whose token is in the settings; the token itself is not stored."""
        row = _unlinked(x_user_id, username, now)
        await upsert(self._session, XAccount, [row], keeping=("scopes", "created_at"))

    async def claim_refresh(
        self, x_user_id: int, now: datetime, until: datetime, ends_by: datetime
    ) -> bool:
        """Take on the refreshing of tokens that end by `ends_by`; False when somebody else has."""
        result = await self._session.exec(
            update(XAccount)
            .where(
                col(XAccount.x_user_id) == x_user_id,
                or_(col(XAccount.expires_at).is_(None), col(XAccount.expires_at) <= ends_by),
                or_(
                    col(XAccount.refreshing_until).is_(None),
                    col(XAccount.refreshing_until) <= now,
                ),
            )
            .values(refreshing_until=until)
        )
        return result.rowcount == 1

    async def remove(self, account: XAccount) -> None:
        """Delete an account, with whom it served and what it was used for."""
        await Consents(self._session).forget(account.x_user_id)
        await self._session.delete(account)
        await self._session.flush()


def _unlinked(x_user_id: int, username: str, now: datetime) -> Row:
    return {"x_user_id": x_user_id, "username": username, "scopes": "", "created_at": now}


class LinkRequests:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock_of(self, member_id: int) -> None:
        """Let nobody else open a request of this member's before the transaction ends."""
        await lock_by_name(self._session, f"link requests:{member_id}")

    async def add(self, request: LinkRequest) -> None:
        self._session.add(request)
        await self._session.flush()

    async def get(self, state: str, since: datetime) -> LinkRequest | None:
        """Return a request that is not older than `since`."""
        request = await self._session.get(LinkRequest, state)
        return request if request is not None and request.created_at >= since else None

    async def take(self, state: str, since: datetime) -> LinkRequest | None:
        """Return a request and end it: each is good for one use."""
        request = await self.get(state, since)
        result = await self._session.exec(
            delete(LinkRequest).where(col(LinkRequest.state) == state)
        )
        return request if result.rowcount else None

    async def open_since(self, member_id: int, since: datetime) -> list[datetime]:
        """Return when a member's requests that are open were made, the oldest first."""
        asked = {"member": member_id, "since": since}
        return list(await self._session.exec(_OPEN_SINCE, params=asked))

    async def count_try(self, state: str, most: int) -> bool:
        """Note that a PIN is tried; return False, and note nothing, when none is left."""
        result = await self._session.exec(
            update(LinkRequest)
            .where(col(LinkRequest.state) == state, col(LinkRequest.pin_tries) < most)
            .values(pin_tries=col(LinkRequest.pin_tries) + 1)
        )
        return result.rowcount == 1

    async def take_try_back(self, state: str) -> None:
        await self._session.exec(
            update(LinkRequest)
            .where(col(LinkRequest.state) == state, col(LinkRequest.pin_tries) > 0)
            .values(pin_tries=col(LinkRequest.pin_tries) - 1)
        )

    async def forget(self, member_id: int) -> None:
        await self._session.exec(delete(LinkRequest).where(col(LinkRequest.member_id) == member_id))

    async def forget_before(self, moment: datetime) -> None:
        await self._session.exec(delete(LinkRequest).where(col(LinkRequest.created_at) < moment))


# Built once, for they are asked all the time.
_IN_BROWSER = select(XAccount.x_user_id).where(
    col(XAccount.owner_id).is_not(None),
    col(XAccount.revoked_at).is_(None),
    col(XAccount.oauth2).is_not(None),
)
_OPEN_SINCE = (
    select(LinkRequest.created_at)
    .where(
        col(LinkRequest.member_id) == given("member"), col(LinkRequest.created_at) >= given("since")
    )
    .order_by(col(LinkRequest.created_at))
)
_OF_MEMBER = select(XAccount).where(col(XAccount.owner_id) == given("member"))
_LOCK_OF_MEMBER = _OF_MEMBER.with_for_update(key_share=True)

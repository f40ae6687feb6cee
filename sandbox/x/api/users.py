"""Users: oneself, by ID, by username."""

from sandbox.x.api.gate import Answer, Call
from sandbox.x.api.paths import path_id, path_username
from sandbox.x.problems import Sought
from sandbox.x.world.rows import User
from sandbox.x.world.state import World


class UsersApi:
    def __init__(self, world: World) -> None:
        self._world = world

    def me(self, call: Call) -> Answer:
        """Answer with the caller; only user tokens get here."""
        user_id = call.caller.user_id or 0
        return self._one(call, self._world.users.get(user_id), Sought("user", "id", str(user_id)))

    def by_id(self, call: Call) -> Answer:
        user_id = path_id(call, "id")
        return self._one(call, self._world.users.get(user_id), Sought("user", "id", str(user_id)))

    def by_username(self, call: Call) -> Answer:
        username = path_username(call)
        sought = Sought("user", "username", username)
        return self._one(call, self._world.user_named(username), sought)

    def by_ids(self, call: Call) -> Answer:
        ids: list[str] = call.query.values["ids"]
        return self._many(
            call, [(self._world.users.get(int(i)), Sought("user", "ids", i)) for i in ids]
        )

    def by_usernames(self, call: Call) -> Answer:
        names: list[str] = call.query.values["usernames"]
        return self._many(
            call, [(self._world.user_named(n), Sought("user", "usernames", n)) for n in names]
        )

    def _one(self, call: Call, user: User | None, sought: Sought) -> Answer:
        found = call.reader.find_user(user, sought)
        return Answer() if found is None else Answer(call.reader.users([found])[0])

    def _many(self, call: Call, sought: list[tuple[User | None, Sought]]) -> Answer:
        found = [
            user
            for candidate, each in sought
            if (user := call.reader.find_user(candidate, each)) is not None
        ]
        return Answer(call.reader.users(found) or None)

"""What must never be, looked at in the store itself and held against what was done, not against the rules."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from sqlite3 import Row

from tests.user_id_machine.world import World

_NEXT_CODE = {
    "printed": {"printed", "live", "dead"},
    "live": {"live", "used", "dead"},
    "used": {"used"},
    "dead": {"dead"},
}
_FOR_EVER = {"activated", "revoked"}
_IN_USE = ("active", "suspended", "locked")
_TRIES = 5


class Watch:
    """Keeps how everything stood, and says what became of it that must not."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._codes: dict[int, str] = {}
        self._requests: dict[str, str] = {}

    def look(self) -> None:
        """Raises AssertionError."""
        world = self._world
        users = world.rows("SELECT * FROM web_user")
        codes = world.rows("SELECT * FROM access_code")
        plans = [one["state"] for one in users if one["kind"] == "administrator"]
        assert plans.count("active") <= 1, "two active administrator IDs of the plan"
        in_use = [state for state in plans if state in _IN_USE]
        assert len(in_use) <= 1, "two administrator IDs of the plan in use"
        people = Counter(
            one["person"].lower()
            for one in users
            if one["state"] in _IN_USE and one["person"] and not self.is_over(one)
        )
        assert max(people.values(), default=0) <= 1, "one person has two IDs"
        for one in users:
            has = one["password_hash"] is not None
            assert has or one["state"] not in ("active", "locked"), "in use without a password"
            assert not has or one["state"] not in ("pending", "ended"), "a password that is not in use"
            assert (one["suspended_by"] != "") is (one["state"] == "suspended"), "suspended by nobody"
        open_codes = Counter(one["web_user_id"] for one in codes if one["state"] in ("printed", "live"))
        assert max(open_codes.values(), default=0) <= 1, "two codes of one ID"
        assert len({one["digest"] for one in codes}) == len(codes), "a code was given out twice"
        for one in codes:
            assert one["state"] in _NEXT_CODE[self._codes.get(one["id"], one["state"])], "a code came back"
            assert one["tries"] < _TRIES or one["state"] == "dead", "tried too often, and not dead"
        states = {one["id"]: one["state"] for one in users}
        for one in codes:
            if one["state"] == "live":
                assert states[one["web_user_id"]] not in ("ended", "withdrawn"), (
                    "a code for an ID that is over"
                )
        self._codes = {one["id"]: one["state"] for one in codes}
        self._look_at_requests(codes)

    def _look_at_requests(self, codes: list[Row]) -> None:
        requests = self._world.rows("SELECT * FROM user_id_request")
        live = {one["request_id"] for one in codes if one["state"] == "live"}
        printed = {one["request_id"] for one in codes if one["state"] == "printed"}
        for one in requests:
            before = self._requests.get(one["number"], one["state"])
            assert before not in _FOR_EVER or one["state"] == before, f"{one['number']} came back"
            number, state = one["number"], one["state"]
            assert (state == "mailed") is (one["id"] in live), f"{number}: {state}, unlike its code"
            assert (state == "id_created") is (one["id"] in printed), f"{number}: {state}, unlike its code"
            stopped = state in ("incomplete", "refused")
            assert one["mail_by"] is not None or stopped, f"{number}: {state} without a day"
        self._requests = {one["number"]: one["state"] for one in requests}

    # -- the administrator ----------------------------------------------------------------------------

    def administrators(self) -> list[str]:
        """Numbers of the IDs that can manage IDs today."""
        return [one["number"] for one in self._world.rows("SELECT * FROM web_user") if self._manages(one)]

    def _manages(self, one: Row) -> bool:
        if one["state"] != "active" or self.is_over(one):
            return False
        return one["kind"] == "administrator" or "users_manage" in json.loads(one["privileges"])

    def is_over(self, one: Row) -> bool:
        """Whether the last day of an ID, or of its agent's record, is over."""
        today = self._world.today.isoformat()
        if one["valid_to"] is not None and one["valid_to"] < today:
            return True
        return one["person_is"] != "employee" and not self._on_record(one["person_is"], one["person"], today)

    def _on_record(self, role: str, name: str, today: str) -> bool:
        found = self._world.rows(
            "SELECT * FROM contact WHERE role = ? AND lower(name) = lower(?)", role, name
        )
        return any(
            (one["valid_from"] or today) <= today <= (one["valid_to"] or date.max.isoformat())
            for one in found
        )

    # -- what may be done -----------------------------------------------------------------------------

    def must_open(self, number: str) -> bool:
        """Whether the right code must make this ID active now."""
        (user,) = self._world.rows("SELECT * FROM web_user WHERE number = ?", number)
        found = self._world.rows(
            "SELECT * FROM access_code WHERE web_user_id = ? AND state = 'live'", user["id"]
        )
        if not found or found[0]["valid_to"] < self._world.today.isoformat() or self.is_over(user):
            return False
        if user["state"] == "suspended":
            return user["kind"] == "administrator" and user["suspended_by"] in ("client", "unused")
        others = [
            one
            for one in self._world.rows("SELECT * FROM web_user WHERE kind = 'administrator'")
            if one["state"] in ("active", "suspended", "locked")
            and one["id"] not in (user["id"], user["replaces"])
            and not self.is_over(one)
        ]
        return user["state"] in ("pending", "active", "locked") and not (
            user["kind"] == "administrator" and others
        )

"""The rules by which the client plays, and what goes on from the fax to the first use on most days."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from pydantic import SecretStr

from api_client.types.online import Activate, ActOnUser, AddUser, ChangeUser, OnlineSignIn, ResetUser
from api_client.types.user_id_words import (
    PersonIs,
    Privilege,
)
from backend.database.unit import Unit
from backend.problems import Problem
from backend.session.passwords import password_fits
from backend.user_ids import codes, delegated, online
from tests.user_id_machine.desk import ASKERS, AT, DAY, PEOPLE, ROLE_OF, WHO, Desk
from tests.user_id_machine.world import (
    GROUPS,
    HASHER,
    ONLINE,
)

_CHOICES: tuple[list[Privilege], ...] = (
    list(Privilege),
    [Privilege.USERS_MANAGE, Privilege.MEMBERS_VIEW],
    [Privilege.MEMBERS_VIEW],
    [Privilege.BILLING_VIEW, Privilege.BILLING_PAY],
)


class UserIds(Desk):
    """A client's user IDs, in whatever order things happen to them."""

    # -- as it goes on most days ----------------------------------------------------------------------

    @initialize(people=st.sampled_from([(), PEOPLE[:1], (*PEOPLE[:1], "Hester Nib", "Lemuel Blotter")]))
    def begins(self, people: tuple[str, ...]) -> None:
        """With nobody, with the administrator of the plan's, or with two of the client's besides."""
        for person in people[:1]:
            self.goes_well(group=GROUPS[0], person=person, by="r.one", lead="l.one", used=True)
        for at, person in enumerate(people[1:]):
            self.joins(person=person, choice=_CHOICES[at])

    @rule(
        group=st.sampled_from(GROUPS),
        person=st.sampled_from(ASKERS),
        by=WHO,
        lead=st.sampled_from(["l.one", "l.two"]),
        used=st.sampled_from([True, True, False]),
    )
    def goes_well(self, group: str, person: str, by: str, lead: str, used: bool) -> None:
        """From the fax to the first use, as it goes on most days."""
        self.register(kind=None, group=group, person=person, right=5, by=by)
        self.approve(at=0, by=by)
        if self._request(0, "verifying") is not None:
            self.approve(at=0, by=lead)
        self.mail(lost=False)
        if used and self.sheets:
            self.activate(at=0)

    # -- the client, online ---------------------------------------------------------------------------

    @precondition(lambda self: self.sheets)
    @rule(at=AT)
    def activate(self, at: int) -> None:
        """Somebody types what stands on a sheet, be it mailed, lost, old or used."""
        sheet = self.sheets[-1 - at % len(self.sheets)]
        self._activate(sheet.user, sheet.code)

    @precondition(lambda self: self.sheets)
    @rule(at=AT, times=st.sampled_from([1, 1, 4, 5]))
    def guess(self, at: int, times: int) -> None:
        sheet = self.sheets[-1 - at % len(self.sheets)]
        for _ in range(times):
            self._activate(sheet.user, codes.new_code(self.world.pick))

    @precondition(lambda self: self.given)
    @rule(at=AT, code=AT)
    def activate_given(self, at: int, code: int) -> None:
        user = self._user(at)
        self._activate(user["number"], self.given[-1 - code % len(self.given)])

    def _activate(self, number: str, code: str) -> None:
        if number not in self.ids:
            return
        world = self.world
        digest = codes.code_digest(world.runtime.keys, code)
        (user,) = world.rows("SELECT * FROM web_user WHERE number = ?", number)
        own = world.rows("SELECT * FROM access_code WHERE web_user_id = ? AND state = 'live'", user["id"])
        is_own = bool(own) and own[0]["digest"] == digest
        must = is_own and self.watch.must_open(number)
        world.made += 1
        password = f"a password of {world.made}"
        form = Activate(
            user_id=SecretStr(self.ids[number]),
            code=SecretStr(code),
            password=SecretStr(password),
            source=f"source {world.made}",
        )
        try:
            world.act(ONLINE, lambda unit: online.try_to_activate(unit, form))
        except Problem:
            return  # throttled
        hashed = HASHER.hash(password)
        opened = self._does(ONLINE, "activate", lambda unit: online.activate(unit, form, hashed))
        assert opened or not must, "a code that works was not taken"
        if not opened:
            self.wrong[number] += bool(own) and not is_own
            return
        self.passwords[number] = password
        assert is_own, "a code of somebody else or of no letter was taken"
        assert code not in self.used, "a code was used twice"
        assert self.last_day[code] >= world.today, "a code was taken after its last day"
        assert self.wrong[number] < 5, "a code was taken after five wrong tries"
        self.used.add(code)

    @rule(at=AT, right=st.booleans(), times=st.sampled_from([1, 5]))
    def sign_in(self, at: int, right: bool, times: int) -> None:
        user = self._user(at)
        if user is None or user["number"] not in self.ids:
            return
        number = user["number"]
        password = self.passwords.get(number, "never chosen") if right else "not the password"
        for _ in range(times):
            self.world.made += 1
            form = OnlineSignIn(
                user_id=SecretStr(self.ids[number]),
                password=SecretStr(password),
                source=f"source {self.world.made}",
            )
            self._signs_in(number, form)

    def _signs_in(self, number: str, form: OnlineSignIn) -> None:
        try:
            stored = self.world.act(ONLINE, lambda unit: online.try_to_sign_in(unit, form))
        except Problem:
            return
        (user,) = self.world.rows("SELECT * FROM web_user WHERE number = ?", number)
        fits = password_fits(stored, form.password.get_secret_value()) if stored else False
        inside = self._does(ONLINE, "sign in", lambda unit: online.sign_in(unit, form, stored, fits=fits))
        assert not inside or (fits and user["state"] == "active" and not self.watch.is_over(user))

    # -- the client's administrators -------------------------------------------------------------------

    def _as_client(self, what: str, act: Callable[[Unit], Coroutine[Any, Any, Any]]) -> bool:
        """An act of the client's: never one that leaves nobody to manage its IDs."""
        before = self.watch.administrators()
        done = self._does(ONLINE, what, act)
        after = self.watch.administrators()
        assert after or not before, "an act of the client left it without an administrator"
        assert done or before == after, "what was refused changed something"
        return done

    def _by(self, at: int) -> str | None:
        """The user ID of somebody of the client: who manages IDs, or now and then anybody."""
        known = [one for one in self.watch.administrators() if one in self.ids] or sorted(self.ids)
        known = sorted(self.ids) if at == 0 else known
        return self.ids[known[at % len(known)]] if known else None

    @rule(
        by=AT,
        person=st.sampled_from(PEOPLE),
        choice=st.sampled_from(_CHOICES),
        days=st.sampled_from([None, None, 20]),
        old=st.integers(0, 5),
    )
    def add(self, by: int, person: str, choice: list[Privilege], days: int | None, old: int) -> None:
        acting = self._by(by)
        if acting is None:
            return
        world = self.world
        world.made += 1
        user_id = f"client-{world.made}"
        every = [*(one.code for one in self.sheets), *self.given]
        reused = bool(every) and old == 0
        code = every[world.made % len(every)] if reused else codes.new_code(world.pick)
        form = AddUser(
            by=SecretStr(acting),
            user_id=SecretStr(user_id),
            person=person,
            person_is=ROLE_OF.get(person, PersonIs.EMPLOYEE),
            privileges=choice,
            valid_to=None if days is None else world.today + days * DAY,
            code=SecretStr(code),
        )
        if self._as_client("add", lambda unit: delegated.add(unit, form)):
            assert not reused, "a code was given out twice"
            (row,) = world.rows("SELECT number FROM web_user ORDER BY id DESC LIMIT 1")
            self.ids[row["number"]] = user_id
            self._gave(row["number"], code)

    @rule(person=st.sampled_from(PEOPLE), choice=st.sampled_from(_CHOICES))
    def joins(self, person: str, choice: list[Privilege]) -> None:
        """Somebody gets an ID of the client's and uses it at once."""
        before = len(self.given)
        self.add(by=1, person=person, choice=choice, days=None, old=5)
        if len(self.given) > before:
            self._activate(self._user(0)["number"], self.given[-1])

    def _gave(self, number: str, code: str) -> None:
        self.given.append(code)
        self.wrong[number] = 0
        self.last_day[code] = self.world.today + 21 * DAY

    def _mine(self, at: int) -> Any:
        """An ID of the client's own, now and then the plan's."""
        return self._user(at, "%" if at % 4 == 0 else "user")

    @rule(by=AT, at=AT, choice=st.none() | st.sampled_from(_CHOICES), days=st.sampled_from([0, 20, None]))
    def change(self, by: int, at: int, choice: list[Privilege] | None, days: int | None) -> None:
        acting, user = self._by(by), self._mine(at)
        if acting is None or user is None:
            return
        named: dict[str, Any] = {} if choice is None else {"privileges": choice}
        if days != 0:
            named["valid_to"] = None if days is None else self.world.today + days * DAY
        form = ChangeUser(by=SecretStr(acting), user=user["number"], **named)
        self._as_client("change", lambda unit: delegated.change(unit, form, user["version"]))

    @rule(by=AT, at=AT, act=st.sampled_from(["suspend", "resume", "end"]))
    def act_on(self, by: int, at: int, act: str) -> None:
        acting, user = self._by(by), self._mine(at)
        if acting is not None and user is not None:
            form = ActOnUser(by=SecretStr(acting), user=user["number"])
            does = {"suspend": delegated.suspend, "resume": delegated.resume, "end": delegated.end}[act]
            self._as_client(act, lambda unit: does(unit, form, user["version"]))

    @rule(by=AT, at=AT)
    def reset(self, by: int, at: int) -> None:
        acting, user = self._by(by), self._mine(at)
        if acting is not None and user is not None:
            code = codes.new_code(self.world.pick)
            form = ResetUser(by=SecretStr(acting), user=user["number"], code=SecretStr(code))
            if self._as_client("reset", lambda unit: delegated.reset(unit, form, user["version"])):
                self._gave(user["number"], code)

"""The rules by which the machine plays: what a desk, a mail room, a client and time can do."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Coroutine
from datetime import date, timedelta
from functools import partial
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from pydantic import SecretStr

from api_client.types.letters import LettersReturned
from api_client.types.online import Activate, ActOnUser, AddUser, ChangeUser, OnlineSignIn, ResetUser
from api_client.types.problems import ProblemType
from api_client.types.user_id_words import (
    BlockReason,
    DenyReason,
    Missing,
    PersonIs,
    Privilege,
    UserIdRequestKind,
)
from api_client.types.user_ids import BlockUser, Completed, Deny, Incomplete, LiftBlock, RegisterFax
from api_client.types.words import Channel
from backend.actors import SYSTEM
from backend.database.unit import Unit
from backend.letters import returned
from backend.problems import Problem
from backend.session.passwords import password_fits
from backend.user_ids import codes, delegated, incomplete, issuing, online, service, users
from tests.user_id_machine.watch import Watch
from tests.user_id_machine.world import (
    ADDRESSES,
    CALLED,
    GROUPS,
    HASHER,
    ONLINE,
    REPS,
    Folder,
    Sheet,
    World,
)

_AT = st.integers(0, 11)
"""Which of those there are, counted from the newest."""
_WHO = st.sampled_from(sorted(REPS))
_DAY = timedelta(days=1)
_ASKERS = ("Barnaby Inkwell", "Ottoline Quillfeather", "Sable Brokers")
"""On record of the client; whoever else is named on a form is not."""
_PEOPLE = (*_ASKERS, "Thistle Admin", "Hester Nib", "Lemuel Blotter")
_IS = {"Sable Brokers": PersonIs.BROKER, "Thistle Admin": PersonIs.TPA}
_MANAGER = [Privilege.USERS_MANAGE, Privilege.MEMBERS_VIEW]
_CHOICES: tuple[list[Privilege], ...] = (
    list(Privilege),
    _MANAGER,
    [Privilege.MEMBERS_VIEW],
    [Privilege.BILLING_VIEW, Privilege.BILLING_PAY],
)
_NEVER = (ProblemType.INTERNAL, ProblemType.INVALID)


class UserIds(RuleBasedStateMachine):
    """A client's user IDs; each example begins with nobody having one."""

    counted: ClassVar[Counter[str]] = Counter()
    """What was done, over all examples."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.watch = Watch(self.world)
        self.folders: list[Folder] = []
        self.sheets: list[Sheet] = []
        """Every sheet that was ever printed, whether mailed or not: somebody may have kept it."""
        self.ids: dict[str, str] = {}
        """What people know: the user ID behind each number."""
        self.passwords: dict[str, str] = {}
        self.used: set[str] = set()
        self.wrong: Counter[str] = Counter()
        """Wrong tries of each ID since its code was made."""
        self.last_day: dict[str, date] = {}
        self.given: list[str] = []
        """Codes that the online service made."""
        self.moved: dict[str, tuple[date, str]] = {}

    def teardown(self) -> None:
        self.world.close()

    @invariant()
    def nothing_is_as_it_must_not_be(self) -> None:
        self.watch.look()

    def _does(self, actor: Any, what: str, act: Callable[[Unit], Coroutine[Any, Any, Any]]) -> bool:
        """Whether it was done; a refusal is an answer."""
        self.counted["steps"] += 1
        try:
            self.world.act(actor, act)
        except Problem as problem:
            assert problem.type not in _NEVER, problem.detail  # noqa: PT017
            return False
        self.counted[what] += 1
        return True

    def _request(self, at: int, *states: str) -> Any:
        """One of the requests in these states, the newest first; None where there is none."""
        marks = ", ".join("?" * len(states))
        query = f"SELECT * FROM user_id_request WHERE state IN ({marks}) ORDER BY id DESC"
        found = self.world.rows(query, *states)
        return found[at % len(found)] if found else None

    def _user(self, at: int, kind: str = "%") -> Any:
        """One of the IDs, the newest first; None where there is none."""
        found = self.world.rows("SELECT * FROM web_user WHERE kind LIKE ? ORDER BY id DESC", kind)
        return found[at % len(found)] if found else None

    @initialize(people=st.sampled_from([(), _PEOPLE[:1], (*_PEOPLE[:1], "Hester Nib", "Lemuel Blotter")]))
    def begins(self, people: tuple[str, ...]) -> None:
        """With nobody, with the administrator of the plan's, or with two of the client's besides."""
        for person in people[:1]:
            self.goes_well(group=GROUPS[0], person=person, by="r.one", lead="l.one", used=True)
        for at, person in enumerate(people[1:]):
            self.joins(person=person, choice=_CHOICES[at])

    # -- the desk -------------------------------------------------------------------------------------

    @rule(
        kind=st.none() | st.sampled_from(UserIdRequestKind),
        group=st.sampled_from(GROUPS),
        person=st.sampled_from((*_ASKERS, "Hester Nib")),
        right=st.integers(0, 5),
        by=_WHO,
    )
    def register(self, kind: UserIdRequestKind | None, group: str, person: str, right: int, by: str) -> None:
        """A form is faxed; without a `kind` it is one that fits, and of six one is at another address and one
        signed by nobody.
        """
        (account,) = self.world.rows("SELECT * FROM account WHERE number = ?", group)
        wrong = next(one for one in ADDRESSES if one[0] != account["street"])
        street, postal = wrong if right == 0 else (account["street"], account["zip"])
        self.world.made += 1
        form = RegisterFax(
            group_number=group,
            kind=kind or self._kind(),
            received_at=self.world.clock.now,
            fax_reference=f"FAX-{self.world.made}",
            administrator=person,
            administrator_is=_IS.get(person, PersonIs.EMPLOYEE),
            signer="Nobody Known" if right == 1 else "Ottoline Quillfeather",
            street=street,
            city="Sacramento",
            state="CA",
            zip=postal,
        )
        self._does(self.world.actors[by], "register", lambda unit: service.register(unit, form))

    def _kind(self) -> UserIdRequestKind:
        there = "SELECT id FROM web_user WHERE kind = 'administrator' AND state IN (?, ?, ?)"
        if not self.world.rows(there, "active", "suspended", "locked"):
            return UserIdRequestKind.FIRST
        return (UserIdRequestKind.RESET, UserIdRequestKind.REPLACE)[self.world.made % 2]

    @rule(
        group=st.sampled_from(GROUPS),
        person=st.sampled_from(_ASKERS),
        by=_WHO,
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

    @rule(at=_AT, by=_WHO, missing=st.sampled_from(Missing))
    def incomplete(self, at: int, by: str, missing: Missing) -> None:
        row = self._request(at, "received", "verifying", "incomplete", "approved")
        if row is not None:
            form = Incomplete(missing=[missing])
            self._does(
                self.world.actors[by],
                "incomplete",
                lambda unit: incomplete.incomplete(unit, row["number"], row["version"], form),
            )

    @rule(at=_AT, by=_WHO)
    def complete(self, at: int, by: str) -> None:
        row = self._request(at, "incomplete", "received")
        if row is None:
            return
        query = "SELECT * FROM account WHERE id = ?"
        (account,) = self.world.rows(query, row["account_id"])
        self.world.made += 1
        form = Completed(
            answered_at=self.world.clock.now,
            by=Channel.FAX,
            fax_reference=f"FAX-{self.world.made}",
            signer="Ottoline Quillfeather",
            street=account["street"],
            zip=account["zip"],
        )
        self._does(
            self.world.actors[by],
            "complete",
            lambda unit: incomplete.complete(unit, row["number"], row["version"], form),
        )

    @rule(at=_AT, by=_WHO)
    def approve(self, at: int, by: str) -> None:
        row = self._request(at, "received", "verifying", "incomplete", "approved", "refused")
        if row is None:
            return
        actor = self.world.actors[by]
        moved_on, moved_by = self._moved(row["account_id"])
        if not self._does(
            actor, "approve", lambda unit: service.approve(unit, row["number"], row["version"])
        ):
            return
        (now,) = self.world.rows("SELECT * FROM user_id_request WHERE id = ?", row["id"])
        recent = moved_on is not None and self.world.today - moved_on <= 30 * _DAY
        assert not (recent and moved_by == by), "who changed the address approved"
        if now["state"] == "approved" and recent:
            self.counted["second person"] += 1
            assert row["checked_by"] not in (None, actor.rep_id), "one person approved alone"
            assert REPS[by] != "rep", "the second person is a lead"
        if now["state"] == "verifying":
            assert recent, "only a move needs two"
            assert now["checked_by"] == actor.rep_id

    def _moved(self, account_id: int) -> tuple[date | None, str]:
        (account,) = self.world.rows("SELECT number FROM account WHERE id = ?", account_id)
        return self.moved.get(account["number"], (None, ""))

    @rule(at=_AT, by=_WHO, reason=st.sampled_from(DenyReason))
    def deny(self, at: int, by: str, reason: DenyReason) -> None:
        row = self._request(at, "received", "verifying", "incomplete")
        if row is not None:
            form = Deny(reason=reason)
            self._does(
                self.world.actors[by],
                "deny",
                lambda unit: service.deny(unit, row["number"], row["version"], form),
            )

    @rule(at=_AT, by=_WHO)
    def undo(self, at: int, by: str) -> None:
        row = self._request(
            at, "refused", "verifying", "approved", "print_queued", "id_created", "mailed", "activated"
        )
        if row is not None:
            self._does(
                self.world.actors[by],
                "undo",
                lambda unit: service.undo(unit, row["number"], row["version"]),
            )

    @rule(group=st.sampled_from(GROUPS), by=_WHO)
    def move(self, group: str, by: str) -> None:
        self.counted["steps"] += 1
        self.world.move(group, by)
        self.moved[group] = (self.world.today, by)

    @rule(at=_AT, by=st.sampled_from(sorted(CALLED)))
    def reissue(self, at: int, by: str) -> None:
        row = self._request(at, "mailed", "expired", "returned_mail", "activated")
        if row is not None:
            self._does(
                self.world.actors[by],
                "reissue",
                lambda unit: issuing.reissue(unit, row["number"], row["version"]),
            )

    @rule(at=_AT, by=_WHO, reason=st.sampled_from([None, *BlockReason]))
    def block(self, at: int, by: str, reason: BlockReason | None) -> None:
        user = self._user(at)
        if user is not None and reason is not None:
            form = BlockUser(reason=reason)
            self._does(
                self.world.actors[by],
                "block",
                lambda unit: users.block(unit, user["number"], user["version"], form),
            )

    @rule(at=_AT, by=st.sampled_from(["l.one", "l.two"]))
    def lift(self, at: int, by: str) -> None:
        user = self._user(at)
        if user is not None:
            form = LiftBlock(note="the client confirmed it")
            self._does(
                self.world.actors[by],
                "lift",
                lambda unit: users.lift(unit, user["number"], user["version"], form),
            )

    # -- the mail room --------------------------------------------------------------------------------

    def _read(self, sheets: list[Sheet]) -> None:
        for one in sheets:
            assert one.code not in {known.code for known in self.sheets}, "a code was made twice"
            self.sheets.append(one)
            if one.user_id:
                self.ids[one.user] = one.user_id
            self.wrong[one.user] = 0
            (code,) = self.world.rows(
                "SELECT * FROM access_code WHERE digest = ?",
                codes.code_digest(self.world.runtime.keys, one.code),
            )
            self.last_day[one.code] = date.fromisoformat(code["valid_to"])

    @rule(lost=st.booleans())
    def take_up(self, lost: bool) -> None:
        """A mailing is printed; where it is `lost`, the command breaks off before the paper is kept."""
        self.counted["steps"] += 1
        self.world.pass_time(timedelta(minutes=11))
        folder = self.world.new_folder()
        if folder.letters:
            self.folders.append(folder)
            self._print(folder, lost=lost)

    def _print(self, folder: Folder, *, lost: bool) -> None:
        printed = self.world.print(folder, lost=lost)
        self.counted["sheets"] += len(printed)
        self._read(printed)

    @precondition(lambda self: self.folders)
    @rule(at=_AT, lost=st.booleans())
    def print_again(self, at: int, lost: bool) -> None:
        self.counted["steps"] += 1
        self._print(self.folders[-1 - at % len(self.folders)], lost=lost)

    @precondition(lambda self: self.folders)
    @rule(at=_AT, old=st.booleans())
    def mark(self, at: int, old: bool) -> None:
        """The letters of a folder go to the post, once or again; `old` marks the first sheet ever printed."""
        self.counted["steps"] += 1
        folder = self.folders[-1 - at % len(self.folders)]
        sheets = dict(folder.sheets)
        if old:
            for number in sheets:
                sheets[number] = next(one for one in self.sheets if one.letter == number)
        live = self._live()
        self.world.mark(folder, sheets)
        keys = self.world.runtime.keys
        papers = {codes.code_digest(keys, one.code) for one in sheets.values()}
        for digest in self._live() - live:
            self.counted["mailed"] += 1
            assert digest in papers, "a code works that was on no paper of the mailing"

    def _live(self) -> set[str]:
        return {
            one["digest"] for one in self.world.rows("SELECT digest FROM access_code WHERE state = 'live'")
        }

    @rule(lost=st.sampled_from([False, False, True]))
    def mail(self, lost: bool) -> None:
        """The whole mailing as it goes on most days."""
        self.take_up(lost=False)
        if self.folders:
            if lost:
                self._print(self.folders[-1], lost=True)
            self.mark(at=0, old=False)

    @rule(at=_AT)
    def comes_back(self, at: int) -> None:
        """The post brings a letter back."""
        found = self.world.rows(
            "SELECT number FROM letter WHERE kind = 'user_id' AND mailed_on IS NOT NULL ORDER BY id DESC"
        )
        self.counted["steps"] += 1
        if not found:
            return
        number = found[at % len(found)]["number"]

        async def note() -> LettersReturned:
            source = io.BytesIO(number.encode())
            runtime = self.world.runtime
            *_, report = [
                one
                async for one in returned.mark_returned(runtime, SYSTEM, source, None, request_id="MACHINE")
            ]
            assert isinstance(report, LettersReturned)
            return report

        self.counted["returned"] += self.world.run(note()).returned

    # -- time -----------------------------------------------------------------------------------------

    @rule(days=st.sampled_from([0, 1, 3, 8, 22, 31, 91]), run=st.booleans())
    def time_passes(self, days: int, run: bool) -> None:
        self.counted["steps"] += 1
        before: list[str] = []
        look = partial(self._administrators_into, before)
        self.world.pass_time(days * _DAY + timedelta(minutes=16), look if run else None)
        if before:
            assert self.watch.administrators(), "lack of use left the client without an administrator"

    def _administrators_into(self, found: list[str]) -> None:
        found += self.watch.administrators()

    @rule(group=st.sampled_from(GROUPS), unpaid=st.booleans())
    def pays(self, group: str, unpaid: bool) -> None:
        self.counted["steps"] += 1
        self.world.set_standing(group, unpaid=unpaid)

    @rule(days=st.sampled_from([-1, 5, 40, None]))
    def broker_record(self, days: int | None) -> None:
        self.counted["steps"] += 1
        self.world.set_broker(None if days is None else self.world.today + days * _DAY)

    # -- the client, online ---------------------------------------------------------------------------

    @precondition(lambda self: self.sheets)
    @rule(at=_AT)
    def activate(self, at: int) -> None:
        """Somebody types what stands on a sheet, be it mailed, lost, old or used."""
        sheet = self.sheets[-1 - at % len(self.sheets)]
        self._activate(sheet.user, sheet.code)

    @precondition(lambda self: self.sheets)
    @rule(at=_AT, times=st.sampled_from([1, 1, 4, 5]))
    def guess(self, at: int, times: int) -> None:
        sheet = self.sheets[-1 - at % len(self.sheets)]
        for _ in range(times):
            self._activate(sheet.user, codes.new_code(self.world.pick))

    @precondition(lambda self: self.given)
    @rule(at=_AT, code=_AT)
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

    @rule(at=_AT, right=st.booleans(), times=st.sampled_from([1, 5]))
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
        by=_AT,
        person=st.sampled_from(_PEOPLE),
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
            person_is=_IS.get(person, PersonIs.EMPLOYEE),
            privileges=choice,
            valid_to=None if days is None else world.today + days * _DAY,
            code=SecretStr(code),
        )
        if self._as_client("add", lambda unit: delegated.add(unit, form)):
            assert not reused, "a code was given out twice"
            (row,) = world.rows("SELECT number FROM web_user ORDER BY id DESC LIMIT 1")
            self.ids[row["number"]] = user_id
            self._gave(row["number"], code)

    @rule(person=st.sampled_from(_PEOPLE), choice=st.sampled_from(_CHOICES))
    def joins(self, person: str, choice: list[Privilege]) -> None:
        """Somebody gets an ID of the client's and uses it at once."""
        before = len(self.given)
        self.add(by=1, person=person, choice=choice, days=None, old=5)
        if len(self.given) > before:
            self._activate(self._user(0)["number"], self.given[-1])

    def _gave(self, number: str, code: str) -> None:
        self.given.append(code)
        self.wrong[number] = 0
        self.last_day[code] = self.world.today + 21 * _DAY

    def _mine(self, at: int) -> Any:
        """An ID of the client's own, now and then the plan's."""
        return self._user(at, "%" if at % 4 == 0 else "user")

    @rule(by=_AT, at=_AT, choice=st.none() | st.sampled_from(_CHOICES), days=st.sampled_from([0, 20, None]))
    def change(self, by: int, at: int, choice: list[Privilege] | None, days: int | None) -> None:
        acting, user = self._by(by), self._mine(at)
        if acting is None or user is None:
            return
        named: dict[str, Any] = {} if choice is None else {"privileges": choice}
        if days != 0:
            named["valid_to"] = None if days is None else self.world.today + days * _DAY
        form = ChangeUser(by=SecretStr(acting), user=user["number"], **named)
        self._as_client("change", lambda unit: delegated.change(unit, form, user["version"]))

    @rule(by=_AT, at=_AT, act=st.sampled_from(["suspend", "resume", "end"]))
    def act_on(self, by: int, at: int, act: str) -> None:
        acting, user = self._by(by), self._mine(at)
        if acting is not None and user is not None:
            form = ActOnUser(by=SecretStr(acting), user=user["number"])
            does = {"suspend": delegated.suspend, "resume": delegated.resume, "end": delegated.end}[act]
            self._as_client(act, lambda unit: does(unit, form, user["version"]))

    @rule(by=_AT, at=_AT)
    def reset(self, by: int, at: int) -> None:
        acting, user = self._by(by), self._mine(at)
        if acting is not None and user is not None:
            code = codes.new_code(self.world.pick)
            form = ResetUser(by=SecretStr(acting), user=user["number"], code=SecretStr(code))
            if self._as_client("reset", lambda unit: delegated.reset(unit, form, user["version"])):
                self._gave(user["number"], code)

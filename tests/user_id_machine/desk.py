"""The rules by which the plan plays: its desk, its mail room, and the time that passes there."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Coroutine
from datetime import date, timedelta
from functools import partial
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from api_client.types.letters import LettersReturned
from api_client.types.problems import ProblemType
from api_client.types.user_id_words import (
    BlockReason,
    DenyReason,
    Missing,
    PersonIs,
    UserIdRequestKind,
)
from api_client.types.user_ids import BlockUser, Completed, Deny, Incomplete, LiftBlock, RegisterFax
from api_client.types.words import Channel
from backend.actors import SYSTEM
from backend.database.unit import Unit
from backend.letters import returned
from backend.problems import Problem
from backend.user_ids import codes, incomplete, issuing, service, users
from tests.user_id_machine.watch import Watch
from tests.user_id_machine.world import (
    ADDRESSES,
    CALLED,
    GROUPS,
    REPS,
    Folder,
    Sheet,
    World,
)

AT = st.integers(0, 11)
"""Which of those there are, counted from the newest."""
WHO = st.sampled_from(sorted(REPS))
DAY = timedelta(days=1)
ASKERS = ("Barnaby Inkwell", "Ottoline Quillfeather", "Sable Brokers")
"""On record of the client; whoever else is named on a form is not."""
PEOPLE = (*ASKERS, "Thistle Admin", "Hester Nib", "Lemuel Blotter")
ROLE_OF = {"Sable Brokers": PersonIs.BROKER, "Thistle Admin": PersonIs.TPA}
NEVER = (ProblemType.INTERNAL, ProblemType.INVALID)


class Desk(RuleBasedStateMachine):
    """What the plan, its mail room and time do with the user IDs of a client."""

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
            assert problem.type not in NEVER, problem.detail  # noqa: PT017
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

    # -- the desk -------------------------------------------------------------------------------------

    @rule(
        kind=st.none() | st.sampled_from(UserIdRequestKind),
        group=st.sampled_from(GROUPS),
        person=st.sampled_from((*ASKERS, "Hester Nib")),
        right=st.integers(0, 5),
        by=WHO,
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
            administrator_is=ROLE_OF.get(person, PersonIs.EMPLOYEE),
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

    @rule(at=AT, by=WHO, missing=st.sampled_from(Missing))
    def incomplete(self, at: int, by: str, missing: Missing) -> None:
        row = self._request(at, "received", "verifying", "incomplete", "approved")
        if row is not None:
            form = Incomplete(missing=[missing])
            self._does(
                self.world.actors[by],
                "incomplete",
                lambda unit: incomplete.incomplete(unit, row["number"], row["version"], form),
            )

    @rule(at=AT, by=WHO)
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

    @rule(at=AT, by=WHO)
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
        recent = moved_on is not None and self.world.today - moved_on <= 30 * DAY
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

    @rule(at=AT, by=WHO, reason=st.sampled_from(DenyReason))
    def deny(self, at: int, by: str, reason: DenyReason) -> None:
        row = self._request(at, "received", "verifying", "incomplete")
        if row is not None:
            form = Deny(reason=reason)
            self._does(
                self.world.actors[by],
                "deny",
                lambda unit: service.deny(unit, row["number"], row["version"], form),
            )

    @rule(at=AT, by=WHO)
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

    @rule(group=st.sampled_from(GROUPS), by=WHO)
    def move(self, group: str, by: str) -> None:
        self.counted["steps"] += 1
        self.world.move(group, by)
        self.moved[group] = (self.world.today, by)

    @rule(at=AT, by=st.sampled_from(sorted(CALLED)))
    def reissue(self, at: int, by: str) -> None:
        row = self._request(at, "mailed", "expired", "returned_mail", "activated")
        if row is not None:
            self._does(
                self.world.actors[by],
                "reissue",
                lambda unit: issuing.reissue(unit, row["number"], row["version"]),
            )

    @rule(at=AT, by=WHO, reason=st.sampled_from([None, *BlockReason]))
    def block(self, at: int, by: str, reason: BlockReason | None) -> None:
        user = self._user(at)
        if user is not None and reason is not None:
            form = BlockUser(reason=reason)
            self._does(
                self.world.actors[by],
                "block",
                lambda unit: users.block(unit, user["number"], user["version"], form),
            )

    @rule(at=AT, by=st.sampled_from(["l.one", "l.two"]))
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
    @rule(at=AT, lost=st.booleans())
    def print_again(self, at: int, lost: bool) -> None:
        self.counted["steps"] += 1
        self._print(self.folders[-1 - at % len(self.folders)], lost=lost)

    @precondition(lambda self: self.folders)
    @rule(at=AT, old=st.booleans())
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
            (sent,) = self.world.rows(
                "SELECT letter.street AS place, account.street AS record FROM access_code AS code "
                "JOIN letter ON letter.request_id = code.request_id AND letter.kind = 'user_id' "
                "JOIN account ON account.id = letter.account_id "
                "WHERE code.digest = ? ORDER BY letter.id DESC LIMIT 1",
                digest,
            )
            assert sent["place"] == sent["record"], "a code went where the client is on record no more"

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

    @rule(at=AT)
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
        self.world.pass_time(days * DAY + timedelta(minutes=16), look if run else None)
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
        self.world.set_broker(None if days is None else self.world.today + days * DAY)

"""User IDs in every state that a rep can meet: asked for, on the way, in use, lost, blocked.

Each came there by the services themselves, on the days it would have; the codes were made as the mailing step
makes them, and forgotten.
"""

from __future__ import annotations

import hashlib
import io
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from pydantic import SecretStr

from api_client.types.letters import LetterReturned, LettersMailed, PrintedCode
from api_client.types.online import Activate, ActOnUser, AddUser
from api_client.types.user_id_words import (
    BlockReason,
    DenyReason,
    Missing,
    PersonIs,
    UserIdRequestKind,
    UserRole,
)
from api_client.types.user_ids import BlockUser, Deny, Incomplete, RegisterFax, UserIdRequest, UserRow
from api_client.types.words import ActorKind
from backend.accounts import service as accounts
from backend.actors import SYSTEM, Actor
from backend.database.unit import Unit
from backend.demo.callers import broker_of
from backend.demo.fax_page import keep_page
from backend.demo.groups import BillingStory, DemoGroup
from backend.letters import mailing, returned, user_id_letters
from backend.letters import store as letter_store
from backend.runtime import Runtime
from backend.session.passwords import hash_password
from backend.user_ids import codes, delegated, incomplete, issuing, online, post, service, store, users
from backend.user_ids.delegation import BUNDLES

MOVED = date(2026, 11, 10)
"""The day on which a client's new address came in."""
_ONLINE = Actor(ActorKind.SERVICE, "online")
_NEW_STREET = "18 QUARRY LANE"
Move = Callable[[DemoGroup, str], Awaitable[None]]
"""Brings the new street of a group in, as its next file does."""


@dataclass(frozen=True, repr=False)
class _Mailed:
    """A letter in the mail: its request, and what stands on it."""

    request: UserIdRequest
    user_id: str
    code: str


class UserIdStories:
    """Clients with their requests, of whom none has a form in the pile of the last days."""

    def __init__(
        self,
        runtime: Runtime,
        actors: Mapping[str, Actor],
        groups: Sequence[DemoGroup],
        set_clock: Callable[[datetime], None],
    ) -> None:
        active = [one for one in groups if one.story is BillingStory.PAID]
        brokered = [one for one in active if broker_of(one).get("broker_to") == ""]
        self._with_broker = brokered[0]
        self._groups = iter(one for one in active if one is not self._with_broker)
        self._runtime = runtime
        self._actors = actors
        self._set_clock = set_clock
        self._forms = 0
        self._hash = hash_password(secrets.token_urlsafe())

    async def tell(self, move: Move) -> None:
        """Let every story happen."""
        await self._in_use(self._with_broker)
        for faxed, mailed in (("11-12 10:20", "11-17"), ("11-13 15:05", "11-18"), ("11-02 09:30", "11-05")):
            await self._mail(next(self._groups), faxed, mailed)  # the last one should be there long ago
        await self._not_used()
        await self._came_back()
        await self._not_asked_for()
        await self._denied()
        await self._to_mail()
        await self._moved(move)
        await self._incomplete()

    # the stories

    async def _in_use(self, group: DemoGroup) -> None:
        """An administrator who made further IDs, one of which is blocked and one suspended."""
        mine = await self._mail(group, "10-05 10:12", "10-08")
        await self._activate(mine.user_id, mine.code, "10-13 09:40")
        made = [
            await self._further(group, mine.user_id, day, *more)
            for day, more in (
                ("10-14", ("Vera Quillson", UserRole.BILLING_CLERK)),
                ("10-15", ("Hugo Marlson", UserRole.VIEWER)),
                ("10-19", ("Ines Tolland", UserRole.FULL_USER)),
            )
        ]
        broker = broker_of(group)["broker"]
        await self._further(group, mine.user_id, "10-20", broker, UserRole.MEMBER_CLERK, date(2027, 6, 30))
        self._at("11-04 11:00")
        async with self._runtime.act(_ONLINE, "DEMO") as unit:
            form = ActOnUser(by=SecretStr(mine.user_id), user=made[1].id)
            await delegated.suspend(unit, form, made[1].version)
        await self._block(group, made[2].id, BlockReason.SEEN_BY_OTHERS, "11-16 14:30")
        await self._register(group, "11-19 11:45", kind=UserIdRequestKind.RESET)

    async def _not_used(self) -> None:
        """The code was not used in time."""
        await self._mail(next(self._groups), "10-13 13:00", "10-16")
        self._at("11-07 06:00")
        async with self._runtime.act(SYSTEM, "DEMO") as unit:
            await issuing.expire(unit)

    async def _came_back(self) -> None:
        mailed = await self._mail(next(self._groups), "10-26 09:15", "10-29")
        letter = await self._letter_of(mailed.request.id)
        self._at("11-09 10:30")
        form = LetterReturned(returned_on=date(2026, 11, 9))
        await self._as("t.ibarra", lambda unit: returned.came_back(unit, letter, form))

    async def _not_asked_for(self) -> None:
        """The client says that nobody there asked for it, so nothing comes of it any more."""
        group = next(self._groups)
        await self._mail(group, "10-29 16:10", "11-03")
        async with self._runtime.look(self._actors["j.novak"], "DEMO") as unit:
            (coming, *_) = (await users.page(unit, group.number, None)).rows
        await self._block(group, coming.id, BlockReason.NOT_ASKED_FOR, "11-06 10:00")

    async def _denied(self) -> None:
        request = await self._register(next(self._groups), "11-09 10:40", signer="Edgar Unknown")
        self._at("11-10 09:20")
        form = Deny(reason=DenyReason.SIGNER_UNKNOWN, note="Nobody of that name is on record.")
        await self._as("t.ibarra", lambda unit: service.deny(unit, request.id, request.version, form))
        await self._to_the_post(request.id, "11-12", {})

    async def _to_mail(self) -> None:
        """Approved this morning; the next mailing has it."""
        request = await self._register(next(self._groups), "11-18 14:20")
        await self._approve(request, "11-20 08:40")

    async def _moved(self, move: Move) -> None:
        """The client moved, so that a lead must approve it too."""
        group = next(self._groups)
        self._at(f"{MOVED:%m-%d} 08:00")
        await move(group, _NEW_STREET)
        request = await self._register(group, "11-16 09:50", street=_NEW_STREET)
        await self._approve(request, "11-17 10:15")

    async def _incomplete(self) -> None:
        """Nobody signed it; the client is called back today."""
        request = await self._register(next(self._groups), "11-19 15:30", signer="")
        self._at("11-20 08:55")
        form = Incomplete(missing=[Missing.SIGNATURE, Missing.SIGNER])
        await self._as("j.novak", lambda unit: incomplete.incomplete(unit, request.id, request.version, form))

    # what happens in them

    def _at(self, when: str) -> None:
        """A day and time of this year at the service center; noon where only the day counts."""
        day, _, clock = when.partition(" ")
        at = datetime.combine(date.fromisoformat(f"2026-{day}"), time.fromisoformat(clock or "12:00"))
        self._set_clock(at.replace(tzinfo=self._runtime.calendar.zone))

    async def _as(self, username: str, act: Callable[[Unit], Awaitable[Any]]) -> Any:
        async with self._runtime.act(self._actors[username], "DEMO") as unit:
            return await act(unit)

    async def _register(self, group: DemoGroup, faxed: str, **changes: Any) -> UserIdRequest:
        """A form came by fax, and its page is kept with it."""
        self._at(faxed)
        self._forms += 1

        async def registered(unit: Unit) -> UserIdRequest:
            standard: dict[str, Any] = {
                "group_number": group.number,
                "received_at": unit.now,
                "fax_reference": f"FAX-{4000 + self._forms}",
                "administrator": group.administrator,
                "administrator_is": PersonIs.EMPLOYEE,
                "signer": group.signer,
                "street": group.street,
                "city": group.city,
                "state": "CA",
                "zip": group.zip,
            }
            form = RegisterFax(**standard | changes)
            made = await service.register(unit, form)
            await keep_page(unit, made.id, made.version, form)
            return await service.show(unit, made.id)

        request: UserIdRequest = await self._as("r.chen", registered)
        return request

    async def _approve(self, request: UserIdRequest, when: str) -> None:
        self._at(when)
        await self._as("m.lopez", lambda unit: service.approve(unit, request.id, request.version))

    async def _mail(self, group: DemoGroup, faxed: str, mailed: str) -> _Mailed:
        """A form came, was approved the same day and went with the mailing of a later one."""
        request = await self._register(group, faxed)
        await self._approve(request, f"{faxed[:5]} 16:30")
        self._at(f"{mailed} 09:00")
        user_id, code = codes.new_user_id(secrets.randbelow), codes.new_code(secrets.randbelow)
        async with self._runtime.act(SYSTEM, "DEMO") as unit:
            papers = await self._print(unit, request.id, user_id, code)
        await self._to_the_post(request.id, mailed, papers)
        return _Mailed(request, user_id, code)

    async def _print(self, unit: Unit, number: str, user_id: str, code: str) -> dict[str, str]:
        """Digests of the papers of a request by their letters; the demo has no printer."""
        row = await _row(unit, number)
        await accounts.lock(unit, row.account_id)
        for letter in await user_id_letters.waiting(unit, row.id):
            await post.taken(unit, letter)
        waiting = await user_id_letters.waiting(unit, row.id)
        papers = {one.number: hashlib.sha256(secrets.token_bytes()).hexdigest() for one in waiting}
        given = PrintedCode(
            request=number,
            papers=papers,
            activate_by=unit.today + timedelta(days=unit.policy.user_ids.code_valid_days),
            login_digest=codes.login_digest(unit.keys, user_id),
            code_digest=codes.code_digest(unit.keys, code),
            folder=secrets.token_hex(16),
        )
        refused = await post.printed(unit, await _row(unit, number), given)
        assert not refused, refused
        return papers

    async def _to_the_post(self, number: str, mailed: str, papers: Mapping[str, str]) -> None:
        """Every letter of a request is in the mail."""
        self._at(f"{mailed} 13:00")
        async with self._runtime.look(SYSTEM, "DEMO") as unit:
            row = await _row(unit, number)
            found = await letter_store.of_request(unit.connection, row.id)
        listed = [{"number": one.number, "sha256": papers.get(one.number, "")} for one in found]
        source = io.BytesIO("".join(f"{json.dumps(one)}\n" for one in listed).encode())
        *_, report = [step async for step in mailing.mark(self._runtime, SYSTEM, source, request_id="DEMO")]
        assert isinstance(report, LettersMailed)
        assert not report.refused, report.refused

    async def _letter_of(self, number: str) -> str:
        async with self._runtime.look(SYSTEM, "DEMO") as unit:
            row = await _row(unit, number)
            found = await letter_store.of_request(unit.connection, row.id)
        return str(next(one.number for one in found if one.kind == "user_id"))

    async def _activate(self, user_id: str, code: str, when: str) -> None:
        """First use, as the online service asks it."""
        self._at(when)
        form = Activate(
            user_id=SecretStr(user_id), code=SecretStr(code), password=SecretStr("-"), source="demo"
        )
        async with self._runtime.act(_ONLINE, "DEMO") as unit:
            await online.activate(unit, form, self._hash)

    async def _further(
        self, group: DemoGroup, by: str, day: str, person: str, role: UserRole, until: date | None = None
    ) -> UserRow:
        """A further ID that the client's administrator made, and its first use a little later."""
        user_id, code = codes.new_user_id(secrets.randbelow), codes.new_code(secrets.randbelow)
        self._at(f"{day} 10:05")
        form = AddUser(
            by=SecretStr(by),
            user_id=SecretStr(user_id),
            person=person,
            person_is=PersonIs.BROKER if until else PersonIs.EMPLOYEE,
            privileges=sorted(BUNDLES[role]),
            valid_to=until,
            code=SecretStr(code),
        )
        async with self._runtime.act(_ONLINE, "DEMO") as unit:
            made = await delegated.add(unit, form)
        await self._activate(user_id, code, f"{day} 11:20")
        return await self._user(group, made.id)

    async def _user(self, group: DemoGroup, number: str) -> UserRow:
        async with self._runtime.look(SYSTEM, "DEMO") as unit:
            account = await accounts.account_of(unit, group.number)
            found = await users.of_employer(unit, account)
        return next(one for one in found if one.id == number)

    async def _block(self, group: DemoGroup, number: str, reason: BlockReason, when: str) -> None:
        self._at(when)
        one = await self._user(group, number)
        form = BlockUser(reason=reason)
        await self._as("j.novak", lambda unit: users.block(unit, number, one.version, form))


async def _row(unit: Unit, number: str) -> Any:
    found = await store.by_number(unit.connection, number)
    assert found is not None
    return found

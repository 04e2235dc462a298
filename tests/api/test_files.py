"""Enrollment files as reps and their senders live with them: partners, lists, absences, errors, media."""

from __future__ import annotations

from datetime import date, timedelta

import httpx
import pytest
from sqlalchemy import select

from api_client.types.enrollment import FileReport
from api_client.types.words import Channel, FileKind, FileState, PartnerStatus, Role
from backend.accounts.members import Person, add_coverage
from backend.database import tables
from backend.enrollment import partners
from backend.enrollment.files import go_on_with_files
from backend.enrollment.intake import Arrival
from backend.runtime import Runtime
from tests.conftest import FixedClock
from tests.desk import if_match, key, operator_unit, sign_in
from tests.edi_files import import_bytes, import_file, interchange, member, two_sets
from tests.enrollments import GROUP, SENDER, add_group, add_member
from tests.listed import FAMILY, listed, on_file, put, running


def _whys(report: FileReport) -> set[str]:
    return {one.why for one in report.members}


# -- R22: who may send what ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (PartnerStatus.PROSPECT, "the sender is not in production yet: not begun yet"),
        (PartnerStatus.TEST, "the sender is not in production yet: test files only"),
        (PartnerStatus.PARALLEL, "it would have been applied: nobody on file"),
    ],
)
async def test_r22_a_sender_applies_nothing_before_production(
    runtime: Runtime, status: PartnerStatus, why: str
) -> None:
    await add_group(runtime)
    await put(runtime, status)
    report = await import_file(runtime, [member(ssn="900110001")])
    assert (report.accepted, report.applied, report.state) == (True, False, FileState.EDITED)
    assert report.ack999 is not None
    assert report.ack999["group"] == "A"
    assert [one.outcome for one in report.members] == ["refused"]
    assert why in report.members[0].why
    assert await running(runtime) == 0
    # Once they are in production the same file counts: it was never taken.
    await put(runtime, PartnerStatus.PRODUCTION)
    again = await import_file(runtime, [member(ssn="900110001")])
    assert (again.duplicate, again.applied) == (False, True)


async def test_r22_nobody_changes_the_groups_of_another_sender(runtime: Runtime) -> None:
    await add_group(runtime)
    async with operator_unit(runtime) as unit:
        await partners.put(unit, "ZZ/OTHERTPA", status=PartnerStatus.PRODUCTION)
    content = interchange([member(ssn="900110001")], sender="OTHERTPA")
    report = await import_bytes(runtime, content)
    assert _whys(report) == {"this sender does not file for the group"}
    unknown = await import_bytes(runtime, interchange([member(ssn="900110001")], sender="NOBODY"))
    assert _whys(unknown) == {"the sender of the file is not known to us as a trading partner"}
    assert await running(runtime) == 0


# -- whole lists -----------------------------------------------------------------------------------


async def test_a_full_file_changes_enrolls_and_names_who_is_missing(
    runtime: Runtime, api: httpx.AsyncClient, clock: FixedClock
) -> None:
    await on_file(runtime)
    lines = [listed(one) for one in FAMILY if one != "Una"]
    lines[0] = lines[0].replace("5 CANAL ST", "77 HARBOR RD")
    lines.append(member(maintenance="030", reason="XN", ssn="900110001", subscriber_number="NEW"))
    report = await import_file(runtime, lines, action="RX")
    assert (report.state, report.kind) == (FileState.APPLIED, FileKind.FULL)
    assert report.members[0].why == "changed: street"
    assert report.members[1].why == "nothing differs from what is on record"
    assert [one.outcome for one in report.members] == ["applied"] * 11
    assert [(one.subscriber, one.group) for one in report.absent] == [("S10", GROUP)]
    assert await running(runtime) == 12  # coverage never ends by itself

    rep = await sign_in(api, runtime)
    shown = (await api.get(f"/v1/enrollment/files/{report.file}", headers=rep)).json()
    assert shown["absent"] == 1
    page = (await api.get(f"/v1/enrollment/files/{report.file}/absences", headers=rep)).json()
    (missing,) = page["rows"]
    assert (missing["name"], missing["state"], missing["lines"]) == ("Una Unaberry", "open", "HMO")

    async def decide(version: int, **form: object) -> httpx.Response:
        return await api.post(
            f"/v1/enrollment/files/{report.file}/absences",
            json={"people": [missing["key"]], **form},
            headers={**rep, **key(), **if_match(version)},
        )

    early = await decide(shown["version"], decision="approved", ends_on="2026-09-30")
    assert (early.status_code, "reach back" in early.json()["detail"]) == (409, True)
    done = await decide(shown["version"], decision="approved", ends_on="2026-11-30")
    assert (done.json()["absent"], done.json()["approved"]) == (0, 1)
    assert await running(runtime) == 11
    stale = await decide(shown["version"], decision="dismissed")
    assert (stale.status_code, stale.json()["current"]["approved"]) == (412, 1)
    twice = await decide(done.json()["version"], decision="dismissed")
    assert (twice.status_code, twice.json()["type"].rpartition(":")[2]) == (409, "rule-refuses")

    undo = {"people": [missing["key"]]}
    path = f"/v1/enrollment/files/{report.file}/undo"
    version = done.json()["version"]
    lead = await sign_in(api, runtime, "d.okafor", Role.LEAD)
    other = await api.post(path, json=undo, headers={**lead, **key(), **if_match(version)})
    assert other.status_code == 403
    back = await api.post(path, json=undo, headers={**rep, **key(), **if_match(version)})
    assert back.json()["absent"] == 1
    assert await running(runtime) == 12
    again = await decide(back.json()["version"], decision="dismissed")
    assert (again.json()["absent"], again.json()["dismissed"]) == (0, 1)
    clock.move(timedelta(minutes=11))
    headers = {**rep, **key(), **if_match(again.json()["version"])}
    late = await api.post(path, json=undo, headers=headers)
    assert "too late" in late.json()["detail"]


async def test_a_full_file_that_leaves_out_too_many_waits_for_a_lead(
    runtime: Runtime, api: httpx.AsyncClient
) -> None:
    await on_file(runtime)
    lines = [listed(one).replace("5 CANAL ST", "77 HARBOR RD") for one in FAMILY[:8]]
    report = await import_file(runtime, lines, action="RX")
    assert (report.state, report.applied, report.members) == (FileState.HELD, False, [])
    assert report.held_why == (
        "3 of the 11 people on record are missing from it, 27 percent; 10 is the limit."
    )
    path = f"/v1/enrollment/files/{report.file}"
    rep, lead = await sign_in(api, runtime), await sign_in(api, runtime, "d.okafor", Role.LEAD)
    version = (await api.get(path, headers=rep)).json()["version"]
    form = {"reason": "the client confirmed that a branch closed"}
    mine = await api.post(f"{path}/release", json=form, headers={**rep, **key(), **if_match(version)})
    assert mine.status_code == 403
    await api.post(f"{path}/release", json=form, headers={**lead, **key(), **if_match(version)})
    await go_on_with_files(runtime)
    shown = (await api.get(path, headers=rep)).json()
    assert (shown["state"], shown["counts"], shown["absent"]) == ("applied", {"applied": 8}, 3)
    assert await running(runtime) == 11


async def test_a_file_to_verify_lists_every_difference_and_changes_nothing(runtime: Runtime) -> None:
    await on_file(runtime)
    lines = [listed(one) for one in FAMILY[:9]]
    lines[0] = lines[0].replace("5 CANAL ST", "77 HARBOR RD").replace("19600505", "19600506")
    lines[1] = lines[1].replace("**HMO**EMP", "**PPO**EMP")
    lines.append(member(maintenance="030", reason="XN", subscriber_number="NEW"))
    report = await import_file(runtime, lines, action="4")
    assert (report.state, report.applied) == (FileState.RECONCILED, False)
    assert {one.outcome for one in report.members} == {"compared"}
    assert [one.why for one in report.members[:3]] == [
        "differs: birth date, address",
        "differs: PPO coverage, no HMO coverage there",
        "agrees with what is on record",
    ]
    assert report.members[-1].why.startswith("not found here")
    assert [one.subscriber for one in report.absent] == ["S10", "S9"] or len(report.absent) == 2
    assert await running(runtime) == 11


async def test_a_list_that_calls_itself_a_change_waits_until_it_is_agreed_what_it_means(
    runtime: Runtime, api: httpx.AsyncClient
) -> None:
    await on_file(runtime, FAMILY[:3])
    report = await import_file(runtime, [listed("Ida"), listed("Otto")])
    assert report.state is FileState.HELD
    assert "nobody has written down what this sender means" in report.held_why
    path = f"/v1/enrollment/files/{report.file}"
    lead = await sign_in(api, runtime, "d.okafor", Role.LEAD)

    async def release() -> httpx.Response:
        version = (await api.get(path, headers=lead)).json()["version"]
        headers = {**lead, **key(), **if_match(version)}
        return await api.post(f"{path}/release", json={"reason": "agreed"}, headers=headers)

    assert (await release()).status_code == 409
    await put(runtime, PartnerStatus.PRODUCTION, FileKind.CHANGE)
    assert (await release()).status_code == 200
    await go_on_with_files(runtime)
    shown = (await api.get(path, headers=lead)).json()
    assert (shown["state"], shown["kind"], shown["absent"]) == ("applied", "change", 0)


async def test_nobody_is_missing_from_a_group_that_the_file_does_not_list(runtime: Runtime) -> None:
    await on_file(runtime)
    changed, others = await add_group(runtime, "900200"), await add_group(runtime, "900300")
    for number, account_id in (("C1", changed), ("O1", others)):
        at_home = Person("Willowby", number, birth_date=date(1950, 1, 1))
        await add_member(runtime, at_home, account_id=account_id, subscriber_number=number)
    async with operator_unit(runtime) as unit:
        await partners.put(unit, "ZZ/OTHERTPA", status=PartnerStatus.PRODUCTION, groups=["900300"])
    lines = [listed(one) for one in FAMILY]
    lines.append(listed("Ida", group="900300", subscriber_number="O2"))
    joins = member(group="900200", ssn="900110001", subscriber_number="C2")
    report = await import_bytes(runtime, two_sets(lines, [joins]))
    assert (report.state, report.kind) == (FileState.APPLIED, FileKind.FULL)
    assert report.members[-2].why == "this sender does not file for the group"
    assert report.absent == []


async def test_other_coverage_in_a_list_goes_to_a_person_though_it_does_not_say_since_when(
    runtime: Runtime,
) -> None:
    await on_file(runtime)
    lines = [listed(one) for one in FAMILY]
    since = ("DTP*356*D8*20250101",)
    lines[0] = listed("Ida", dates=since, coverages=("HD*030**PPO**EMP~DTP*303*D8*20250101",))
    # A last day in the year 9999 is no end.
    lines[1] = listed("Otto", coverages=("HD*030**HMO**EMP~DTP*348*D8*20250101~DTP*349*D8*99991231",))
    report = await import_file(runtime, lines, action="RX")
    assert [one.outcome for one in report.members] == ["queued"] + ["applied"] * 10
    assert "its coverage is another than on record" in report.members[0].why
    assert report.members[1].why == "nothing differs from what is on record"


# -- what reps see ---------------------------------------------------------------------------------


async def test_an_error_stands_beside_its_bytes_masked_until_somebody_says_why(
    runtime: Runtime, api: httpx.AsyncClient
) -> None:
    await add_group(runtime)
    content = interchange([member(ssn="900110001", born="19801314"), member(ssn="90011000X", reason="ZZ")])
    report = await import_bytes(runtime, content, arrival=Arrival("november.834"))
    assert report.state is FileState.STRUCTURE_REJECTED
    rep = await sign_in(api, runtime)
    path = f"/v1/enrollment/files/{report.file}"
    rows = (await api.get(f"{path}/errors", headers=rep)).json()["rows"]
    born = next(one for one in rows if one["segment"] == "DMG")
    assert born["text"] == "DMG*D8*########*F"
    assert born["text"][born["mark_from"] : born["mark_to"]] == "########"
    assert (born["codes_of"], born["code"], born["element"]) == ("IK403", "8", 2)
    assert born["tell"].endswith(".")
    reason = next(one for one in rows if one["segment"] == "INS")
    assert reason["text"][reason["mark_from"] : reason["mark_to"]] == "ZZ"
    assert content[reason["position"] :].startswith(b"INS*Y*18*021*ZZ")
    clear = await api.post(
        f"{path}/segment", json={"index": born["index"], "reason": "caller_asks"}, headers=rep
    )
    assert clear.json()["text"] == "DMG*D8*19801314*F"
    table = tables.audit_row
    async with runtime.database.read() as connection:
        seen = await connection.execute(
            select(table.c.subject, table.c.details).where(table.c.action == "enrollment.reveal_segment")
        )
        assert [(row.subject, "caller_asks" in row.details) for row in seen] == [(report.file, True)]


async def test_the_list_of_files_and_the_members_of_one(runtime: Runtime, api: httpx.AsyncClient) -> None:
    await on_file(runtime, FAMILY[:2])
    lines = [
        member(ssn="900110001", subscriber_number="900-11-0001"),
        member(maintenance="024", reason="08", coverages=(), subscriber_number="S99"),
        listed("Ida", maintenance="021", reason="28", last="Idaberri", subscriber_number="S50"),
    ]
    taken = await import_file(runtime, lines)
    await import_bytes(runtime, b"nothing of the kind", arrival=Arrival("notes.txt"))
    await import_file(runtime, [member()], usage="T", control=5)
    rep = await sign_in(api, runtime)

    async def part_of(part: str) -> list[tuple[str, str]]:
        rows = (await api.get("/v1/enrollment/files", params={"part": part}, headers=rep)).json()["rows"]
        return [(row["number"], row["state"]) for row in rows]

    assert await part_of("all") == [
        ("F-00003", "edited"),
        ("F-00002", "envelope_rejected"),
        ("F-00001", "applied"),
    ]
    assert await part_of("refused") == [("F-00002", "envelope_rejected")]
    assert (await api.get("/v1/enrollment/files?part=other", headers=rep)).status_code == 422
    assert (await api.get("/v1/enrollment/files/F-00099", headers=rep)).status_code == 404
    path = f"/v1/enrollment/files/{taken.file}/members"
    rows = (await api.get(path, headers=rep)).json()["rows"]
    assert [row["outcome"] for row in rows] == ["applied", "refused", "queued"]
    assert (rows[0]["subscriber"], rows[0]["name"]) == ("***-**-0001", "C*** P*****")
    only = (await api.get(path, params={"outcome": "queued"}, headers=rep)).json()["rows"]
    assert [row["item"] for row in only] == [rows[2]["item"]] != [None]
    shown = (await api.get(f"/v1/enrollment/files/{taken.file}", headers=rep)).json()
    assert shown["say"] == (
        "We have taken the file: 1 done, 1 waiting for one of us, within 48 hours, 1 refused."
    )


async def test_r20_a_diskette_is_logged_until_it_is_returned_or_destroyed(
    runtime: Runtime, api: httpx.AsyncClient
) -> None:
    await add_group(runtime)
    arrival = Arrival("a.834", Channel.MEDIA, "ACME 2026-11", "Acme Mail Room")
    report = await import_bytes(runtime, interchange([member(ssn="900110001")]), arrival=arrival)
    rep = await sign_in(api, runtime)
    path = f"/v1/enrollment/files/{report.file}"
    shown = (await api.get(path, headers=rep)).json()
    assert (shown["channel"], shown["media"]["label"], shown["media"]["came_from"]) == (
        "media",
        "ACME 2026-11",
        "Acme Mail Room",
    )
    assert shown["media"]["read_by"] == "system"
    headers = {**rep, **key(), **if_match(shown["version"])}
    done = (await api.post(f"{path}/media", json={"end": "destroyed"}, headers=headers)).json()
    assert (done["media"]["end"], done["media"]["end_by"]) == ("destroyed", "m.lopez")
    again = {**rep, **key(), **if_match(done["version"])}
    twice = await api.post(f"{path}/media", json={"end": "returned"}, headers=again)
    assert (twice.status_code, twice.json()["detail"]) == (409, "It was destroyed already.")


# -- who is missing, and whom a member means --------------------------------------------------------


async def test_with_a_subscriber_goes_the_family_and_nobody_unseen(
    runtime: Runtime, api: httpx.AsyncClient
) -> None:
    account_id = await on_file(runtime)
    spouse = Person("Unaberry", "Milo", birth_date=date(1979, 1, 1))
    await add_member(runtime, spouse, account_id=account_id, subscriber_number="S10", relationship="01")
    await put(runtime, PartnerStatus.PRODUCTION)
    report = await import_file(runtime, [listed(one) for one in FAMILY[:10]], action="RX")
    assert report.state is FileState.HELD
    path = f"/v1/enrollment/files/{report.file}"
    lead = await sign_in(api, runtime, "d.okafor", Role.LEAD)
    version = (await api.get(path, headers=lead)).json()["version"]
    headers = {**lead, **key(), **if_match(version)}
    await api.post(f"{path}/release", json={"reason": "asked"}, headers=headers)
    await go_on_with_files(runtime)
    shown = (await api.get(path, headers=lead)).json()
    rows = (await api.get(f"{path}/absences", headers=lead)).json()["rows"]
    form = {"decision": "approved", "ends_on": "2026-12-31", "people": [rows[0]["key"]]}
    headers = {**lead, **key(), **if_match(shown["version"])}
    alone = await api.post(f"{path}/absences", json=form, headers=headers)
    assert (alone.status_code, "1 other of the family is still covered" in alone.json()["detail"]) == (
        409,
        True,
    )
    together = {**form, "people": [row["key"] for row in rows]}
    done = await api.post(f"{path}/absences", json=together, headers={**headers, **key()})
    assert done.json()["approved"] == 2
    # The client ends it sooner: that is not undone with the decision.
    sooner = ("HD*024**HMO~DTP*349*D8*20261130",)
    ended = listed("Una", maintenance="024", reason="08", coverages=sooner)
    assert (await import_file(runtime, [ended], control=2)).counts == {"applied": {"024": 1}}
    headers = {**lead, **key(), **if_match(done.json()["version"])}
    undone = await api.post(f"{path}/undo", json={"people": together["people"]}, headers=headers)
    assert (undone.status_code, "was changed after" in undone.json()["detail"]) == (409, True)
    assert await running(runtime) == 10


async def test_who_is_somebodys_spouse_too_takes_no_family_of_their_own_along_unseen(
    runtime: Runtime, api: httpx.AsyncClient
) -> None:
    account_id = await on_file(runtime)
    child = Person("Unaberry", "Pip", birth_date=date(2015, 1, 1))
    await add_member(runtime, child, account_id=account_id, subscriber_number="S10", relationship="19")
    async with operator_unit(runtime) as unit:
        table = tables.member
        una = await unit.connection.execute(select(table.c.id).where(table.c.first_name == "Una"))
        await add_coverage(
            unit, account_id=account_id, member_id=una.scalar_one(), subscriber_number="S0",
            relationship="01", line="HMO", starts_on=date(2025, 1, 1),
        )  # fmt: skip
    lines = [listed(one) for one in FAMILY[:10]]
    pip = {"first": "Pip", "last": "Unaberry", "born": "20150101", "subscriber_number": "S10"}
    lines.append(member(maintenance="030", reason="XN", relationship="19", **pip))
    report = await import_file(runtime, lines, action="RX")
    rep, path = await sign_in(api, runtime), f"/v1/enrollment/files/{report.file}"
    shown = (await api.get(path, headers=rep)).json()
    (row,) = (await api.get(f"{path}/absences", headers=rep)).json()["rows"]
    form = {"decision": "approved", "ends_on": "2026-11-30", "people": [row["key"]]}
    headers = {**rep, **key(), **if_match(shown["version"])}
    alone = await api.post(f"{path}/absences", json=form, headers=headers)
    assert "1 other of the family is still covered" in alone.json()["detail"]


async def test_a_member_number_and_a_place_in_the_file_count_as_was_agreed(runtime: Runtime) -> None:
    account_id = await add_group(runtime)
    mrn = await add_member(runtime, account_id=account_id, subscriber_number="S1")
    async with operator_unit(runtime) as unit:
        await partners.put(unit, SENDER, member_number_in="23")
    moved = member(maintenance="001", reason="43", first="Unlike", born="19990101", coverages=())
    moved = moved.replace("~NM1", f"~REF*23*{mrn}~NM1", 1).replace("5 CANAL ST", "77 HARBOR RD")
    other = member(relationship="19", subscriber_number="S9", first="Milo", born="20120506")
    report = await import_file(runtime, [moved, other])
    assert report.members[0].why.startswith("changed: ")
    assert "it stands behind subscriber S1 in the file, but names another" in report.members[1].why

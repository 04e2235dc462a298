"""What the list of files says, and what is said of one file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.words import FileState, Outcome
from screens.enrollment.words import (
    CHANNELS,
    KIND_SENTENCES,
    KINDS,
    MAINTENANCE,
    MEDIA_ENDS,
    OUTCOMES,
    PARTNERS,
    PARTS,
    STATE_SENTENCES,
    STATE_STYLES,
    STATES,
    Section,
)
from screens.widgets.text import fit, join, labelled, lines, plain, short_minute
from screens.widgets.virtual_table import TableRow

if TYPE_CHECKING:
    from api_client.types.enrollment import FileRow, FileSet, FileShown, Media

# -- the list --------------------------------------------------------------------------------------


def files_subject(part: str) -> Content:
    """What the head line says of the list."""
    return plain("FILES" if part == "all" else f"FILES  {PARTS[part]}")


def file_row(file: FileRow, now: datetime) -> TableRow:
    """One file in the list."""
    kind = "test" if file.test else KINDS[file.kind] if file.kind else "-"
    counts = file.counts
    refused = counts.get(Outcome.REFUSED, 0)
    cells = (
        plain(file.number),
        plain(short_minute(file.received_at, now)),
        plain(file.partner or file.sender or "unknown"),
        plain(kind, "$text-muted" if file.test else ""),
        state(file),
        _number(counts.get(Outcome.APPLIED, 0), 5),
        _number(counts.get(Outcome.QUEUED, 0), 5),
        _number(refused, 5, "$text-error" if refused else ""),
        _number(file.errors, 4, "$text-error" if file.errors else ""),
        _number(file.absent, 4, "bold $text-warning" if file.absent else ""),
    )
    return TableRow(file.number, cells)


def _number(count: int, width: int, style: str = "") -> Content:
    """A count to the right of its column; none is a dash."""
    return plain(f"{count or '-':>{width}}", style or ("" if count else "$text-muted"))


def state(file: FileRow) -> Content:
    """Shape and word of where a file stands; a running one says how far it is."""
    mark, word = STATES[file.state]
    if file.state is FileState.RECEIVED and file.done:
        word = f"{file.done}/{file.members}"
    return plain(f"{mark} {word}", STATE_STYLES.get(file.state, ""))


# -- one file --------------------------------------------------------------------------------------


def file_subject(number: str, file: FileShown | None) -> Content:
    """What the head line says of one file."""
    return join("FILE ", number, "  ", plain("") if file is None else plain(state(file).plain))


def sections(at: Section, file: FileShown | None, filtered: str, width: int) -> Content:
    """What the file is shown in, the present one in brackets, with how much there is in each."""
    counts: Mapping[Section, str] = {}
    if file is not None:
        counts = {
            Section.ERRORS: f" {file.errors}" if file.errors else "",
            Section.MEMBERS: f" {file.members}" if file.members else "",
            Section.ABSENCES: _to_decide(file),
        }
    titles = [f"{'file' if one is Section.ABOUT else one.value}{counts.get(one, '')}" for one in Section]
    words = [
        plain(f"[{title}]", "bold") if one is at else plain(f" {title} ")
        for one, title in zip(Section, titles, strict=True)
    ]
    right = plain(f"only {filtered}; Esc: all " if filtered else "", "bold $text-warning")
    left = Content(" ").join(words)
    return fit(left, max(0, width - right.cell_length)) + right


def _to_decide(file: FileShown) -> str:
    decided = file.approved + file.dismissed
    if decided:
        return f" {file.absent} of {file.absent + decided}"
    return f" {file.absent}" if file.absent else ""


def about(file: FileShown, now: datetime, width: int) -> Content:
    """Everything about a file, what is asked first on top."""
    rows = labelled("state", standing(file), width)
    held = file.held_why and file.state is FileState.HELD
    rows += labelled("SAY", plain(f'"{file.say}"', "bold"), width) if file.say else []
    rows += labelled("held", plain(file.held_why, "bold $text-warning"), width) if held else []
    if file.original:
        rows += labelled("repeats", plain(f"{file.original}, with the same content"), width)
    rows += labelled("members", plain(members(file)), width)
    if missing(file):
        style = "bold $text-warning" if file.absent else ""
        rows += labelled("missing", plain(missing(file), style), width)
    rows += labelled("from", plain(_sender(file)), width)
    rows += labelled("TA1", plain(file.ta1 or "none: there was no envelope to answer"), width)
    rows += labelled("999", plain(file.ack999 or "none: the envelope was not taken"), width)
    rows += _sets(file.sets, width)
    rows += labelled("file", plain(_how_it_came(file, now)), width)
    for at, warning in enumerate(file.warnings):
        rows += labelled("" if at else "warning", plain(warning, "$text-warning"), width)
    return lines(*rows, *(_media(file.media, now, width) if file.media else []))


def standing(file: FileShown) -> Content:
    """Where the file stands, in words."""
    mark = STATES[file.state][0]
    if file.state is FileState.RECEIVED:
        return plain(f"{mark} {progress(file)}", "bold")
    words = STATE_SENTENCES[file.state]
    if file.state is FileState.STOPPED:
        words = f"{words}; {file.done} of {file.members} members are done"
    if file.absent and file.state is not FileState.HELD:
        words = f"{words}; missing people wait for a decision"
    return plain(f"{mark} {words}", STATE_STYLES.get(file.state, ""))


def progress(file: FileShown) -> str:
    """How far a run is."""
    share = f", {file.done * 100 // file.members} %" if file.members else ""
    done = f"{file.done} of {file.members} members done{share}"
    if file.stop_asked:
        return f"stopping after the members at hand; {done}"
    return f"running; {done}" if file.running else f"waiting for its turn; {done}"


def _sender(file: FileShown) -> str:
    sender = file.sender or "no sender named"
    who = f"{file.partner} ({sender})" if file.partner else sender
    standing_of = PARTNERS[file.partner_status] if file.partner_status else "not known as a trading partner"
    control = f"; control number {file.control_number}" if file.control_number else ""
    to = f"; to {file.receiver}" if file.receiver else ""
    return f"{who}, {standing_of}{control}{to}"


def _how_it_came(file: FileShown, now: datetime) -> str:
    kind = KIND_SENTENCES[file.kind] if file.kind else "kind unknown"
    test = "TEST, " if file.test else ""
    taken = f", taken in by {file.received_by}" if file.received_by else ""
    came = f"received {short_minute(file.received_at, now)} {CHANNELS[file.channel]}{taken}"
    return f"{test}{kind}; {came}; {file.name or 'no name'}, {file.size:,} bytes"


def members(file: FileShown) -> str:
    """The counts by outcome, and then by what was asked for."""
    if not file.members:
        return "none"
    all_of_them = ", ".join(
        _count(outcome, file.counts[outcome]) for outcome in Outcome if outcome in file.counts
    )
    types = sorted({kind for counts in file.by_type.values() for kind in counts})
    by_type = "; ".join(f"{MAINTENANCE.get(kind, kind)} {_of_type(file, kind)}" for kind in types)
    words = f"{file.members}: {all_of_them}" if all_of_them else f"{file.members}"
    return words + (f"   ({by_type})" if by_type else "")


def _of_type(file: FileShown, kind: str) -> str:
    found = ((one, file.by_type.get(one, {}).get(kind, 0)) for one in Outcome)
    return ", ".join(_count(outcome, count) for outcome, count in found if count)


def _count(outcome: Outcome, count: int) -> str:
    return f"{count} {OUTCOMES[outcome][1]}"


def missing(file: FileShown) -> str:
    """How many are missing from a full file, and what was decided about them; empty for none."""
    if not (file.absent or file.approved or file.dismissed):
        return ""
    decided = f"; {file.approved} ended, {file.dismissed} kept covered"
    return f"{file.absent} to decide" + (decided if file.approved or file.dismissed else "")


def _sets(sets: Sequence[FileSet], width: int) -> list[Content]:
    """The sets one by one, where there is more than one or one was not simply accepted."""
    if len(sets) == 1 and sets[0].code == "A":
        return []
    rows: list[Content] = []
    for one in sets:
        style = "" if one.code == "A" else "$text-warning"
        rows += labelled("set", plain(f"{one.st02} {one.code}: {one.sentence}", style), width)
    return rows


def _media(media: Media, now: datetime, width: int) -> list[Content]:
    end = "still here; t says what became of it"
    if media.end is not None:
        when = f" {short_minute(media.end_at, now)}" if media.end_at else ""
        end = f"{MEDIA_ENDS[media.end]}{when}{f' by {media.end_by}' if media.end_by else ''}"
    words = (
        f"label {media.label or 'none'}, from {media.came_from or 'nobody named'}, read by {media.read_by}"
    )
    return [*labelled("media", plain(words), width), *labelled("", plain(end), width)]


# -- what is asked and said ------------------------------------------------------------------------


def stop_line(file: FileShown) -> Content:
    """Asked before a run is stopped."""
    return join(
        "stop ",
        (file.number, "bold"),
        f" after the members at hand: {file.done} of {file.members} are done and stay so; "
        "x lets it go on later",
    )


def go_on_line(file: FileShown) -> Content:
    """Asked before a stopped file goes on."""
    return join("let ", (file.number, "bold"), f" go on with its last {file.members - file.done} members")


def release_line(file: FileShown, reason: str) -> Content:
    """Asked before a held file goes on."""
    left = file.members - file.done
    return join("release ", (file.number, "bold"), f": {left} members are dealt with; reason: {reason}")


def media_line(file: FileShown, end: str) -> Content:
    """Asked before the end of a diskette or tape is written down."""
    label = file.media.label if file.media else ""
    return join("the media ", (label or "without a label", "bold"), f" of {file.number} was {end}")


def changed(seen: FileShown, present: FileShown) -> str:
    """What is different now from what the rep saw when deciding."""
    facts = (
        ("", state(seen).plain[4:], state(present).plain[4:]),
        ("members done: ", f"{seen.done}", f"{present.done}"),
        ("to decide: ", f"{seen.absent}", f"{present.absent}"),
        ("ended: ", f"{seen.approved}", f"{present.approved}"),
        ("kept covered: ", f"{seen.dismissed}", f"{present.dismissed}"),
    )
    different = [f"{name}{old} when you looked, {new} now" for name, old, new in facts if old != new]
    what = "; ".join(different) or "somebody was at it"
    return f"{seen.number} changed meanwhile: {what}. Nothing was done."

"""Follows one transaction set through the guide and says where it leaves it.

The place of a segment is looked for from the innermost open loop outwards, first where the order
allows it, then anywhere; so one misplaced segment is one finding and not a page of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from backend.enrollment.edi import wording
from backend.enrollment.edi.checker import Checker, Fault
from backend.enrollment.edi.guide import Loop, Place, known_names, transaction_set
from backend.enrollment.edi.report import Finding, Level
from backend.enrollment.edi.x12 import SEGMENT_LIMIT, Segment

# IK304
UNKNOWN, UNEXPECTED, MISSING = "1", "2", "3"
LOOP_TOO_OFTEN, SEGMENT_TOO_OFTEN, OUT_OF_ORDER, HAS_ERRORS = "4", "5", "7", "8"

_SHOWN_CODE = 4
"""Longest bad code repeated to the sender; a longer value may be somebody's data."""


@dataclass(slots=True)
class _Frame:
    """One open loop: how far its content has come."""

    loop: Loop
    order: int = 0
    counts: dict[Place | Loop, int] = field(default_factory=dict)


class SetWalker:
    """Takes the segments of one set, ST to SE, and yields what is wrong with each."""

    def __init__(self, checker: Checker, group: str, st02: str) -> None:
        self._checker = checker
        self._group = group
        self._st02 = st02
        self._frames = [_Frame(transaction_set())]
        self._position = 0
        self.members = 0
        """INS segments met so far."""

    def take(self, segment: Segment) -> Iterable[Finding]:
        """Returns the findings of the next segment; all of them must be taken before the one after."""
        self._position += 1
        if segment.name == "INS":
            self.members += 1
        if self._position > 1 and self._fits(segment):
            return ()
        return self._judged(segment)

    def _fits(self, segment: Segment) -> bool:
        """Takes a segment that is in its place and good, as most are; leaves any other as it was."""
        if segment.length > SEGMENT_LIMIT:
            return False
        frames = self._frames
        name, elements = segment.name, segment.elements
        key = f"{name}*{elements[0]}" if elements else name
        depth = len(frames)
        for frame in reversed(frames):
            depth -= 1
            by_key = frame.loop.by_key
            found = by_key.get(name) or by_key.get(key)
            if found is not None:
                break
        else:
            return False
        step: Place | Loop = found
        if step.order < frame.order or frame.counts.get(step, 0) >= step.most:
            return False
        for one in frame.loop.before[step]:
            if one not in frame.counts:
                return False
        for inner in frames[depth + 1 :]:
            for one in inner.loop.required:
                if one not in inner.counts:
                    return False
        place = step if isinstance(step, Place) else step.opener
        if self._checker.faults(place, segment):
            return False
        del frames[depth + 1 :]
        while True:
            frame.order = step.order
            frame.counts[step] = frame.counts.get(step, 0) + 1
            if isinstance(step, Place):
                return True
            frame = _Frame(step)
            frames.append(frame)
            step = step.children[0]

    def _judged(self, segment: Segment) -> Iterator[Finding]:
        if self._position == 1:
            yield from self._checked(self._frames[0].loop.opener, segment)
            return
        found = self._place_of(segment)
        if found is None:
            yield from self._open_without_opener(segment)
            found = self._place_of(segment)
        if found is None:
            code = UNEXPECTED if segment.name in known_names() else UNKNOWN
            yield self._segment(code, segment, wording.unexpected(segment, self._frames[-1].loop.name))
            return
        depth, child = found
        if isinstance(child, Place) and child.order < self._frames[depth].order:
            # The loops stay open: what follows belongs to them as if it had not come.
            yield self._segment(OUT_OF_ORDER, segment, wording.out_of_order(segment))
            yield from self._counted(self._frames[depth], child, segment)
            yield from self._checked(child, segment)
            return
        yield from self._close(depth, segment)
        yield from self._enter(child, segment)

    def finish(self, segment: Segment) -> Iterator[Finding]:
        """Yields what is still missing where a set ends without its SE."""
        while self._frames:
            frame = self._frames.pop()
            for one in self._missing(frame, None, segment):
                if one.segment != "SE":
                    yield one

    def _place_of(self, segment: Segment) -> tuple[int, Place | Loop] | None:
        name, key = _keys(segment)
        late: tuple[int, Place | Loop] | None = None
        depth = len(self._frames)
        for frame in reversed(self._frames):
            depth -= 1
            child = frame.loop.by_key.get(name) or frame.loop.by_key.get(key)
            if child is None:
                continue
            if child.order >= frame.order:
                return depth, child
            late = late or (depth, child)
        return late

    def _open_without_opener(self, segment: Segment) -> Iterator[Finding]:
        """Opens the loop that is due and has a place for `segment`, though what begins it is missing."""
        for depth in range(len(self._frames) - 1, -1, -1):
            path = _loops_down(self._due(self._frames[depth]))
            if path and any(key in path[-1].by_key for key in _keys(segment)):
                break
            if self._due(self._frames[depth]) is not None:
                return  # something else must come first
        else:
            return
        del self._frames[depth + 1 :]
        for loop in path:
            self._frames[-1].order = loop.order
            self._frames[-1].counts[loop] = 1
            self._frames.append(_Frame(loop))
        opener = path[-1].opener
        sentence = wording.missing(opener, self._who())
        yield self._segment(MISSING, segment, sentence, name=opener.name, loop=path[-1].name)

    def _due(self, frame: _Frame) -> Place | Loop | None:
        """The first required thing of `frame` not met yet."""
        return next((child for child in frame.loop.required if child not in frame.counts), None)

    def _close(self, depth: int, segment: Segment) -> Iterator[Finding]:
        """Closes the loops inside the one at `depth`."""
        while len(self._frames) - 1 > depth:
            yield from self._missing(self._frames.pop(), None, segment)

    def _enter(self, child: Place | Loop, segment: Segment) -> Iterator[Finding]:
        """Counts `child` into the innermost loop, opening what it opens, and checks the segment."""
        while True:
            frame = self._frames[-1]
            if child.order < frame.order:
                yield self._segment(OUT_OF_ORDER, segment, wording.out_of_order(segment))
            elif child.order > frame.order:
                yield from self._missing(frame, child.order, segment)
                frame.order = child.order
            yield from self._counted(frame, child, segment)
            if isinstance(child, Place):
                yield from self._checked(child, segment)
                return
            self._frames.append(_Frame(child))
            first = child.children[0]
            if isinstance(first, Place):
                yield from self._checked(first, segment)
                return
            child = first

    def _counted(self, frame: _Frame, child: Place | Loop, segment: Segment) -> Iterator[Finding]:
        count = frame.counts[child] = frame.counts.get(child, 0) + 1
        if count == child.most + 1:
            code = LOOP_TOO_OFTEN if isinstance(child, Loop) else SEGMENT_TOO_OFTEN
            yield self._segment(code, segment, wording.too_often(segment, child.most))

    def _missing(self, frame: _Frame, before: int | None, segment: Segment) -> Iterator[Finding]:
        """Yields required content of `frame` not met; of it all, or of what stands before an order."""
        for child in frame.loop.required:
            passed = before is None or frame.order <= child.order < before
            if passed and child not in frame.counts:
                frame.counts[child] = 0  # said once
                place = child if isinstance(child, Place) else child.opener
                loop = frame.loop.name if isinstance(child, Place) else child.name
                sentence = wording.missing(place, self._who())
                yield self._segment(MISSING, segment, sentence, name=place.name, loop=loop)

    def _checked(self, place: Place, segment: Segment) -> Iterator[Finding]:
        faults = self._checker.faults(place, segment)
        if segment.cut:
            yield self._segment(HAS_ERRORS, segment, wording.too_long(segment))
        for fault in faults:
            yield self._element(fault, segment)

    def _who(self) -> str:
        return f"Member {self.members}" if self.members else "The header"

    def _segment(
        self, code: str, segment: Segment, sentence: str, *, name: str = "", loop: str = ""
    ) -> Finding:
        return Finding(
            level=Level.SEGMENT,
            code=code,
            offset=segment.offset,
            segment=name or wording.safe_name(segment.name),
            sentence=sentence,
            group=self._group,
            st02=self._st02,
            position=self._position,
            loop=loop or self._frames[-1].loop.name,
            member=self.members or None,
        )

    def _element(self, fault: Fault, segment: Segment) -> Finding:
        slot = fault.slot
        short = len(fault.value) <= _SHOWN_CODE and fault.value.isascii() and fault.value.isalnum()
        coded = slot is not None and slot.element.kind == "ID" and short
        padded = fault.code == "6" and fault.value != fault.value.rstrip(" ")
        shown = fault.value if coded else ""
        return Finding(
            level=Level.ELEMENT,
            code=fault.code,
            offset=segment.offset,
            segment=segment.name,
            sentence=wording.element(fault, segment, self._who(), shown),
            refuses=not (padded and fault.value.strip()),
            group=self._group,
            st02=self._st02,
            position=self._position,
            loop=self._frames[-1].loop.name,
            element=fault.element,
            component=fault.component,
            repetition=fault.repetition,
            data_element=slot.element.number if slot else "",
            bad_value=shown,
            member=self.members or None,
            trigger=fault.trigger,
        )


def _keys(segment: Segment) -> tuple[str, str]:
    """What a segment is recognised by: its name, and its name with its first element."""
    name = segment.name
    return name, f"{name}*{segment.elements[0]}" if segment.elements else name


def _loops_down(child: Place | Loop | None) -> list[Loop]:
    """A loop and the loops that begin with it; nothing for a segment."""
    found: list[Loop] = []
    while isinstance(child, Loop):
        found.append(child)
        child = child.children[0]
    return found

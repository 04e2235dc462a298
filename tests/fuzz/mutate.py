"""Files that are in order, and what happens to files on their way: made from a seed, so each comes again."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from tests.edi_files import member
from tests.enrollments import GROUP
from tests.unit.enrollment.files import DEPENDENT, HEADER, SUBSCRIBER, numbered, whole, written

_HOSTILE = [
    b"", b"~", b"*", b":", b"^", b"~~~~", b"\x00", b"\x1b[2J", "\u202e".encode(), b"\xff\xfe", b" ", b"\r\n",
    b"ISA", b"IEA*1*000000007~", b"9" * 40, b"SE*1*0001~", b"A" * 300, b"-1", b"1e9", "É".encode(), b"9" * 8,
]  # fmt: skip
_LAST = ["PEBBLEWICK", "QUILLFEATHER", "O'MARROW", "FENWICK-LUND", "TANSYBROOK"]
_FIRST = ["CLARA", "TOBY", "ADA", "MILO", "JUNE"]


def good_file(chance: random.Random, *, control: int = 7, group: str = GROUP) -> bytes:
    """A production file in order: one to three sets of a few families."""
    sets = []
    for at in range(1, chance.randint(1, 3) + 1):
        head = [one for one in HEADER if not one.startswith("QTY")]
        people: list[str] = []
        for number in range(chance.randint(1, 3)):
            people += _family(chance, at * 10 + number, group)
        sets.append([*numbered(head, f"{at:04}"), *people])
    if chance.random() < 0.1:
        sets.append([*numbered(HEADER, "0009"), *SUBSCRIBER, *DEPENDENT])
    content = written(whole(sets)).replace(b"000000007", f"{control:09}".encode())
    return content.replace(b"*", chance.choice([b"*", b"*", b"|"])) if chance.random() < 0.2 else content


def _family(chance: random.Random, number: int, group: str) -> list[str]:
    last, who = chance.choice(_LAST), f"S{number}"
    kind, reason = chance.choice([("021", "28"), ("021", "28"), ("024", "07"), ("001", "25"), ("025", "41")])
    dates = ["DTP*357*D8*20261231"] if kind == "024" else ["DTP*356*D8*20261201"]
    found = []
    for relationship in ["18", "01", "19"][: chance.randint(1, 3)]:
        text = member(
            maintenance=kind, reason=reason, relationship=relationship, subscriber_number=who, group=group,
            last=last, first=chance.choice(_FIRST), ssn=f"9{chance.randrange(10**8):08}",
            born=f"{chance.randint(1950, 2020)}0314", dates=dates,
            coverages=[] if kind in ("024", "001") else ("HD*021**HMO**EMP", "DTP*348*D8*20261201"),
        )  # fmt: skip
        found += text.split("~")
    return found


def mutated(chance: random.Random, content: bytes) -> tuple[bytes, str]:
    """The file after one to four mishaps, and what they were called."""
    names = []
    for _ in range(chance.choice([1, 1, 1, 2, 2, 3, 4])):
        mishap = chance.choice(MISHAPS)
        content = mishap(chance, content)
        names.append(mishap.__name__.strip("_"))
    return content, "+".join(names)


def _bytes(chance: random.Random, content: bytes) -> bytes:
    found = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        if found:
            found[chance.randrange(len(found))] = chance.randrange(256)
    return bytes(found)


def _hole(chance: random.Random, content: bytes) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content[:at] + content[at + chance.randint(1, 60) :]


def _patch(chance: random.Random, content: bytes) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content[:at] + chance.choice(_HOSTILE) + content[at:]


def _truncated(chance: random.Random, content: bytes) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _swapped(chance: random.Random, content: bytes) -> bytes:
    parts = content.split(b"~")
    one, other = chance.randrange(len(parts)), chance.randrange(len(parts))
    parts[one], parts[other] = parts[other], parts[one]
    return b"~".join(parts)


def _dropped(chance: random.Random, content: bytes) -> bytes:
    parts = content.split(b"~")
    del parts[chance.randrange(len(parts))]
    return b"~".join(parts)


def _doubled(chance: random.Random, content: bytes) -> bytes:
    parts = content.split(b"~")
    at = chance.randrange(len(parts))
    return b"~".join([*parts[:at], *[parts[at]] * chance.choice([2, 2, 3, 30]), *parts[at + 1 :]])


def _slice_doubled(chance: random.Random, content: bytes) -> bytes:
    parts = content.split(b"~")
    at = chance.randrange(len(parts))
    piece = parts[at : at + chance.randint(2, 30)]
    return b"~".join([*parts[:at], *piece, *parts[at:]])


def _element(chance: random.Random, content: bytes) -> bytes:
    parts = content.split(b"~")
    at = chance.randrange(len(parts))
    elements = parts[at].split(b"*")
    elements[chance.randrange(len(elements))] = chance.choice(_HOSTILE)
    parts[at] = b"*".join(elements)
    return b"~".join(parts)


def _shifted(chance: random.Random, content: bytes) -> bytes:
    parts = content.split(b"~")
    at = chance.randrange(len(parts))
    parts[at] = parts[at].replace(b"*", b"**", chance.randint(1, 3))
    return b"~".join(parts)


def _delimiters(chance: random.Random, content: bytes) -> bytes:
    old, new = chance.choice([b"*", b"~", b":", b"^"]), bytes([chance.randrange(256)])
    if chance.random() < 0.3:
        return content[:106] + content[106:].replace(old, new)
    return content.replace(old, new)


def _count(chance: random.Random, content: bytes) -> bytes:
    parts = content.split(b"~")
    tails = [at for at, one in enumerate(parts) if one[:2] in (b"SE", b"GE", b"IE", b"ST", b"GS")]
    if tails:
        at = chance.choice(tails)
        parts[at] = parts[at].replace(b"1", str(chance.randint(0, 10**10)).encode(), 1)
    return b"~".join(parts)


def _huge_segment(chance: random.Random, content: bytes) -> bytes:
    at = chance.randrange(len(content) + 1)
    filler = chance.choice([b"A", b"*", b" ", b"\x00", b":"]) * chance.randint(10**4, 2 * 10**5)
    return content[:at] + filler + content[at:]


def _many_segments(chance: random.Random, content: bytes) -> bytes:
    at = chance.randrange(len(content) + 1)
    many = chance.choice([b"~", b"ST*834*1~", b"INS~", b"Q~", b"GS*BE~"]) * 2_000
    return content[:at] + many + content[at:]


def _nested(chance: random.Random, content: bytes) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content[:at] + content + content[at:]


def _joined(_: random.Random, content: bytes) -> bytes:
    return content + content


def _encoded(chance: random.Random, content: bytes) -> bytes:
    text = content.decode("latin-1")
    coding = chance.choice(["utf-16", "utf-16-le", "utf-32", "utf-8-sig", "cp037"])
    return text.encode(coding, "replace")


def _wrapped(chance: random.Random, content: bytes) -> bytes:
    wide = chance.choice([80, 72, 1])
    return b"\r\n".join(content[at : at + wide] for at in range(0, len(content), wide))


MISHAPS: Sequence[Callable[[random.Random, bytes], bytes]] = (
    _bytes, _bytes, _hole, _patch, _truncated, _swapped, _swapped, _dropped, _dropped, _doubled,
    _slice_doubled, _element, _element, _element, _shifted, _delimiters, _count, _huge_segment,
    _many_segments, _nested, _joined, _encoded, _wrapped,
)  # fmt: skip

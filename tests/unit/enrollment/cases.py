"""Wrong files, each one edit away from a good one, with what the standard says about it.

The same cases are judged by our reader and compared with what pyx12 answers.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.unit.enrollment.files import (
    GS,
    HEADER,
    ISA,
    SUBSCRIBER,
    Edit,
    after,
    both,
    changed,
    counted,
    dropped,
    numbered,
    whole,
)


@dataclass(frozen=True)
class Envelope:
    """An error of the envelope: TA1 note, AK901 with its codes, and IK501 with its codes of each set."""

    name: str
    edit: Edit
    note: str = "000"
    groups: tuple[str, ...] = ()
    sets: tuple[str, ...] = ("A",)


def _isa(old: str, new: str) -> Edit:
    return changed("ISA", ISA.replace(old, new))


def _gs(old: str, new: str) -> Edit:
    return changed("GS*", GS.replace(old, new))


_TWO = changed("IEA", "IEA*2*000000007")
_SECOND = [GS.replace("*7*X", "*8*X"), *numbered(HEADER, "0001"), *SUBSCRIBER, "SE*43*0001", "GE*1*8"]

ENVELOPE = [
    Envelope("in order", lambda segments: segments, groups=("A",)),
    Envelope("ISA13 and IEA02 differ", changed("IEA", "IEA*1*000000008"), "001", ("A",)),
    Envelope("no IEA", dropped("IEA"), "023", ("A",)),
    Envelope("IEA01 wrong", changed("IEA", "IEA*2*000000007"), "021", ("A",)),
    Envelope("IEA01 no number", changed("IEA", "IEA*X*000000007"), "021", ("A",)),
    Envelope("ISA too long", _isa("TESTTPA ", "TESTTPA  "), "022", (), ()),
    Envelope("ISA too short", _isa("TESTTPA  ", "TESTTPA "), "022", (), ()),
    Envelope("ISA01 unknown", _isa("ISA*00", "ISA*99"), "010", (), ()),
    Envelope("ISA03 unknown", _isa("*00*          *ZZ", "*99*          *ZZ"), "012", (), ()),
    Envelope("ISA05 unknown", _isa("ZZ*TESTTPA", "XX*TESTTPA"), "005", (), ()),
    Envelope("ISA06 empty", _isa("TESTTPA", "       "), "006", (), ()),
    Envelope("ISA06 with a NUL", _isa("TESTTPA ", "TESTTPA\0"), "006", (), ()),
    Envelope("ISA07 unknown", _isa("ZZ*PLAN", "XX*PLAN"), "007", (), ()),
    Envelope("ISA08 empty", _isa("PLAN", "    "), "008", (), ()),
    Envelope("ISA09 no date", _isa("*261120*", "*261320*"), "014", (), ()),
    Envelope("ISA10 no time", _isa("*0900*", "*2500*"), "015", (), ()),
    Envelope("ISA12 of 4010", _isa("*00501*", "*00401*"), "017", (), ()),
    Envelope("ISA13 no number", _isa("000000007", "00000000A"), "018", (), ()),
    Envelope("ISA14 unknown", _isa("*0*P*", "*7*P*"), "019", (), ()),
    Envelope("ISA15 unknown", _isa("*0*P*", "*0*X*"), "020", (), ()),
    Envelope("ISA16 a letter", _isa("*P*:", "*P*A"), "027", (), ()),
    Envelope("a second ISA", after("GE", ISA), "022", ("A",)),
    Envelope("data after IEA", after("IEA", ISA), "022", ("A",)),
    Envelope("no group", lambda segments: [segments[0], segments[-1]], "024", (), ()),
    Envelope("a segment before GS", after("ISA", "REF*38*1"), "024", ("A",)),
    Envelope("a segment between SE and GE", after("SE", "REF*38*1"), "024", ("A",)),
    Envelope("GE without GS", both(dropped("GS"), dropped("ST"), dropped("SE")), "024", (), ()),
    Envelope("a TA1 of their own", after("ISA", "TA1*000000001*261119*0900*A*000"), groups=("A",)),
    Envelope("GS01 not BE", _gs("GS*BE", "GS*HC"), groups=("R 1",), sets=("R I6",)),
    Envelope("GS08 without A1", _gs("X220A1", "X220"), groups=("R 2",), sets=("R I6",)),
    Envelope("GS08 of 4010", _gs("005010X220A1", "004010X095A1"), groups=("R 2",), sets=("R I6",)),
    Envelope("no GE", dropped("GE"), groups=("R 3",)),
    Envelope("GS06 and GE02 differ", changed("GE", "GE*1*8"), groups=("R 4",)),
    Envelope("GE01 wrong", changed("GE", "GE*2*7"), groups=("R 5",)),
    Envelope(
        "GS06 no number", both(_gs("*0900*7*", "*0900*A*"), changed("GE", "GE*1*A")), groups=("R 6",)
    ),
    Envelope(
        "GS06 used twice",
        both(after("GE", *_SECOND[:-1], "GE*1*7"), changed(_SECOND[0], GS), _TWO),
        groups=("A", "R 19"), sets=("A", "A"),
    ),
    Envelope(
        "two groups", both(after("GE", *_SECOND), _TWO),
        groups=("A", "A"), sets=("A", "A"),
    ),
    Envelope("ST01 another set", changed("ST", "ST*820*0001*005010X220A1"), groups=("R",), sets=("R 1",)),
    Envelope("no SE", dropped("SE"), groups=("R",), sets=("R 2",)),
    Envelope("ST02 and SE02 differ", changed("SE", "SE*53*0002"), groups=("R",), sets=("R 3",)),
    Envelope("SE01 wrong", changed("SE", "SE*54*0001"), groups=("R",), sets=("R 4",)),
    Envelope("SE01 no number", changed("SE", "SE*X*0001"), groups=("R",), sets=("R 4 5",)),
    Envelope(
        "ST02 used twice",
        lambda _: whole([[*HEADER, *SUBSCRIBER], [*HEADER, *SUBSCRIBER]]),
        groups=("P",), sets=("A", "R 23"),
    ),
    Envelope(
        "one set of three wrong",
        lambda _: changed("INS*Y", "INS*Y*99*021*28*A***FT", 1)(
            whole([numbered([*HEADER, *SUBSCRIBER], f"000{one}") for one in (1, 2, 3)])
        ),
        groups=("P",), sets=("A", "R 5", "A"),
    ),
]  # fmt: skip


@dataclass(frozen=True)
class Guide:
    """An error inside a set: IK304 as `REF=3`, IK403 as `INS08=7`; `taken` where the set is taken with it."""

    name: str
    edit: Edit
    found: frozenset[str]
    taken: bool = False

    def segments(self) -> list[str]:
        """The file with the error, its SE01 right."""
        return counted(self.edit(whole()))


def _case(name: str, edit: Edit, *found: str, taken: bool = False) -> Guide:
    return Guide(name, edit, frozenset(found), taken)


_INS = SUBSCRIBER[0]


def _ins(old: str, new: str) -> Edit:
    return changed(_INS, _INS.replace(old, new))


GUIDE = [
    # IK304
    _case("segment unknown", after("N4", "ZZZ*1"), "ZZZ=1"),
    _case("segment of another place", after("BGN", "N4*OAKLAND*CA*94606"), "N4=2"),
    _case("qualifier of another place", after("REF*23", "DTP*348*D8*20261201"), "DTP=2"),
    _case("BGN missing", dropped("BGN"), "BGN=3"),
    _case("sponsor missing", dropped("N1*P5"), "N1=3"),
    _case("payer missing", dropped("N1*IN"), "N1=3"),
    _case("subscriber number missing", dropped("REF*0F"), "REF=3"),
    _case("member name missing", both(dropped("NM1*74"), dropped("DMG*D8*20120404")), "NM1=3"),
    _case("coverage date missing", both(dropped("DTP*348", 1), dropped("DTP*349")), "DTP=3"),
    _case("no member", lambda _: whole([HEADER]), "INS=3"),
    _case("LE missing", dropped("LE"), "LE=3"),
    _case("segment too often", after("N3*5", "N3*6 CANAL ST"), "N3=5"),
    _case("loop too often", after("DTP*349", *["COB*P*1*1"] * 6), "COB=4"),
    _case("REF of a member too often", after("REF*23", *["REF*23*7001"] * 13), "REF=5"),
    _case("subscriber number after the name",
          both(dropped("REF*0F"), after("N4*OAKLAND*CA*94606", "REF*0F*S0001")), "REF=3", "REF=7"),
    _case("street after city", both(dropped("N3*5"), after("N4*OAKLAND*CA*94606", "N3*5 CANAL")),
          "N3=7"),
    # IK403, each code
    _case("INS08 empty is no error", _ins("***FT", ""), ),
    _case("INS02 missing", _ins("*18*", "**"), "INS02=1"),
    _case("DMG01 missing", changed("DMG*D8*19800314", "DMG**19800314*F"), "DMG01=1"),
    _case("DMG02 missing", changed("DMG*D8*19800314", "DMG*D8**F"), "DMG02=1"),
    _case("NM108 without NM109", changed("NM1*70", "NM1*70*1*PEBBLEWIG*TOBY****34"), "NM109=2"),
    _case("too many elements", changed("REF*23", "REF*23*7001***X"), "REF05=3"),
    _case("too many elements, empty", changed("N3*5", "N3*5 CANAL ST*APT 2**"),),
    _case("N403 too short", changed("N4*OAKLAND*CA*94606", "N4*OAKLAND*CA*94"), "N403=4"),
    _case("last name too long", changed("NM1*70", f"NM1*70*1*{'P' * 61}*TOBY"), "NM103=5"),
    _case("control character", changed("NM1*70", "NM1*70*1*PEBBLE\x07WIG*TOBY"), "NM103=6"),
    _case("blank at the end", changed("REF*23", "REF*23*7001 "), "REF02=6", taken=True),
    _case("AMT02 no number", changed("AMT", "AMT*P3*1A"), "AMT02=6"),
    _case("bad relationship", _ins("*18*", "*99*"), "INS02=7"),
    _case("bad maintenance type", _ins("*021*", "*002*"), "INS03=7"),
    _case("bad reason", _ins("*28*", "*ZX*"), "INS04=7"),
    _case("bad employment", _ins("*FT", "*ZZ"), "INS08=7"),
    _case("birth date not there", changed("DMG*D8*19800314", "DMG*D8*19800230*F"), "DMG02=8"),
    _case("birth date short", changed("DMG*D8*19800314", "DMG*D8*800314*F"), "DMG02=8"),
    _case("BGN04 no time", changed("BGN", "BGN*00*REF7*20261120*0960****2"), "BGN04=9"),
    _case("not used", changed("NM1*31", "NM1*31*1*SOMEBODY"), "NM103=I10"),
    _case("BGN06 is missing with 15 is no error", changed("BGN", "BGN*15*REF7*20261120*0900****2"),),
    _case("repeated once too often", changed("DMG*D8*2012", f"DMG*D8*20120404*M**{'^'.join(['::1'] * 11)}"),
          "DMG05=12"),
    _case("too many parts", changed(_INS, "INS*Y*18*021*28*A*C:1:1:1:1**FT"),
          "INS06=13", "INS06-3=I10", "INS06-4=I10"),
    _case("Medicare reason without a part", changed(_INS, "INS*Y*18*021*28*A*:1**FT"), "INS06-1=1"),
    _case("period not a period", changed("DTP*349", "DTP*349*RD8*20261201"), "DTP03=8"),
    _case("state not there", changed("N4*OAKLAND*CA*94606", "N4*OAKLAND*ZZ*94606"), "N402=7"),
]  # fmt: skip

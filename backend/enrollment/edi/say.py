"""Says what became of a file in sentences a rep reads aloud: TA1, 999, each set, and each member's codes.

Every function takes plain codes, so that what was stored can be said again. What to do about an error is
in `tell.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

from backend.enrollment.edi.report import Level

CODES_OF = {
    Level.INTAKE: "intake",
    Level.INTERCHANGE: "TA105",
    Level.GROUP: "AK905",
    Level.SET: "IK502",
    Level.SEGMENT: "IK304",
    Level.ELEMENT: "IK403",
}
"""Which list of the standard a finding's code is from."""

_TA105 = {
    "001": "its control numbers at start and end differ",
    "003": "the version of its controls is not supported",
    "004": "its end mark for segments is not valid",
    "005": "the qualifier of its sender is not valid",
    "006": "its sender is not valid",
    "007": "the qualifier of its receiver is not valid",
    "008": "its receiver is not valid",
    "010": "its authorization qualifier is not valid",
    "012": "its security qualifier is not valid",
    "014": "its date is not valid",
    "015": "its time is not valid",
    "017": "the version it names is not valid",
    "018": "its control number is not valid",
    "019": "its request for an acknowledgment is not valid",
    "020": "it says neither test nor production",
    "021": "its number of groups is not right",
    "022": "its envelope is not built as the standard has it",
    "023": "it ends too early: its end segment is missing",
    "024": "something in it stands outside its groups and sets",
    "025": "its control number came before with other content",
    "027": "its separator for parts of a value is not valid",
}

_IK502 = {
    "1": "it is no 834",
    "2": "its end segment is missing",
    "3": "its control numbers at start and end differ",
    "4": "its number of segments is not right",
    "5": "segments in it are wrong",
    "23": "its control number is used twice",
    "I6": "its version is not taken",
}

_MAINTENANCE = {
    "001": "change",
    "002": "delete",
    "021": "addition",
    "024": "termination",
    "025": "reinstatement",
    "026": "correction",
    "030": "listed in full",
    "032": "employee information not applicable",
}

_REASONS = {
    "01": "divorce", "02": "birth", "03": "death", "04": "retirement", "05": "adoption", "06": "strike",
    "07": "termination of benefits", "08": "termination of employment", "09": "COBRA",
    "10": "COBRA premium paid", "11": "surviving spouse", "14": "voluntary withdrawal",
    "15": "change of primary care provider", "16": "quit", "17": "fired", "18": "suspended",
    "20": "active", "21": "disability", "22": "plan change", "25": "change in identifying data",
    "26": "declined coverage", "27": "pre-enrollment", "28": "initial enrollment",
    "29": "benefit selection", "31": "legal separation", "32": "marriage", "33": "personnel data",
    "37": "leave of absence with benefits", "38": "leave of absence without benefits",
    "39": "lay-off with benefits", "40": "lay-off without benefits", "41": "re-enrollment",
    "43": "change of location", "59": "non-payment",
    "AA": "dissatisfied with office staff", "AB": "dissatisfied with medical care",
    "AC": "inconvenient office location", "AD": "dissatisfied with office hours",
    "AE": "no appointment in time", "AF": "dissatisfied with referrals",
    "AG": "less respect and time than other patients", "AH": "moved", "AI": "no reason given",
    "AJ": "appointments not kept in time", "AL": "benefit assigned by a rule", "EC": "member's own choice",
    "XN": "notification only", "XT": "transfer",
}  # fmt: skip


def ta1_sentence(code: str, note: str) -> str:
    """What the TA1 says (TA104, TA105); empty where there was no interchange to answer."""
    if not code:
        return ""
    if code == "A":
        return "The file arrived whole and its envelope is in order."
    why = _TA105.get(note, "its envelope is not valid")
    return f"The whole file is refused: {why} (code {note})."


def ack_sentence(verdict: str, total: int, taken: int) -> str:
    """What the 999 says over all groups: its verdict, how many sets there were and how many are taken.

    Empty for no verdict, where the interchange was refused and no 999 is sent.
    """
    if not verdict:
        return ""
    if verdict == "R" or not taken:
        return "Nothing of the file is accepted." if total != 1 else "The one set of the file is refused."
    all_of = "The one set of the file is" if total == 1 else f"All {total:,} sets of the file are"
    if verdict == "A" and taken == total:
        return f"{all_of} accepted."
    if verdict == "E" and taken == total:
        return f"{all_of} accepted; small errors should be put right before the next file."
    are = "is" if taken == 1 else "are"
    return f"{taken:,} of {total:,} sets {are} accepted; nothing of the others is taken."


def set_sentence(st02: str, code: str, syntax: Sequence[str] = (), accepted: bool | None = None) -> str:
    """What became of one set: its control number, IK501, the codes behind it, and whether it is taken.

    `accepted` is False for a set in order that falls with its group.
    """
    name = f"Set {st02}" if st02 else "A set without number"
    if code == "R":
        whys = [_IK502[one] for one in syntax if one in _IK502]
        return f"{name} is refused: {', '.join(whys)}." if whys else f"{name} is refused."
    if accepted is False:
        return f"{name} is in order, but its group is refused, so nothing of it is taken."
    if code == "E":
        return f"{name} is accepted; small errors in it should be put right before the next file."
    return f"{name} is accepted."


def maintenance_words(code: str) -> str:
    """INS03 in words; a code not in the guide as it is."""
    return _MAINTENANCE.get(code, code)


def reason_words(code: str) -> str:
    """INS04 in words; empty where none was sent, a code not in the guide as it is."""
    return _REASONS.get(code, code)

"""What a typed text may be: an item, a number, a phone, a name with a birth date. Pure functions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import product

from api_client.types.call_words import FoundKind
from backend.matching import normalise

MOST_LETTERS = 40
"""A longer word has no near words: it would fill the table with its forms."""
FEWEST_LETTERS = 4
"""Of a word that a slip is looked for in."""
_MOST_NAMES = 10
_MOST_WORDS = 8
_SUFFIXES = frozenset({"JR", "SR", "II", "III", "IV"})
_ITEMS = {
    "M": (FoundKind.MATCH_ITEM, 5),
    "U": (FoundKind.USER_ID_REQUEST, 5),
    "L": (FoundKind.LETTER, 5),
    "F": (FoundKind.FILE, 5),
    "C": (FoundKind.CALL, 5),
    "B": (FoundKind.CALL_BACK, 5),
    "CD": (FoundKind.CARD, 5),
    "R": (FoundKind.ENROLLMENT, 6),
}
_ITEM = re.compile(r"(CD|[MULFCBR])[ -]?([0-9]{1,12})")
_PHONE = re.compile(r"(?:TEL:?|PHONE:?)? *[+(]?[0-9][0-9 ().+/-]*(?: *(?:X|EXT\.?) *[0-9]{1,6})?")
_EXTENSION = re.compile(r" *(?:X|EXT\.?) *[0-9]{1,6}$")
_ISO = re.compile(r"(?<![0-9-])([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?![0-9-])")
_US = re.compile(r"(?<![0-9-])([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4}|[0-9]{2})(?![0-9-])")
_RUN = re.compile(r"(?<!\S)([0-9]{2})([0-9]{2})([0-9]{4})(?!\S)")
_SSN = re.compile(
    r"(?<!\S)(?:SSN:? *)?(?:[X*0-9]{3}-?[X*0-9]{2}-([0-9]{4})|[X*]{5}([0-9]{4})|([0-9]{4}))(?!\S)"
)
_MRN = re.compile(r"MRN:? *([A-Z0-9][A-Z0-9-]{0,19})")


@dataclass(frozen=True)
class Name:
    """One way to read the words of a name; either may be empty, both are comparable forms."""

    last: str
    first: str


@dataclass(frozen=True)
class Wanted:
    """What a text may be; what it cannot be is empty."""

    text: str
    """In capitals, its blanks single."""
    typed: str
    """As it was typed, for what tells capitals apart."""
    kind: FoundKind | None = None
    numbers: tuple[str, ...] = ()
    """What the item of that kind may be called."""
    token: str = ""
    """The one word it is: may be a group number, alias, user ID or member number."""
    mrn: str = ""
    phone: str = ""
    """Digits without the leading 1: ten, or seven and more that begin one."""
    ein: str = ""
    last4: str = ""
    born: date | None = None
    names: tuple[Name, ...] = ()
    group_words: tuple[str, ...] = ()

    @property
    def shape(self) -> str:
        """What kind of search it is, for the audit row."""
        parts = {
            "item": self.kind, "mrn": self.mrn, "phone": self.phone, "ein": self.ein,
            "birth_date": self.born, "last4": self.last4, "name": self.names, "number": self.token,
        }  # fmt: skip
        return "+".join(name for name, there in parts.items() if there) or "words"


def read(text: str, today: date) -> Wanted:
    """What the text may be; never fails, whatever it is."""
    typed = " ".join(unicodedata.normalize("NFKC", text).split())
    upper = typed.upper()
    item = _ITEM.fullmatch(upper)
    if item:
        kind, width = _ITEMS[item[1]]
        numbers = {f"{item[1]}-{item[2]}", f"{item[1]}-{int(item[2]):0{width}d}"}
    mrn = _MRN.fullmatch(upper)
    rest, born = _without_date(upper, today)
    rest, last4 = _without_last4(rest, alone=born is None)
    return Wanted(
        text=upper,
        typed=typed,
        kind=kind if item else None,
        numbers=tuple(sorted(numbers)) if item else (),
        token="" if " " in upper else upper,
        mrn=mrn[1] if mrn else "",
        phone=_phone(upper),
        ein=_ein(upper),
        last4=last4,
        born=born,
        names=() if item or mrn else tuple(_names(rest)),
        group_words=normalise.words(typed)[:_MOST_WORDS],
    )


def _without_date(text: str, today: date) -> tuple[str, date | None]:
    """The text without the birth date in it, and that date: ISO or month, day and year."""
    for pattern, order in ((_ISO, (1, 2, 3)), (_US, (3, 1, 2)), (_RUN, (3, 1, 2))):
        found = pattern.search(text)
        rest = (text[: found.start()] + " " + text[found.end() :]).strip() if found else ""
        if found is None or (pattern is _RUN and not rest):
            continue
        year, month, day = (int(found[at]) for at in order)
        if len(found[order[0]]) == 2:
            year += 2000 if 2000 + year <= today.year else 1900
        try:
            born = date(year, month, day)
        except ValueError:
            continue
        if born <= today + timedelta(days=1) and year >= 1880:
            return rest, born
    return text, None


def _without_last4(text: str, *, alone: bool) -> tuple[str, str]:
    """The text without the end of an SSN, and its last four; alone, four digits are a number."""
    found = _SSN.search(text)
    if found is None:
        return text, ""
    rest = (text[: found.start()] + " " + text[found.end() :]).strip(" ,")
    if not rest and alone:
        return text, ""
    return rest, found[1] or found[2] or found[3]


def is_bare_ssn(text: str) -> bool:
    """Whether it is four digits or an SSN and nothing more: nobody is looked for by that."""
    found = _SSN.fullmatch(text.strip().upper())
    return found is not None


def _phone(text: str) -> str:
    if not _PHONE.fullmatch(text):
        return ""
    digits = re.sub(r"\D", "", _EXTENSION.sub("", text))
    if len(digits) == 11 or (len(digits) > 7 and digits[0] == "1"):
        digits = digits.removeprefix("1")
    return digits if 7 <= len(digits) <= 10 and digits[0] not in "01" else ""


def phone_key(text: str) -> str:
    """The ten digits of a phone number under which a member is found; empty for anything else."""
    digits = re.sub(r"[^0-9]", "", _EXTENSION.sub("", text.upper()))
    digits = digits[1:] if len(digits) == 11 and digits[0] == "1" else digits
    return digits if len(digits) == 10 else ""


def dashed(phone: str) -> str:
    """Digits of a phone number, or their beginning, as groups and contacts have it: 800-555-0148."""
    return "-".join(part for part in (phone[:3], phone[3:6], phone[6:]) if part)


def _ein(text: str) -> str:
    found = re.fullmatch(r"(?:EIN:? *)?([0-9]{2})-?([0-9]{7})", text)
    return f"{found[1]}-{found[2]}" if found else ""


# -- names -----------------------------------------------------------------------------------------


def _names(text: str) -> Iterator[Name]:
    """The ways to read a name: first last, last first, or with a comma last, first."""
    before, comma, after = text.partition(",")
    lasts, firsts = _words(before), _words(after)
    found = _with_comma(lasts, firsts) if comma and lasts else _without_comma(lasts or firsts)
    yield from list(dict.fromkeys(found))[:_MOST_NAMES]


def _words(text: str) -> tuple[str, ...]:
    """The words of a name: no digits, no generation suffix."""
    names = " ".join(part for part in text.split(" ") if not any(char.isdigit() for char in part))
    words = normalise.words(names)
    while len(words) > 1 and words[-1] in _SUFFIXES:
        words = words[:-1]
    return tuple(word[:MOST_LETTERS] for word in words[:_MOST_WORDS])


def _with_comma(lasts: tuple[str, ...], firsts: tuple[str, ...]) -> Iterator[Name]:
    for first in (firsts, firsts[:1]):
        yield Name(" ".join(lasts), " ".join(first))
        if len(lasts) > 1:
            yield Name("".join(lasts), " ".join(first))


def _without_comma(words: tuple[str, ...]) -> Iterator[Name]:
    if len(words) == 1:
        yield Name(words[0], "")
        yield Name("", words[0])
        return
    for at in range(1, len(words)):
        yield Name(" ".join(words[at:]), " ".join(words[:at]))
        yield Name(" ".join(words[:at]), " ".join(words[at:]))
    if words:
        yield Name(" ".join(words), "")
        yield Name("".join(words), "")
        yield Name("", " ".join(words))
    if len(words) > 2:
        yield Name(words[-1], words[0])
        yield Name(words[0], words[1])
        yield Name("".join(words[1:]), words[0])


def other_names(last_key: str, first_key: str) -> frozenset[tuple[str, str]]:
    """What else a person of this name is looked for by: each word of a double name, and it in one word."""
    lasts, firsts = parts(last_key), parts(first_key)
    return frozenset(product(lasts, firsts)) - {(last_key, first_key)}


@lru_cache(maxsize=16_384)
def parts(key: str) -> tuple[str, ...]:
    """The name itself, its telling words, and it written in one word."""
    words = tuple(key.split(" "))
    if len(words) == 1:
        return (key,)
    telling = [word for word in normalise.core(words) if len(word) > 1][:4]
    return (key, *dict.fromkeys([*telling, "".join(words)]))


def last_words(last_key: str) -> frozenset[str]:
    """Words of a last name in which a slip is looked for."""
    return frozenset(filter(_has_near, parts(last_key)))


def first_words(first_key: str) -> frozenset[str]:
    """Words of a given name in which a slip is looked for."""
    return frozenset(filter(_has_near, first_key.split(" ")))


def group_words(name_key: str) -> frozenset[str]:
    """Words of a group's name in which a slip is looked for."""
    return frozenset(filter(_has_near, name_key.split(" ")))


def _has_near(word: str) -> bool:
    return FEWEST_LETTERS - 1 <= len(word) <= MOST_LETTERS and " " not in word and not word.isdigit()


def forms(word: str) -> frozenset[str]:
    """The word and the word less one letter, for every letter."""
    return frozenset({word, *(word[:at] + word[at + 1 :] for at in range(len(word)))})


def asked_forms(words: Iterable[str]) -> frozenset[str]:
    """The forms to ask for, of words long enough that a slip can be told from another word."""
    return frozenset(
        form for word in words if FEWEST_LETTERS <= len(word) <= MOST_LETTERS for form in forms(word)
    )

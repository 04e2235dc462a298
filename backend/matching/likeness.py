"""How alike two values of one field are, with a short word for it."""

from __future__ import annotations

from dataclasses import dataclass

from api_client.types.words import Verdict

_PARTICLES = {
    "DE",
    "LA",
    "DEL",
    "DELLA",
    "DI",
    "DA",
    "DOS",
    "LOS",
    "VAN",
    "VON",
    "DER",
    "DEN",
    "EL",
    "AL",
    "BIN",
}


@dataclass(frozen=True)
class Likeness:
    """A verdict and its word."""

    verdict: Verdict
    words: str


_SAME = Likeness(Verdict.SAME, "same")
_DIFFERS = Likeness(Verdict.DIFFERS, "differs")


def plain(ours: str, theirs: str) -> Likeness:
    """Same, differs or missing; nothing between."""
    return _missing(bool(ours), bool(theirs)) or (_SAME if ours == theirs else _DIFFERS)


def of_names(ours: tuple[str, ...], theirs: tuple[str, ...], part: str) -> Likeness:
    """Names by their words; `part` is what a shared word is called."""
    if missing := _missing(bool(ours), bool(theirs)):
        return missing
    a, b = "".join(ours), "".join(theirs)
    if a == b:
        return _SAME
    if 1 in (len(a), len(b)) and a[0] == b[0]:
        return Likeness(Verdict.NEAR, "initial")
    if (set(ours) & set(theirs)) - _PARTICLES:
        return Likeness(Verdict.NEAR, part)
    if one_slip(a, b):
        return Likeness(Verdict.NEAR, "1 letter")
    return _DIFFERS


def of_birth_dates(ours: str, theirs: str) -> Likeness:
    """ISO dates: same, day and month exchanged, one digit, or different."""
    if missing := _missing(bool(ours), bool(theirs)):
        return missing
    if ours == theirs:
        return _SAME
    year, month, day = ours.split("-")
    if f"{year}-{day}-{month}" == theirs:
        return Likeness(Verdict.NEAR, "day and month exchanged")
    return _by_digits(ours, theirs)


def of_ssns(ours: str, theirs: str) -> Likeness:
    """Nine digits each: same, one digit, two neighbours exchanged, or different."""
    return _missing(bool(ours), bool(theirs)) or (_SAME if ours == theirs else _by_digits(ours, theirs))


def same_home(ours: tuple[str, str], theirs: tuple[str, str]) -> Likeness:
    """Street and zip: same, same house of the street in another spelling, or different."""
    if missing := _missing(all(ours), all(theirs)):
        return missing
    if ours == theirs:
        return _SAME
    same_house = ours[0].split(" ")[0] == theirs[0].split(" ")[0] and ours[0][0].isdigit()
    if ours[1] == theirs[1] and same_house:
        return Likeness(Verdict.NEAR, "same house number and zip")
    return _DIFFERS


def one_slip(a: str, b: str) -> bool:
    """Whether one letter changed, left out, put in, or two neighbours exchanged make `a` into `b`."""
    if a == b or abs(len(a) - len(b)) > 1 or min(len(a), len(b)) < 3:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest_a, rest_b = a[start:], b[start:]
    return (
        rest_a[1:] == rest_b[1:]
        or rest_a[1:] == rest_b
        or rest_a == rest_b[1:]
        or (rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:])
    )


def _missing(ours: bool, theirs: bool) -> Likeness | None:
    if ours and theirs:
        return None
    return Likeness(Verdict.MISSING, "not on file" if ours else "missing")


def _by_digits(ours: str, theirs: str) -> Likeness:
    places = [i for i, (x, y) in enumerate(zip(ours, theirs, strict=True)) if x != y]
    if len(places) == 1:
        return Likeness(Verdict.NEAR, "1 digit")
    first, last = places[0], places[-1]
    if len(places) == 2 and last == first + 1 and ours[first] == theirs[last] and ours[last] == theirs[first]:
        return Likeness(Verdict.NEAR, "2 digits exchanged")
    return Likeness(Verdict.DIFFERS, f"{len(places)} digits" if len(places) == 2 else "differs")

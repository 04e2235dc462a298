"""What is filled in for an act by phone: the fields of each form, and what is wrong with what is typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from api_client.types.call_words import PhoneAct
from api_client.types.words import Sex, TransactionType
from screens.widgets.form import Field, one_of, wrong

# -- one value -------------------------------------------------------------------------------------


def text(typed: str) -> str:
    """As it was typed."""
    return typed


def name(typed: str) -> str:
    """What begins with a letter and has no digit, so that a phone number in the wrong line is seen."""
    if not typed[:1].isalpha() or any(one.isdigit() for one in typed):
        raise ValueError("a name, without digits")
    return typed


def day(typed: str) -> date:
    """A date as 2026-11-30, 11/30/2026 or 11302026."""
    for form in ("%Y-%m-%d", "%m/%d/%Y", "%m%d%Y"):
        try:
            return datetime.strptime(typed, form).date()  # noqa: DTZ007  (a calendar date has no zone)
        except ValueError:
            continue
    raise ValueError("a date, such as 11/30/2026")


def ssn(typed: str) -> str:
    """Nine digits."""
    digits = typed.replace("-", "").replace(" ", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) == 9):
        raise ValueError("nine digits")
    return digits


def phone(typed: str) -> str:
    """Ten digits, as 800-555-0148."""
    digits = "".join(filter(str.isdigit, typed))
    digits = digits[1:] if len(digits) == 11 and digits[0] == "1" else digits
    if len(digits) != 10:
        raise ValueError("ten digits")
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"


def state(typed: str) -> str:
    """Two letters."""
    if not (len(typed) == 2 and typed.isascii() and typed.isalpha()):
        raise ValueError("two letters, such as CA")
    return typed.upper()


def zip_code(typed: str) -> str:
    """Five digits, or nine."""
    digits = typed.replace("-", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) in (5, 9)):
        raise ValueError("five digits")
    return typed


def sex(typed: str) -> Sex:
    """F or M."""
    try:
        return Sex(typed.upper())
    except ValueError:
        raise ValueError("F or M") from None


RELATIONSHIPS = {
    "spouse": "01",
    "partner": "53",
    "child": "19",
    "adopted": "09",
    "foster": "10",
    "stepchild": "17",
    "ward": "15",
}
"""Codes of INS02 (005010X220A1) of who can be added to a family."""
EVENTS = {
    "left": "1",
    "hours": "2",
    "medicare": "3",
    "death": "4",
    "divorce": "5",
    "separation": "6",
    "child": "7",
}
"""Codes of INS07 of why coverage was lost."""


# -- the forms -------------------------------------------------------------------------------------

MEMBER = Field("mrn", "member number", text, needed=True, limit=20, hint="of whom it is about")
_NAME = (
    Field("last_name", "last name", name),
    Field("first_name", "first name", name, limit=35),
    Field("middle_name", "middle name", name, limit=25),
)
_BORN = Field("birth_date", "born", day, limit=10, hint="month/day/year")
_SSN = Field("ssn", "SSN", ssn, limit=11, secret=True)
_SEX = Field("sex", "sex", sex, limit=1, hint="F or M")
_HOME = (
    Field("street", "street", text, limit=80),
    Field("city", "city", text, limit=40),
    Field("state", "state", state, limit=2),
    Field("zip", "ZIP", zip_code, limit=10),
)
_MAILING = (
    Field("mailing_street", "mail: street", text, limit=80, hint="only where letters go elsewhere"),
    Field("mailing_city", "mail: city", text, limit=40),
    Field("mailing_state", "mail: state", state, limit=2),
    Field("mailing_zip", "mail: ZIP", zip_code, limit=10),
)
_PHONE = Field("phone", "phone", phone, limit=20)
_FROM = Field("coverage_from", "covered from", day, needed=True, limit=10, hint="first covered day")
_TO = Field("coverage_to", "covered to", day, needed=True, limit=10, hint="last covered day")
_SUBSCRIBER = Field(
    "subscriber_number",
    "subscriber number",
    text,
    needed=True,
    limit=50,
    hint="the employer's number of the employee",
)
_RELATIONSHIP = Field(
    "relationship", "is the", one_of(RELATIONSHIPS), needed=True, limit=12, hint=", ".join(RELATIONSHIPS)
)
_EVENT = Field("cobra_event", "why", one_of(EVENTS), needed=True, limit=12, hint=", ".join(EVENTS))
_EVENT_ON = Field("cobra_event_on", "happened on", day, needed=True, limit=10, hint="day of that event")


def _needed(*fields: Field) -> tuple[Field, ...]:
    return tuple(Field(**{**vars(one), "needed": True}) for one in fields)


_FORMS: dict[PhoneAct, tuple[Field, ...]] = {
    PhoneAct.CHANGE: (*_NAME, _BORN, _SSN, *_HOME, _PHONE, *_MAILING),
    PhoneAct.TERMINATE: (_TO,),
    PhoneAct.ENROLL: (
        _SUBSCRIBER,
        *_needed(*_NAME[:2]),
        _NAME[2],
        *_needed(_BORN),
        _SSN,
        _SEX,
        *_needed(*_HOME),
        _PHONE,
        _FROM,
    ),
    PhoneAct.ADD_DEPENDENT: (
        _RELATIONSHIP,
        *_needed(*_NAME[:2]),
        _NAME[2],
        *_needed(_BORN),
        _SSN,
        _SEX,
        *_HOME,
        _FROM,
    ),
    PhoneAct.REINSTATE: (_FROM,),
    PhoneAct.TRANSFER: (_FROM,),
    PhoneAct.COBRA: (_EVENT, _EVENT_ON, _FROM),
}
TYPES = {
    PhoneAct.CHANGE: TransactionType.DEMOGRAPHIC,
    PhoneAct.TERMINATE: TransactionType.TERMINATION,
    PhoneAct.ENROLL: TransactionType.ENROLL,
    PhoneAct.ADD_DEPENDENT: TransactionType.ADD_DEPENDENT,
    PhoneAct.REINSTATE: TransactionType.REINSTATE,
    PhoneAct.TRANSFER: TransactionType.TRANSFER,
    PhoneAct.COBRA: TransactionType.ENROLL,
}
"""As what each form is submitted."""


def fields_of(act: PhoneAct, mrn: str) -> tuple[Field, ...]:
    """The lines of the form; whose member number is known is not asked again."""
    of_somebody = act is not PhoneAct.ENROLL
    return (MEMBER, *_FORMS[act]) if of_somebody and not mrn else _FORMS[act]


# -- the whole form --------------------------------------------------------------------------------


def errors(act: PhoneAct, fields: tuple[Field, ...], typed: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with which field; an address is given as a whole, and a change changes something."""
    found = {one.name: words for one in fields if (words := wrong(one, typed[one.name]))}
    for prefix in ("", "mailing_"):
        parts = [f"{prefix}{name}" for name in ("street", "city", "state", "zip")]
        given = [name for name in parts if typed.get(name, "").strip()]
        if given and len(given) < len(parts):
            found |= {
                name: "is needed with the address" for name in parts if name not in given and name in typed
            }
    filled = [one.name for one in fields if one is not MEMBER and typed[one.name].strip()]
    if act is PhoneAct.CHANGE and not filled:
        found[_NAME[0].name] = "nothing is filled in"
    return found

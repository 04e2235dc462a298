"""Numbers and dates that belong to somebody else, to nobody, or to many; rows that stand twice."""

from __future__ import annotations

import datetime as dt

from benchmarks.matching.noise import PLACEHOLDERS, digit, nickname
from benchmarks.matching.people import World
from benchmarks.matching.trap import Case, absent, present, trap


def _taken(world: World, ssn: str) -> str:
    """A number that is one digit off and could have been issued."""
    while not world.valid(int(other := digit(ssn, world.rng))):
        pass
    return other


@trap("spouse's ssn, both members")
def spouse_present(world: World) -> Case:
    """The wife enrolls under her husband's number; both are members."""
    pair = world.couple((25, 75))
    one = world.rng.choice(pair)
    other = pair[1 - pair.index(one)]
    return present(pair, one, ssn=other.ssn)


@trap("spouse's ssn, absent", 1.5)
def spouse_absent(world: World) -> Case:
    """The spouse who is not a member enrolls under the member's number."""
    one, two = world.couple((25, 75))
    if world.rng.random() < 0.5:
        one, two = two, one
    return absent([one], two, ssn=one.ssn)


@trap("spouse's ssn and birth date, absent")
def spouse_copied(world: World) -> Case:
    """Number and birth date were both copied from the member to the absent spouse."""
    one, two = world.couple((25, 75))
    while two.first == one.first:
        two.first = world.first(two.sex, two.born)
    two.last = one.last
    return absent([one], two, ssn=one.ssn, date_of_birth=one.born.isoformat())


@trap("spouses of one nickname", 0.7)
def spouse_nickname(world: World) -> Case:
    """Christopher is a member, Christine enrolls as Chris under his number and birth date."""
    one, two = world.couple((25, 75))
    (one.first, two.first), called = world.rng.choice(
        [(("Christopher", "Christine"), "Chris"), (("Patrick", "Patricia"), "Pat"),
         (("Alexander", "Alexandra"), "Alex"), (("Samuel", "Samantha"), "Sam")]
    )  # fmt: skip
    two.last = one.last
    return absent([one], two, first_name=called, ssn=one.ssn, date_of_birth=one.born.isoformat(), sex="F")


@trap("parent's ssn, child a member")
def child_present(world: World) -> Case:
    """A child enrolls under the subscriber's number; both are members."""
    parents = world.couple((25, 50))
    child = world.child(parents[0])
    return present([*parents, child], child, ssn=parents[0].ssn)


@trap("parent's ssn, child absent", 1.5)
def child_absent(world: World) -> Case:
    """A child who is no member enrolls under the subscriber's number."""
    parents = world.couple((25, 50))
    return absent(parents, world.child(parents[0]), ssn=parents[0].ssn)


@trap("head's birth date on a child")
def head_date(world: World) -> Case:
    """The head's birth date, and in half the cases the number too, stand on an absent child."""
    parents = world.couple((25, 50))
    child = world.child(parents[0], sex="M")
    while child.first == parents[0].first:
        child.first = world.first("M", child.born)
    edits = {"date_of_birth": parents[0].born.isoformat()}
    if world.rng.random() < 0.5:
        edits["ssn"] = parents[0].ssn
    return absent(parents, child, **edits)


@trap("widow, the late husband's ssn")
def widow(world: World) -> Case:
    """A widow enrolls under the number of her husband, who is still a member; half of them absent."""
    husband, wife = world.couple((60, 90))
    wife.last = husband.last
    if world.rng.random() < 0.5:
        return present([husband, wife], wife, ssn=husband.ssn)
    return absent([husband], wife, ssn=husband.ssn)


@trap("widow under her husband's name", 0.7)
def mrs(world: World) -> Case:
    """Mrs. John Smith: his first name, his number, her birth date; she is absent."""
    husband, wife = world.couple((60, 90))
    wife.last = husband.last
    return absent([husband], wife, first_name=husband.first, ssn=husband.ssn, middle_name="", sex="F")


@trap("a member's ssn on a stranger", 1.5)
def reuse(world: World) -> Case:
    """Somebody works under a member's number: another name, another birth date."""
    one, two = world.person((20, 70)), world.person((20, 70))
    return absent([one], two, ssn=one.ssn)


@trap("a member's ssn and birth date on a stranger")
def reuse_date(world: World) -> Case:
    """The same with the birth date taken over too; only the name is the stranger's own."""
    one = world.person((20, 70), origin="hispanic")
    two = world.person((20, 70), one.sex, origin="hispanic")
    while two.first == one.first or two.last == one.last:
        two = world.person((20, 70), one.sex, origin="hispanic")
    return absent([one], two, ssn=one.ssn, date_of_birth=one.born.isoformat())


@trap("a member's ssn, birth date and first name on a stranger", 0.4)
def reuse_first(world: World) -> Case:
    """The first name happens to be the same; surname and home differ, and men seldom change theirs."""
    one = world.person((20, 70), "M", origin="hispanic")
    last = world.last("hispanic")
    while set(last.split()) & set(one.last.split()):
        last = world.last("hispanic")
    two = one.but(last=last, home=world.far_from(one.home), phone="", middle=world.first("M", one.born))
    return absent([one], two)


@trap("a member's ssn and near surname on a stranger", 0.7)
def reuse_near(world: World) -> Case:
    """The stranger shares the first name too; birth date and home differ."""
    one = world.common()
    return absent(
        [one], one.but(born=world.day_within(one.born, 9), home=world.home(), phone=""), ssn=one.ssn
    )


@trap("placeholder ssn shared by namesakes")
def placeholder(world: World) -> Case:
    """Two of one common name under one placeholder number, birth dates differ or are placeholders too."""
    number = world.rng.choice(PLACEHOLDERS)
    one = world.common()
    two = one.but(home=world.far_from(one.home), born=world.day_within(one.born, 20), phone="", middle="")
    unknown = world.rng.random() < 0.5
    case = absent([one], two, ssn=number, **({"date_of_birth": "1900-01-01"} if unknown else {}))
    case.rows[one] = {"ssn": number, **({"date_of_birth": "1900-01-01"} if unknown else {})}
    return case


@trap("placeholder ssn and birth date shared by many", 0.7)
def shelter(world: World) -> Case:
    """A shelter: one address and telephone, placeholder numbers, the first of January for all."""
    home = world.home()
    day = dt.date(world.rng.randint(1950, 1995), 1, 1)
    people = [world.person((20, 70), home=home) for _ in range(6)]
    common = world.tables.last.common(world.rng)
    for person in people:
        person.born, person.phone = day, ""
        person.last = common if world.rng.random() < 0.5 else person.last
    case = absent(people[:5], people[5], ssn="999999999")
    case.rows = {person: {"ssn": "999999999"} for person in people[:5]}
    return case


@trap("one digit off is another member's ssn, member")
def lands_present(world: World) -> Case:
    """A slip in the number gives the number of another real member; the person is a member too."""
    one = world.person((18, 80))
    other = world.person((18, 80), one.sex)
    other.ssn = _taken(world, one.ssn)
    return present([one, other], one, ssn=other.ssn)


@trap("one digit off is another member's ssn, absent")
def lands_absent(world: World) -> Case:
    """The same for a person who is no member; the other shares the surname or the year of birth."""
    one = world.person((18, 80))
    other = world.person((18, 80), one.sex)
    if world.rng.random() < 0.5:
        other.last = one.last
    else:
        other.first, other.born = one.first, world.day_within(one.born, 1)
    return absent([other], one, ssn=other.ssn)


@trap("two rows of one person", 1.5)
def duplicate(world: World) -> Case:
    """The registry has the person twice, equally well: a person has to choose which row lives on."""
    one = world.person((18, 80))
    again = one.but()
    case = Case([one, again], one, [one, again], undecidable=True)
    case.rows = {again: {"middle_name": ""}}
    return case


@trap("two rows of one person, one of them stale")
def stale(world: World) -> Case:
    """The second row has the old home and surname and no number; either row is the right person."""
    one = world.person((25, 80), "F")
    again = one.but(last=world.last(), home=world.far_from(one.home), ssn="", phone="")
    return Case([one, again], one, [one, again])


@trap("row under the nickname beside a relative")
def nickname_row(world: World) -> Case:
    """The registry has her under her nickname without a number, and her mother of the full name."""
    older = world.common("F", (45, 70))
    older.first = world.rng.choice(("Elizabeth", "Patricia", "Susan", "Deborah", "Margaret"))
    younger = world.child(older, (18, older.age - 19 if older.age < 60 else 40), "F")
    younger.first = older.first
    case = present([older, younger], younger)
    case.rows[younger] = {"first_name": nickname(older.first, world.rng), "ssn": ""}
    return case

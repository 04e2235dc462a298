"""Fathers and sons, cousins, spouses and strangers of one name."""

from __future__ import annotations

import datetime as dt

from benchmarks.matching.noise import born_near
from benchmarks.matching.people import Person, World
from benchmarks.matching.records import street
from benchmarks.matching.trap import Case, absent, present, trap


def _namesakes(world: World, sex: str = "M") -> tuple[Person, Person]:
    """A parent and a child of the same name in one home."""
    older = world.person((45, 75), sex)
    younger = world.child(older, (18, min(40, older.age - 19)), sex)
    younger.first = older.first
    if world.rng.random() < 0.4:
        younger.middle = older.middle
    return older, younger


def _with_wife(world: World, person: Person) -> list[Person]:
    wife = world.person((25, 75), "F", person.home, person.last, "census")
    return [person, wife]


@trap("son absent, no suffix", 2)
def junior(world: World) -> Case:
    """The father is a member; his son of the same name and home enrolls, nobody wrote Sr or Jr."""
    older, younger = _namesakes(world)
    return absent(_with_wife(world, older), younger, ssn=world.rng.choice(("", younger.ssn)))


@trap("son absent, suffixes written")
def junior_suffix(world: World) -> Case:
    """The same with Jr on the enrollment and Sr or nothing in the registry."""
    older, younger = _namesakes(world)
    older.suffix, younger.suffix = world.rng.choice(("Sr", "")), world.rng.choice(("Jr", "II"))
    return absent(_with_wife(world, older), younger, ssn=world.rng.choice(("", younger.ssn)))


@trap("son absent, no birth date")
def junior_no_date(world: World) -> Case:
    """The son of the same name and home enrolls without birth date and number."""
    older, younger = _namesakes(world, world.rng.choice("MMMF"))
    younger.suffix = world.rng.choice(("", "Jr")) if younger.sex == "M" else ""
    return absent(_with_wife(world, older), younger, date_of_birth="", ssn="")


@trap("son absent, the father's ssn")
def junior_ssn(world: World) -> Case:
    """The son of the same name enrolls under the subscriber's number, with his own birth date."""
    older, younger = _namesakes(world)
    return absent(_with_wife(world, older), younger, ssn=older.ssn)


@trap("son absent, the father's ssn, no birth date", 0.6)
def junior_ssn_no_date(world: World) -> Case:
    """The same without a birth date: nothing differs but what is missing."""
    older, younger = _namesakes(world, world.rng.choice("MMMF"))
    younger.suffix = world.rng.choice(("", "Jr", "III")) if younger.sex == "M" else ""
    return absent(_with_wife(world, older), younger, ssn=older.ssn, date_of_birth="")


@trap("son absent, the father's birth date")
def junior_date(world: World) -> Case:
    """The head's birth date was copied onto his son of the same name; number or suffix are the son's own."""
    older, younger = _namesakes(world)
    if world.rng.random() < 0.5:
        return absent(_with_wife(world, older), younger.but(suffix=""), date_of_birth=older.born.isoformat())
    older.suffix, younger.suffix = "", "Jr"
    return absent(_with_wife(world, older), younger, date_of_birth=older.born.isoformat(), ssn="")


@trap("son absent, all of it the father's but the suffix", 0.6)
def junior_all(world: World) -> Case:
    """Number and birth date are both the father's; only Sr on the one and Jr on the other side remain."""
    older, younger = _namesakes(world)
    older.suffix, younger.suffix = "Sr", world.rng.choice(("Jr", "II"))
    edits = {"date_of_birth": older.born.isoformat(), "ssn": world.rng.choice((older.ssn, ""))}
    return absent(_with_wife(world, older), younger, **edits)


@trap("father absent")
def senior(world: World) -> Case:
    """The son is a member; his father of the same name and home enrolls."""
    older, younger = _namesakes(world)
    older.suffix = world.rng.choice(("", "", "Sr"))
    return absent([younger], older, ssn=world.rng.choice(("", older.ssn)))


@trap("father and son members, no suffix")
def both_present(world: World) -> Case:
    """Both are members; one of them enrolls, half of them without a number."""
    older, younger = _namesakes(world)
    one = world.rng.choice((older, younger))
    return present([older, younger], one, ssn=world.rng.choice(("", one.ssn)))


@trap("father and son members, no birth date")
def both_no_date(world: World) -> Case:
    """Both are members; one enrolls with neither birth date nor number: nobody can tell."""
    older, younger = _namesakes(world)
    case = present([older, younger], younger, ssn="", date_of_birth="", middle_name="")
    case.undecidable = True
    case.rows = {older: {"suffix": ""}, younger: {"suffix": ""}}
    return case


@trap("grandfather member, grandson absent")
def grandson(world: World) -> Case:
    """A grandson of the same name in the same home, born on a date that a slip turns into the other."""
    older = world.person((70, 90), "M")
    younger = older.but(middle=world.first("M", older.born), ssn=world.ssn())
    day = min(older.born.day, 28)
    older.born = older.born.replace(day=day)
    younger.born = older.born.replace(year=older.born.year + world.rng.choice((60, 50, 70, 59)))
    return absent([older], younger.but(born=min(younger.born, dt.date(2025, 6, 1))), ssn="")


@trap("namesakes of one home, day and month exchanged", 1.5)
def swapped_dates(world: World) -> Case:
    """Cousins of one name and home whose birth dates are each other's with day and month exchanged."""
    one = world.person((18, 70))
    one.born = one.born.replace(month=world.rng.randint(1, 6), day=world.rng.randint(7, 12))
    two = one.but(born=one.born.replace(month=one.born.day, day=one.born.month), ssn=world.ssn())
    two.middle = world.first(two.sex, two.born)
    return absent([one], two, ssn=world.rng.choice(("", two.ssn)))


@trap("namesakes of one home, one digit of the birth date", 1.5)
def digit_dates(world: World) -> Case:
    """Father and son or cousins of one name and home, birth dates one digit apart."""
    one = world.person((18, 70))
    one.born = one.born.replace(day=min(one.born.day, 28))
    two = one.but(born=dt.date.fromisoformat(born_near(one.born, world.rng)), ssn=world.ssn())
    return absent([one], two, ssn=world.rng.choice(("", two.ssn)))


@trap("cousins of one name in one home")
def cousins(world: World) -> Case:
    """Cousins named after one grandfather, a few months or years apart; one is a member."""
    one = world.person((5, 40))
    two = one.but(born=world.day_within(one.born, 3), ssn=world.ssn(), middle=world.first(one.sex, one.born))
    return absent([one], two, ssn=world.rng.choice(("", two.ssn)))


@trap("mother and daughter of one name")
def daughter(world: World) -> Case:
    """No suffix is ever written for a daughter named after her mother, who is a member."""
    older, younger = _namesakes(world, "F")
    return absent([older], younger, ssn=world.rng.choice(("", younger.ssn)))


@trap("namesake of one birth date, other town", 2)
def namesake_far(world: World) -> Case:
    """A stranger of a common name and the same birth date in another town enrolls without a number."""
    one = world.common()
    two = one.but(home=world.far_from(one.home), ssn=world.ssn(), middle=world.first(one.sex, one.born))
    two.phone = world.telephone(two.home.area)
    return absent([one], two, ssn="")


@trap("namesake of one birth date and middle name, other town")
def namesake_whole(world: World) -> Case:
    """All three names are frequent: among millions some share them and the birth date too."""
    one = world.common()
    one.middle = world.tables.first[one.sex].common(world.rng, 15)
    two = one.but(home=world.far_from(one.home), ssn=world.ssn())
    two.phone = world.telephone(two.home.area)
    case = absent([one], two, ssn="", middle_name=one.middle)
    case.rows[one] = {"middle_name": world.rng.choice((one.middle, one.middle[0]))}
    return case


@trap("namesake of one birth date, same town", 1.5)
def namesake_town(world: World) -> Case:
    """The same in another street of the town; another middle name is written on both sides."""
    one = world.common()
    same_zip = world.rng.random() < 0.3
    two = one.but(home=world.house_in_town(one.home, same_zip), ssn=world.ssn())
    two.phone = world.telephone(two.home.area)
    while not one.middle or not two.middle or two.middle[0] == one.middle[0]:
        one.middle, two.middle = world.first(one.sex, one.born), world.first(one.sex, one.born)
    initial = world.rng.random() < 0.5
    case = absent([one], two, ssn="", middle_name=two.middle[0] if initial else two.middle)
    case.rows[one] = {"middle_name": one.middle}
    return case


@trap("namesake of one birth date, same zip")
def namesake_zip(world: World) -> Case:
    """Two of a name that is frequent there, one birth date, two streets; nobody wrote a middle name."""
    one = world.person((20, 70), origin=world.rng.choice(("hispanic", "vietnamese", "arabic")))
    two = one.but(home=world.house_in_town(one.home, same_zip=True), ssn=world.ssn())
    two.phone = world.telephone(two.home.area)
    case = absent([one], two, ssn="", middle_name="")
    case.rows[one] = {"middle_name": ""}
    return case


@trap("same name and birth date, other ssn", 2)
def other_ssn(world: World) -> Case:
    """Two persons of one name and birth date; the numbers say that they are two."""
    one = world.common()
    home = world.far_from(one.home) if world.rng.random() < 0.5 else world.house_in_town(one.home)
    return absent([one], one.but(home=home, ssn=world.ssn(), middle="", phone=""))


@trap("namesake in the same building", 1.5)
def building(world: World) -> Case:
    """A namesake of other age in another flat of a large house; no number."""
    one = world.common()
    one.home = world.flat_beside(one.home)
    two = one.but(home=world.flat_beside(one.home), ssn=world.ssn(), born=world.day_within(one.born, 8))
    two.phone = world.telephone(two.home.area)
    return absent([one], two, ssn="")


@trap("namesake in the same building, first of january", 1.5)
def refugees(world: World) -> Case:
    """Two people of one name and written birth date, the first of January, in one building."""
    one = world.person((20, 60), origin="arabic")
    one.born = one.born.replace(month=1, day=1)
    one.home = world.flat_beside(one.home)
    two = one.but(home=world.flat_beside(one.home), ssn=world.ssn())
    two.phone = world.telephone(two.home.area)
    one.middle, two.middle = world.rng.sample(["Abdullahi", "Farah", "Warsame", "Ismail", "Jama", "Omar"], 2)
    if world.rng.random() < 0.5:
        one.middle = two.middle = ""
    while not (line := street(two.home, world.rng)).endswith(two.home.unit):  # the flat is written
        pass
    case = absent([one], two, ssn="", middle_name=two.middle, street=line)
    case.rows[one] = {"middle_name": one.middle}
    return case


@trap("new wife of the former wife's first name")
def remarried(world: World) -> Case:
    """Jennifer is a member at his address; he married another Jennifer, who took his surname."""
    husband, wife = world.couple((30, 60))
    wife.last = husband.last
    new = world.person((28, 58), "F", husband.home, husband.last, "census")
    new.first, new.maiden = wife.first, world.last()
    return absent([husband, wife], new, ssn=world.rng.choice(("", new.ssn)))


@trap("sister-in-law of one name")
def in_law(world: World) -> Case:
    """A brother's wife bears his sister's first name and took the surname; born in the same year."""
    one = world.common("F", (20, 50))
    two = one.but(ssn=world.ssn(), born=world.day_within(one.born, 1), middle="", maiden=world.last())
    return absent([one], two, ssn=world.rng.choice(("", two.ssn)))


@trap("first and last name exchanged are another person")
def turned(world: World) -> Case:
    """Thomas James enrolls; James Thomas of the same birth date is a member elsewhere."""
    one = world.common("M")
    one.first, one.last = world.rng.sample(["James", "Thomas", "Henry", "George", "Scott", "Allen", "Lee"], 2)
    two = one.but(first=one.last, last=one.first, home=world.far_from(one.home), ssn=world.ssn(), phone="")
    return absent([one], two, ssn=world.rng.choice(("", two.ssn)))


@trap("a thin record of a member's relative")
def thin(world: World) -> Case:
    """An initial, a surname and the address, nothing else; who is meant is absent."""
    people = world.couple((30, 60))
    people += world.children(people, 2)
    other = world.sibling_of(people[-1])
    other.first = people[-1].first[0] + "uri"
    return absent(people, other, first_name=other.first[0], middle_name="", ssn="", date_of_birth="", sex="")

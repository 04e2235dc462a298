"""Twins, sisters, brothers and newborn children."""

from __future__ import annotations

import datetime as dt

from benchmarks.matching import words
from benchmarks.matching.noise import digit
from benchmarks.matching.people import TODAY, Person, World
from benchmarks.matching.records import plain
from benchmarks.matching.trap import Case, absent, present, trap


def _parents(world: World, origin: str = "") -> list[Person]:
    return world.couple((25, 50), origin=origin)


def _child(world: World, parents: list[Person], sex: str = "") -> Person:
    return world.child(parents[0], (1, 24), sex)


def _near_twins(world: World, parents: list[Person]) -> tuple[Person, Person]:
    """Twins whose first names a slip of the finger apart."""
    one = _child(world, parents)
    one.first, other = world.rng.choice(words.NEAR[one.sex])
    return one, world.twin_of(one, one.sex, other)


@trap("twin absent, same sex", 2)
def twin_same_sex(world: World) -> Case:
    """One twin is a member; the other of the same sex enrolls, the numbers follow each other."""
    parents = _parents(world)
    one = _child(world, parents)
    two = world.twin_of(one, one.sex)
    return absent([*parents, one], two.but(ssn=world.ssn(near=one.ssn)))


@trap("twin absent, other sex")
def twin_other_sex(world: World) -> Case:
    """One twin is a member; the brother or sister enrolls."""
    parents = _parents(world)
    one = _child(world, parents)
    return absent([*parents, one], world.twin_of(one, "M" if one.sex == "F" else "F"))


@trap("twin absent, no ssn")
def twin_no_ssn(world: World) -> Case:
    """One twin is a member; the other enrolls without a number, some with the same initials."""
    parents = _parents(world)
    one = _child(world, parents)
    two = world.twin_of(one, one.sex)
    if world.rng.random() < 0.5:
        same = [name for name in world.tables.first[one.sex].names[:400] if name[0] == one.first[0]]
        two.first = world.rng.choice([name for name in same if name != one.first] or [two.first])
    return absent([*parents, one], two, ssn="")


@trap("twin absent, near names, one digit", 2)
def twin_near_digit(world: World) -> Case:
    """Twins called Maria and Marie; their numbers differ in one digit, one of them is a member."""
    parents = _parents(world)
    one, two = _near_twins(world, parents)
    return absent([*parents, one], two, ssn=digit(one.ssn, world.rng))


@trap("twin absent, near names, no ssn")
def twin_near_no_ssn(world: World) -> Case:
    """Twins of near names; the absent one enrolls without a number."""
    parents = _parents(world)
    one, two = _near_twins(world, parents)
    return absent([*parents, one], two, ssn="")


@trap("twin absent, the member twin's ssn", 0.7)
def twin_copied(world: World) -> Case:
    """The absent twin enrolls with the number of the twin who is a member; the names are not alike."""
    parents = _parents(world)
    one = _child(world, parents)
    return absent([*parents, one], world.twin_of(one), ssn=one.ssn)


@trap("twin absent, near names, the member twin's ssn", 0.5)
def twin_near_copied(world: World) -> Case:
    """The same with near names: only the knowledge that both are names tells them apart."""
    parents = _parents(world)
    one, two = _near_twins(world, parents)
    return absent([*parents, one], two, ssn=one.ssn)


@trap("twin absent, initial only")
def twin_initial(world: World) -> Case:
    """The absent twin is enrolled with an initial that both twins share."""
    parents = _parents(world)
    one, two = _near_twins(world, parents)
    while one.first[0] != two.first[0]:
        one, two = _near_twins(world, parents)
    return absent([*parents, one], two, first_name=two.first[0], ssn="", middle_name="")


@trap("twin absent, grown, married and moved", 0.7)
def twin_married(world: World) -> Case:
    """Grown twin sisters: one is a member; the other has another surname and home, and a near number."""
    one = world.person((24, 60), "F")
    two = world.twin_of(one, "F")
    return absent(
        [one], two.but(last=world.last(), home=world.house_in_town(one.home), ssn=world.ssn(one.ssn))
    )


@trap("both twins members, no ssn")
def twins_present(world: World) -> Case:
    """Both twins are members and one of them enrolls without a number."""
    parents = _parents(world)
    one, two = _near_twins(world, parents) if world.rng.random() < 0.5 else (_child(world, parents), None)
    two = two or world.twin_of(one, one.sex)
    return present([*parents, one, two], one, ssn="")


@trap("both twins members, the other's ssn")
def twins_swapped(world: World) -> Case:
    """Both twins are members; one enrolls under the other's number."""
    parents = _parents(world)
    one, two = _near_twins(world, parents)
    return present([*parents, one, two], one, ssn=two.ssn)


@trap("triplet absent")
def triplet(world: World) -> Case:
    """Two of three are members; the third enrolls."""
    parents = _parents(world)
    one = _child(world, parents)
    two, three = world.twin_of(one, one.sex), world.twin_of(one, one.sex)
    while three.first == two.first:
        three = world.twin_of(one, one.sex)
    return absent([*parents, one, two], three.but(ssn=world.ssn(near=two.ssn)))


@trap("adopted sibling of the same birthday")
def adopted(world: World) -> Case:
    """Two children of one home and one birthday who are no twins; the second is absent."""
    parents = _parents(world)
    one = _child(world, parents)
    other = world.sibling_of(one, 2, one.sex)
    other.ssn = world.ssn()
    same_year = world.rng.random() < 0.5
    born = one.born if same_year else one.born - dt.timedelta(days=world.rng.choice((1, 10, 365, 366)))
    return absent([*parents, one], other.but(born=born))


@trap("sisters of near names", 1.5)
def sisters(world: World) -> Case:
    """Maria is a member, her sister Mariah, a year or more younger, enrolls; half without a number."""
    parents = _parents(world)
    one = _child(world, parents)
    one.first, other = world.rng.choice(words.NEAR[one.sex])
    two = world.sibling_of(one, 4, one.sex, other)
    return absent([*parents, one], two, **({"ssn": ""} if world.rng.random() < 0.5 else {}))


@trap("siblings a digit apart")
def digit_apart(world: World) -> Case:
    """Brothers of near names, born on one day of neighbouring years, numbers a digit apart."""
    parents = _parents(world)
    one, two = _near_twins(world, parents)
    if (one.born.month, one.born.day) == (2, 29):
        one.born = one.born.replace(day=28)
    two.born = one.born.replace(year=one.born.year - 1)
    return absent([*parents, one], two, ssn=world.rng.choice((digit(one.ssn, world.rng), "")))


@trap("sibling absent", 2)
def sibling(world: World) -> Case:
    """An ordinary brother or sister of a member enrolls."""
    parents = _parents(world)
    one = _child(world, parents)
    return absent([*parents, one], world.sibling_of(one))


@trap("children of one initial, hyphenated surname")
def one_initial(world: World) -> Case:
    """Joshua, Joseph and Jacob of a hyphenated surname; an absent one enrolls as J."""
    parents = _parents(world)
    for parent in parents:
        parent.last = f"{world.tables.last.draw(world.rng)}-{world.tables.last.draw(world.rng)}"
    parents[1].last = parents[0].last
    names = world.rng.sample(["Joshua", "Joseph", "Jacob", "Jordan", "Julian", "Jayden", "Justin", "John"], 3)
    one = _child(world, parents, "M")
    one.first = names[0]
    two = world.sibling_of(one, 3, "M", names[1])
    three = world.sibling_of(one, 2, "M", names[2])
    return absent([*parents, one, two], three, first_name="J", ssn="")


@trap("sibling whose nickname is the absent one's name")
def nickname_sibling(world: World) -> Case:
    """Catherine is a member; her twin or sister, who is plain Kate by name, enrolls."""
    parents = _parents(world)
    one = _child(world, parents)
    pairs = {
        "F": [("Elizabeth", "Beth"), ("Katherine", "Katie"), ("Alexandra", "Lexi"), ("Samantha", "Sam")],
        "M": [("William", "Liam"), ("Alexander", "Alex"), ("Anthony", "Tony"), ("Robert", "Bobby")],
    }
    one.first, other = world.rng.choice(pairs[one.sex])
    twins = world.rng.random() < 0.5
    two = world.twin_of(one, one.sex, other) if twins else world.sibling_of(one, 4, one.sex, other)
    return absent([*parents, one], two, ssn=world.rng.choice(("", two.ssn)))


@trap("sisters of one first name")
def same_first(world: World) -> Case:
    """María Elena is a member; María Guadalupe, her sister or twin, enrolls as María without a number."""
    parents = _parents(world, "hispanic")
    one = _child(world, parents)
    one.first = "María" if one.sex == "F" else "José"
    one.middle, other = world.rng.sample(words.HISPANIC[one.sex][1:], 2)
    two = (
        world.twin_of(one, one.sex, "x")
        if world.rng.random() < 0.4
        else world.sibling_of(one, 4, one.sex, "x")
    )
    two.first, two.middle = one.first, other
    case = absent([*parents, one], two, ssn="", middle_name=world.rng.choice((other, other[0])))
    if plain(other[0]) == plain(one.middle[0]):
        case.edits["middle_name"] = other
    case.rows[one] = {"middle_name": one.middle}
    return case


@trap("baby girl, sibling member")
def baby(world: World) -> Case:
    """A newborn child without a name or number; an older child and the mother are members."""
    parents = _parents(world)
    older = world.child(parents[0], (1, 8))
    born = TODAY - dt.timedelta(days=world.rng.randint(1, 40))
    new = world.child(parents[0], (0, 1)).but(born=born)
    name = "BABY GIRL" if new.sex == "F" else "BABY BOY"
    if world.rng.random() < 0.3:
        name = f"{name} {parents[1].first.upper()}"
    return absent([*parents, older], new, first_name=name, middle_name="", ssn="")


@trap("baby b, baby a member")
def baby_twin(world: World) -> Case:
    """Newborn twins without names: A is a member, B enrolls on the next day."""
    parents = _parents(world)
    born = TODAY - dt.timedelta(days=world.rng.randint(1, 40))
    one = world.child(parents[0], (0, 1)).but(born=born)
    two = world.twin_of(one, one.sex)
    name = "BABY GIRL" if one.sex == "F" else "BABY BOY"
    case = absent([*parents, one], two, first_name=f"{name} B", middle_name="", ssn="")
    case.rows[one] = {"first_name": f"{name} A", "middle_name": "", "ssn": ""}
    return case


@trap("two nameless babies of one day and surname", 0.5)
def nameless_namesakes(world: World) -> Case:
    """Babies of two families of a common surname, born on one day, neither with a name or number."""
    parents = [world.common("M"), world.common("F")]
    parents[1].home, parents[1].last = parents[0].home, parents[0].last
    born = TODAY - dt.timedelta(days=world.rng.randint(1, 40))
    one = world.child(parents[0], (0, 1)).but(born=born)
    two = one.but(home=world.house_in_town(one.home), ssn=world.ssn())
    name = {"first_name": "BABY GIRL" if one.sex == "F" else "BABY BOY", "middle_name": "", "ssn": ""}
    case = absent([*parents, one], two, **name)
    case.rows[one] = dict(name)
    return case


@trap("named baby, nameless row")
def named_baby(world: World) -> Case:
    """The registry has the child as BABY BOY; now it enrolls under its name."""
    parents = _parents(world)
    new = world.child(parents[0], (0, 1)).but(born=TODAY - dt.timedelta(days=world.rng.randint(20, 90)))
    case = present([*parents, new], new)
    case.rows[new] = {
        "first_name": "BABY GIRL" if new.sex == "F" else "BABY BOY", "middle_name": "", "ssn": "",
    }  # fmt: skip
    return case

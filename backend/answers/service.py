"""What can be asked of answers: which questions mean what was typed, and one of them answered."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from api_client.types.answers import AnswerRow, FindAnswers, Phone
from api_client.types.answers import Article as Shown
from api_client.types.call_words import Fact
from api_client.types.common import Page
from api_client.types.words import ContactRole
from backend.accounts import service as accounts
from backend.answers import gather, rules
from backend.answers.articles import BILL, CENTER, Article, articles
from backend.answers.facts import Facts
from backend.answers.ranking import ranking
from backend.calls import gate
from backend.database.unit import Unit
from backend.problems import not_found


async def find(unit: Unit, form: FindAnswers) -> Page[AnswerRow]:
    """Questions that mean what was typed, the best first; every question by topic for an empty text.

    Each has its short answer for the account, as far as it may be heard. Raises NOT_FOUND for the group.
    """
    known = articles()
    found = [known[at] for at in ranking().find(form.text)] if form.text else list(known)
    needs = frozenset[Fact]().union(*(one.needs for one in found))
    facts = await _facts(unit, form.group_number, needs)
    looked_for = unit.keys.digest_of("search", form.text.casefold())[:16]
    unit.audit("answers.find", "search", looked_for, group=form.group_number)
    return Page(rows=[_row(one, facts) for one in found])


def _row(one: Article, facts: Facts) -> AnswerRow:
    said = _answer(one, facts).said
    return AnswerRow(id=one.id, topic=one.topic, question=one.question, short=said.short)


async def show(unit: Unit, answer_id: str, group: str | None) -> Shown:
    """One question answered for the account, or for everybody. Raises NOT_FOUND for either."""
    one = next((one for one in articles() if one.id == answer_id), None)
    if one is None:
        raise not_found("answer", answer_id)
    facts = await _facts(unit, group or "", one.needs, of=one)
    answered = _answer(one, facts)
    number = facts.known.number if facts.known else ""
    about = ("account", number) if number else ("answer", one.id)
    unit.audit("answers.show", *about, answer=one.id, locked=answered.locked)
    return Shown(
        id=one.id,
        topic=one.topic,
        question=one.question,
        say=answered.said.say,
        because=list(answered.said.because),
        points=list(answered.said.points),
        rule=facts.plan.put_into(one.rule),
        source=one.source,
        owner=one.owner,
        reviewed_on=one.reviewed_on,
        menu_path=one.menu_path,
        phones=list(_phones(one.phones, facts)),
        group_number=number,
        locked=answered.locked,
    )


def _answer(one: Article, facts: Facts) -> rules.Answered:
    return rules.answer(one.answer, one.general(facts.plan), heard=one.needs <= facts.heard, facts=facts)


async def _facts(unit: Unit, group: str, needs: Collection[Fact], *, of: Article | None = None) -> Facts:
    """Of what is needed only what may be heard; of an article that is shown, the call remembers it."""
    if not group:
        return gather.public(unit)
    account = await accounts.account_of(unit, group)
    heard = await gate.heard(unit, account)
    if of is not None and of.noted:
        await gate.did(unit, of.noted, account)
    if of is not None and set(needs) <= heard:
        for fact in sorted(needs):
            await gate.require(unit, fact, account)
    return await gather.facts_of(unit, account, heard & set(needs))


def _phones(whom: Collection[str], facts: Facts) -> Iterator[Phone]:
    for one in whom:
        if one == CENTER:
            yield Phone(whom=facts.plan.center, phone=facts.plan.center_phone)
        elif one == BILL:
            if facts.known is not None and facts.known.bill_phone:
                yield Phone(whom="membership number on the bill", phone=facts.known.bill_phone)
        else:
            yield from _contact_phone(ContactRole(one), facts)


def _contact_phone(role: ContactRole, facts: Facts) -> Iterator[Phone]:
    """Of a contact in force, as far as the caller may hear of the group's contacts."""
    contact = rules.in_force(facts.group.people, role, facts) if facts.group else None
    if role is ContactRole.GROUP_REPRESENTATIVE and facts.known is not None:
        contact = facts.known.representative
    if role is ContactRole.TPA:  # on record or not, it is called only where it administers COBRA
        handles = facts.cobra is not None and facts.cobra.answer.contact is role
        contact = facts.cobra.whom if facts.cobra is not None and handles else None
    if contact is not None and contact.phone:
        yield Phone(whom=f"{rules.ROLES[role]} {contact.name}", phone=rules.phone_of(contact))

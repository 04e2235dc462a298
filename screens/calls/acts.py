"""Acts by phone: `m` and a digit, for the group or person on the screen.

The backend says what the caller has the right to and what will happen; what is not possible stands greyed
and says why when its digit is pressed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from textual.content import Content

from api_client.types.billing_words import BillingCycle, LetterKind
from api_client.types.call_words import PhoneAct
from api_client.types.visible import visible_line
from screens.calls import act_fields, act_words
from screens.calls.act_form import ActFormScreen
from screens.widgets.prompt import Choice
from screens.widgets.text import short_minute

if TYPE_CHECKING:
    from api_client.types.accounts import Account
    from api_client.types.acts import ActChoice, ActOption, Done
    from api_client.types.calls import CallBackRow
    from api_client.types.cards import Card, Person
    from api_client.types.letters import LetterRow
    from api_client.types.user_ids import UserIdRequest
    from screens.widgets.desk import About
    from screens.widgets.screen import DeskScreen

Answer = TypeVar("Answer")
_REASON = 200
_OF_A_PERSON = frozenset({PhoneAct.CARD, PhoneAct.COBRA_PACKET})
"""Acts without a form that are for one person."""


def act_by_phone(screen: DeskScreen, about: About) -> None:
    """Ask what is to be done for the caller, about what this screen shows."""
    work = screen.client.acts.options(about.group, mrn=about.mrn, receipt=about.receipt)
    screen.fetch(work, lambda found: _Menu(screen, about, found).open(), group="acts", hold_keys=True)


class _Menu:
    """What may be done about one group or person."""

    def __init__(self, screen: DeskScreen, about: About, options: Sequence[ActOption]) -> None:
        self._screen = screen
        self._about = about
        self._options = {one.act: one for one in options}

    def open(self) -> None:
        """The ten digits of `m`."""
        choices: list[Choice[Callable[[], None]]] = [
            self._choice(PhoneAct.CHANGE),
            self._choice(PhoneAct.TERMINATE),
            Choice("add person", self._add, possible=self._possible(PhoneAct.ENROLL)),
            *map(self._choice, (PhoneAct.CARD, PhoneAct.PAPER_BILL, PhoneAct.BILLING_CYCLE)),
            *map(self._choice, (PhoneAct.CALL_BACK, PhoneAct.PROMISE, PhoneAct.REQUEST_FORM)),
            Choice("more", self._more, key="0"),
        ]
        self._screen.pick(f"by phone for {self._whom}:", choices, _do)

    @property
    def _whom(self) -> str:
        return f"MRN {self._about.mrn}" if self._about.mrn else self._about.group

    def _possible(self, act: PhoneAct) -> bool:
        return act in self._options and self._options[act].allowed

    def _choice(self, act: PhoneAct) -> Choice[Callable[[], None]]:
        return Choice(act_words.NAMES[act], partial(self._chosen, act), possible=self._possible(act))

    def _more(self) -> None:
        self._screen.pick(f"more for {self._whom}:", [self._choice(act) for act in act_words.MORE], _do)

    def _add(self) -> None:
        both = (PhoneAct.ENROLL, PhoneAct.ADD_DEPENDENT)
        if self._possible(PhoneAct.ENROLL):
            self._screen.pick("add:", [self._choice(act) for act in both], _do)
        else:
            self._chosen(PhoneAct.ENROLL)  # says why not

    def _chosen(self, act: PhoneAct) -> None:
        option = self._options[act]
        if not option.allowed:
            self._screen.refuse(option.why_not)
        elif act in act_fields.TYPES:
            mrn = "" if act is PhoneAct.ENROLL else self._about.mrn
            self._screen.app.push_screen(ActFormScreen(self._about.group, act, mrn=mrn))
        elif act in _OF_A_PERSON and not self._about.mrn:
            self._screen.write(
                f"{act_words.NAMES[act]}: member number of whom?", self._of_whom(act), limit=20
            )
        else:
            _WAYS[act](self._screen, self._about, option)

    def _of_whom(self, act: PhoneAct) -> Callable[[str], None]:
        """Once it is said of whom, what may be done for that person is asked anew."""

        def ask(mrn: str) -> None:
            about = replace(self._about, mrn=visible_line(mrn))
            work = self._screen.client.acts.options(about.group, mrn=about.mrn)
            self._screen.fetch(
                work, lambda found: _Menu(self._screen, about, found)._chosen(act), group="acts"
            )

        return ask


def _do(way: Callable[[], None]) -> None:
    way()


# -- each act that needs no form -------------------------------------------------------------------


def _card(screen: DeskScreen, about: About, option: ActOption) -> None:
    def order(person: Person, reason: str) -> None:
        work = partial(screen.client.cards.reprint, about.group, about.mrn, visible_line(reason))
        _confirmed(screen, act_words.card_line(person, reason), work, said)

    def said(card: Card) -> str:
        until = short_minute(card.print_from, screen.desk.now())
        return f"{card.id} is ordered; it can be taken back until {until} on the screen of the person."

    def ask(person: Person) -> None:
        if person.reason_needed:
            title = f"{person.reason_needed}; reason:"
            screen.write(title, partial(order, person), limit=_REASON)
        else:
            order(person, "")

    screen.fetch(screen.client.cards.person(about.group, mrn=about.mrn), ask, group="acts")


def _paper_bill(screen: DeskScreen, about: About, option: ActOption) -> None:
    def ask(choice: ActChoice) -> None:
        work = partial(screen.client.billing.paper_bill, about.group, on=choice.value == "on")
        line = act_words.will_line(PhoneAct.PAPER_BILL, about.group, choice.will)
        _confirmed(screen, line, work, _sentence)

    _one_of(screen, option, ask)


def _billing_cycle(screen: DeskScreen, about: About, option: ActOption) -> None:
    def ask(choice: ActChoice) -> None:
        cycle = BillingCycle(choice.value)
        work = partial(screen.client.billing.request_cycle, about.group, cycle)
        line = act_words.will_line(PhoneAct.BILLING_CYCLE, about.group, choice.will)
        _confirmed(screen, line, work, _sentence)

    _one_of(screen, option, ask)


def _one_of(screen: DeskScreen, option: ActOption, then: Callable[[ActChoice], None]) -> None:
    """The only choice, or the one that is picked."""
    if len(option.choices) == 1:
        then(option.choices[0])
    else:
        screen.pick("which one:", [Choice(one.label, one) for one in option.choices], then)


def _sentence(done: Done) -> str:
    return done.sentence


def _request_form(screen: DeskScreen, about: About, option: ActOption) -> None:
    work = partial(screen.client.letters.send, LetterKind.REQUEST_FORM, about.group)
    line = act_words.will_line(PhoneAct.REQUEST_FORM, about.group, option.will)
    _confirmed(screen, line, work, partial(_letter_ordered, screen))


def _id_reissue(screen: DeskScreen, about: About, option: ActOption) -> None:
    def ask(request: UserIdRequest) -> None:
        if not request.can_reissue:
            screen.refuse(request.reissue_sentence)
            return
        work = partial(screen.client.user_ids.reissue, request.id, request.version)
        line = act_words.will_line(PhoneAct.ID_REISSUE, about.group, request.reissue_sentence)
        _confirmed(screen, line, work, said)

    def said(request: UserIdRequest) -> str:
        return act_words.letter_again(request, screen.desk.now().date())

    screen.fetch(screen.client.user_ids.show(option.choices[0].value), ask, group="acts")


def _packet(screen: DeskScreen, about: About, option: ActOption) -> None:
    work = partial(screen.client.letters.send, LetterKind.COBRA_PACKET, about.group, mrn=about.mrn)
    line = act_words.will_line(PhoneAct.COBRA_PACKET, f"MRN {about.mrn}", option.will)
    _confirmed(screen, line, work, partial(_letter_ordered, screen))


def _letter_ordered(screen: DeskScreen, row: LetterRow) -> str:
    until = short_minute(row.undo_until, screen.desk.now()) if row.undo_until else ""
    return f"{row.id} is ordered; l and u take it back until {until}." if until else f"{row.id} is ordered."


def _letter_copy(screen: DeskScreen, about: About, option: ActOption) -> None:
    from screens.letters.letters import LettersScreen

    screen.app.push_screen(LettersScreen(about.group))


def _promise(screen: DeskScreen, about: About, option: ActOption) -> None:
    from screens.billing.by_phone import promise

    promise(screen, about, option)


def _dispute(screen: DeskScreen, about: About, option: ActOption) -> None:
    from screens.billing.by_phone import dispute

    dispute(screen, about, option)


def _coverage_back(screen: DeskScreen, about: About, option: ActOption) -> None:
    work = partial(screen.client.billing.ask_reinstatement, about.group)
    line = act_words.will_line(PhoneAct.REINSTATE_GROUP, about.group, option.will)
    _confirmed(screen, line, work, act_words.asked_back)


def _call_back(screen: DeskScreen, about: About, option: ActOption) -> None:
    from screens.calls.call_back_form import promise

    def promised(row: CallBackRow) -> None:
        screen.load()
        screen.say(f"{row.id} is promised.")

    def ask(account: Account) -> None:
        contacts = account.about.contacts if account.about is not None else []
        names = dict.fromkeys(one.name for one in contacts if one.phone)
        promise(screen, about, list(names), promised)

    if about.mrn:
        promise(screen, about, [], promised)
    else:
        screen.fetch(screen.client.accounts.show(about.group), ask, group="acts")


_WAYS: dict[PhoneAct, Callable[[DeskScreen, About, ActOption], None]] = {
    PhoneAct.CARD: _card,
    PhoneAct.PAPER_BILL: _paper_bill,
    PhoneAct.BILLING_CYCLE: _billing_cycle,
    PhoneAct.REQUEST_FORM: _request_form,
    PhoneAct.ID_REISSUE: _id_reissue,
    PhoneAct.COBRA_PACKET: _packet,
    PhoneAct.LETTER_COPY: _letter_copy,
    PhoneAct.PROMISE: _promise,
    PhoneAct.DISPUTE: _dispute,
    PhoneAct.REINSTATE_GROUP: _coverage_back,
    PhoneAct.CALL_BACK: _call_back,
}


def _confirmed(
    screen: DeskScreen, line: Content, work: Callable[[], Awaitable[Answer]], said: Callable[[Answer], str]
) -> None:
    """Have a spelled-out line confirmed, do it, say what was done, and show the screen as it is then."""

    def done(answer: Answer) -> None:
        screen.load()
        screen.say(said(answer))

    screen.confirm(line, lambda: screen.act(work(), done))


__all__ = ["act_by_phone"]

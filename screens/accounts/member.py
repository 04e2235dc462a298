"""One person of a group: coverage, cards, open cases, and what to say of care before the card."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.timer import Timer

from api_client.types.visible import visible_line
from api_client.types.words import EventKind, RevealReason, Role
from screens.accounts import person as presentation
from screens.accounts.masked import LABELS, MaskedFields
from screens.accounts.speaking import Registering
from screens.enrollment.words import REVEAL_REASONS
from screens.widgets.chrome import Rule
from screens.widgets.desk import About, Changed
from screens.widgets.detail import Detail
from screens.widgets.prompt import Choice
from screens.widgets.screen import DeskScreen
from screens.widgets.text import plain

if TYPE_CHECKING:
    from api_client.types.call_words import RevealField
    from api_client.types.cards import Card, Person, Waiting
    from api_client.types.matching import MatchItem
    from api_client.types.people import Representatives, Revealed

GATHER_SECONDS = 5.0
"""Updates about new cards, which may be this person's, are answered with one fetch in this time."""
_REASON = 200
_NO_CASE = "No case of this person or the family is open."


class PersonScreen(DeskScreen):
    """A member, or somebody whose enrollment waits or was refused."""

    HINT = "Tab goes to a masked field and v shows it; o is the history; Esc goes back"
    AUTO_FOCUS = "#details"
    DECIDES = frozenset({"r", "u", "j", "enter"})
    DEFAULT_CSS = """
    PersonScreen #who, PersonScreen #say { height: auto; }
    PersonScreen #details { height: 1fr; }
    """
    BINDINGS = [
        Binding("r", "reprint", "reprint card", id="person.reprint"),
        Binding("u", "undo", "undo order", id="person.undo"),
        Binding("j", "urgent", "urgent care", id="person.urgent"),
        Binding("enter", "case", "open case", id="person.case"),
        Binding("v", "reveal", "reveal the field under Tab", show=False, id="person.reveal"),
        Binding("m", "act", "act by phone", show=False, id="person.act"),
        Binding("k", "answers", "answers", show=False, id="person.answers"),
        Binding("a", "representative", "register who may speak for them", show=False, id="person.speaks"),
    ]

    def __init__(self, group: str, *, mrn: str = "", receipt: str = "") -> None:
        """`receipt` names the enrollment of somebody who is no member."""
        super().__init__()
        self._group = group
        self._mrn = mrn
        self._receipt = receipt
        self._person: Person | None = None
        self._speakers: Representatives | None = None
        self._gathering: Timer | None = None

    def subject(self) -> Content:
        return presentation.subject(self._group)

    def about(self) -> About:
        return About(self._group, self._mrn, self._receipt)

    def compose_body(self) -> ComposeResult:
        who, say = Detail(id="who"), Detail(id="say")
        who.can_focus = say.can_focus = False
        yield who
        yield MaskedFields()
        yield Rule()
        yield Detail(id="details")
        yield Rule()
        yield say

    # what is shown

    def load(self) -> None:
        self._stop_gathering()
        if self._person is None:
            self._tell(presentation.loading())
        work = self.client.cards.person(self._group, mrn=self._mrn, receipt=self._receipt)
        self.fetch(work, self._shown, group="person", otherwise=self._not_loaded, hold_keys=True)

    def _shown(self, person: Person) -> None:
        if person != self._person:
            self._person = person
            self._paint(person)
            self.refresh_bindings()
            self.painted()
        if person.mrn:
            work = self.client.accounts.representatives(self._group, person.mrn)
            self.fetch(work, self._spoken_for, group="speaks")

    def _spoken_for(self, speakers: Representatives) -> None:
        if self._person is not None and speakers != self._speakers:
            self._speakers = speakers
            self._paint(self._person)

    def _paint(self, person: Person) -> None:
        now, speakers = self.desk.now(), self._speakers
        self.query_one("#who", Detail).show(lambda _: presentation.head(person))
        self.query_one(MaskedFields).about(person)
        self.query_one("#details", Detail).show(
            lambda width: presentation.details(person, speakers, now, width)
        )
        self.query_one("#say", Detail).show(lambda width: presentation.say(person, width))

    def _not_loaded(self, error: Exception) -> bool:
        """Who is not there any more is said so; what was shown stays readable after other failures."""
        from api_client.errors import NotFound

        if isinstance(error, NotFound):
            self._person = self._speakers = None
            self._tell(presentation.gone())
            self.refresh_bindings()
            return True
        if self._person is None:
            self._tell(presentation.not_loaded())
        return False

    def _forget(self) -> None:
        """Nothing of the person stays on the screen or in memory."""
        self._person = self._speakers = None
        self._tell(presentation.loading())

    def on_calls(self, *, rights_changed: bool) -> None:
        """With another right, what was shown goes at once; what may be heard now is fetched anew."""
        if rights_changed:
            self._forget()
        super().on_calls(rights_changed=rights_changed)

    def lock_out(self, sentence: str) -> None:
        """The caller on the line may not hear of this person."""
        self._forget()
        super().lock_out(sentence)

    def on_screen_suspend(self, event: events.ScreenSuspend) -> None:
        """Whatever else comes in view, the mask is back before."""
        self.query_one(MaskedFields).cover()

    def _tell(self, words: Content) -> None:
        """Instead of the person."""
        self.query_one(MaskedFields).about(None)
        for detail in self.query(Detail):
            detail.show(lambda _: plain(""))
        self.query_one("#details", Detail).show(lambda _: words)

    def tick(self) -> None:
        """Due times are counted to the minute."""
        super().tick()
        if self._person is not None:
            self._paint(self._person)
            self.refresh_bindings()

    def on_screen_resume(self) -> None:
        """The case may have been decided on the screen that stood here."""
        if self._person is not None:
            self.load()

    def on_change(self, change: Changed) -> None:
        """An update of a card or case names no person: those known here count, new ones might be theirs."""
        person = self._person
        known = {self._group}
        if person is not None:
            known |= {one.id for one in person.cards} | {one.item for one in person.items}
        if change.subject in known or change.kind is EventKind.RESET:
            self.load()
        elif change.kind is EventKind.CARD and change.version == 1 and self._gathering is None:
            self._gathering = self.set_timer(GATHER_SECONDS, self.load)

    def _stop_gathering(self) -> None:
        if self._gathering is not None:
            self._gathering.stop()
            self._gathering = None

    def why(self) -> Content | None:
        return None if self._person is None else presentation.why(self._person)

    def again(self) -> DeskScreen | None:
        return PersonScreen(self._group, mrn=self._mrn, receipt=self._receipt)

    def keys(self) -> Iterable[tuple[str, str, bool]]:
        """What is not possible stays visible, greyed."""
        person = self._person
        possible = {
            "reprint card": person is not None and not person.reprint_refused,
            "undo order": self._mine() is not None,
            "urgent care": bool(self._cases()),
            "open case": person is not None and bool(person.items),
        }
        for key, does, enabled in sorted(DeskScreen.keys(self), key=lambda shown: shown[1] == "find"):
            yield key, does, possible.get(does, enabled)

    # what is masked

    def action_reveal(self) -> None:
        """Show the masked field under Tab for a moment, for a reason."""
        field = self.query_one(MaskedFields).under_tab
        if self._person is None:
            self.refuse(self.locked_word or "Nobody stands here of whom something could be shown.")
        elif field is None:
            self.refuse("Tab goes to what is masked: name, born, SSN, address, phone; v shows it.")
        else:
            choices = [Choice(words, reason) for reason, words in REVEAL_REASONS.items()]
            self.pick(f"show the {LABELS[field]}, because", choices, partial(self._reveal, field))

    def _reveal(self, field: RevealField, reason: RevealReason) -> None:
        work = self.client.accounts.reveal(self._group, field, reason, mrn=self._mrn, receipt=self._receipt)
        self.act(work, partial(self._bare, field))

    def _bare(self, field: RevealField, shown: Revealed) -> None:
        if self._person is not None and self.is_current:
            self.query_one(MaskedFields).bare(field, shown, self.desk.now())

    # to the rest

    def action_act(self) -> None:
        """Do something for the caller about this person."""
        from screens.calls.acts import act_by_phone

        act_by_phone(self, self.about())

    def action_answers(self) -> None:
        """What callers ask, answered for the group."""
        from screens.answers.answers import AnswersScreen

        self.app.push_screen(AnswersScreen(group=self._group))

    def action_representative(self) -> None:
        """A lead registers who may speak for this member."""
        person, session = self._person, self.session
        if session is None or session.rep.role is Role.REP:
            self.refuse("A lead registers who may speak for a member.")
        elif person is None or not person.mrn:
            self.refuse("Nobody is a member here for whom somebody could speak.")
        else:
            Registering(self, self._group, person.mrn, self.load).begin()

    # another card

    def action_reprint(self) -> None:
        """Order another card for the caller, or mail one again that came back."""
        person = self._person
        if person is None:
            self.refuse(self.locked_word or "Nobody stands here to order a card for.")
        elif person.reprint_refused:
            self.refuse(person.reprint_refused)
        elif person.reason_needed:
            title = f"{person.reason_needed}; reason:"
            self.write(title, partial(self._ask_order, person), limit=_REASON)
        else:
            self._ask_order(person, "")

    def _ask_order(self, person: Person, reason: str) -> None:
        reason = visible_line(reason)
        self.confirm(presentation.order_line(person, reason), partial(self._order, person, reason))

    def _order(self, person: Person, reason: str) -> None:
        work = self.client.cards.reprint(self._group, person.mrn, reason)
        self.act(work, self._ordered, otherwise=self._look_again)

    def _ordered(self, card: Card) -> None:
        self.load()
        self.say(presentation.ordered(card, self.desk.now()))

    def _look_again(self, _: Exception) -> bool:
        """A rule may refuse what was possible when this was fetched: the sentence stands, and what is."""
        self.load()
        return False

    # taking back

    def _mine(self) -> Card | None:
        """The order that this rep can still take back."""
        now = self.desk.now()
        cards = self._person.cards if self._person is not None else []
        return next((one for one in cards if one.undo_until is not None and one.undo_until > now), None)

    def action_undo(self) -> None:
        """Take my order back before it is printed."""
        card = self._mine()
        if card is None:
            self.refuse(self.locked_word or "You ordered no card here that could still be taken back.")
        else:
            self.confirm(presentation.undo_line(card), partial(self._undo, card))

    def _undo(self, card: Card) -> None:
        work = self.client.cards.undo(card.id, card.version)
        self.act(work, self._taken_back, otherwise=partial(self._changed_meanwhile, card.id))

    def _taken_back(self, card: Card) -> None:
        self.load()
        self.say(f"{card.id} is taken back; it is not printed.")

    def _changed_meanwhile(self, number: str, error: Exception) -> bool:
        from api_client.errors import Stale

        if not isinstance(error, Stale):
            return self._look_again(error)
        work = self.client.cards.person(self._group, mrn=self._mrn, receipt=self._receipt)
        self.fetch(work, partial(self._tell_change, number), group="person", otherwise=self._not_loaded)
        return True

    def _tell_change(self, number: str, present: Person) -> None:
        self._shown(present)
        card = next((one for one in present.cards if one.id == number), None)
        if card is not None:
            self.say(presentation.changed_meanwhile(card, self.desk.now().date()))

    # the open case

    def _cases(self) -> list[Waiting]:
        """Cases that can be put first."""
        items = self._person.items if self._person is not None else []
        return [one for one in items if not one.urgent_refused]

    def _of(self, cases: list[Waiting], title: str, then: Callable[[Waiting], None]) -> None:
        """The only case, or the one that is picked."""
        if len(cases) == 1:
            then(cases[0])
        else:
            self.pick(title, [Choice(presentation.case_choice(one), one) for one in cases], then)

    def action_urgent(self) -> None:
        """Put the case first because care is needed now, or back."""
        cases = self._cases()
        if cases:
            self._of(cases, "care is needed now:", self._put)
        else:
            self.refuse(self.locked_word or _NO_CASE)

    def _put(self, one: Waiting) -> None:
        if one.urgent:
            self.confirm(presentation.back_line(one), partial(self._set_urgent, one, needed=False))
        else:
            self._set_urgent(one, needed=True)

    def _set_urgent(self, one: Waiting, *, needed: bool) -> None:
        work = self.client.matching.urgent_care(one.item, needed=needed)
        self.act(work, partial(self._urgency_set, one, needed), otherwise=self._look_again)

    def _urgency_set(self, one: Waiting, needed: bool, _: MatchItem) -> None:
        self.load()
        self.say(presentation.put_first(one) if needed else f"{one.item} is back in its place.")

    def action_case(self) -> None:
        """Take the open case, or look at it while another rep has it."""
        items = self._person.items if self._person is not None else []
        if items:
            self._of(items, "open", self._open)
        else:
            self.refuse(self.locked_word or _NO_CASE)

    def _open(self, one: Waiting) -> None:
        from screens.matching.review import ReviewScreen

        self.app.push_screen(ReviewScreen(one.item))


__all__ = ["GATHER_SECONDS", "PersonScreen"]

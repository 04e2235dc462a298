"""One person of a group: coverage, cards, open cases, and what to say of care before the card."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.timer import Timer

from api_client.types.visible import visible_line
from api_client.types.words import CardAsker, EventKind
from screens.accounts import person as presentation
from screens.widgets.chrome import Rule
from screens.widgets.desk import Changed
from screens.widgets.detail import Detail
from screens.widgets.prompt import Choice
from screens.widgets.screen import DeskScreen
from screens.widgets.text import plain

if TYPE_CHECKING:
    from api_client.types.cards import Card, Person, Waiting
    from api_client.types.matching import MatchItem

GATHER_SECONDS = 5.0
"""Updates about new cards, which may be this person's, are answered with one fetch in this time."""
_REASON = 200
_NO_CASE = "No case of this person or the family is open."


class PersonScreen(DeskScreen):
    """A member, or somebody whose enrollment waits or was refused."""

    HINT = "masked by the server; Esc goes back to the members"
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
    ]

    def __init__(self, group: str, *, mrn: str = "", receipt: str = "") -> None:
        """`receipt` names the enrollment of somebody who is no member."""
        super().__init__()
        self._group = group
        self._mrn = mrn
        self._receipt = receipt
        self._person: Person | None = None
        self._gathering: Timer | None = None

    def subject(self) -> Content:
        return presentation.subject(self._group)

    def compose_body(self) -> ComposeResult:
        who, say = Detail(id="who"), Detail(id="say")
        who.can_focus = say.can_focus = False
        yield who
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

    def _paint(self, person: Person) -> None:
        now = self.desk.now()
        self.query_one("#who", Detail).show(lambda _: presentation.head(person))
        self.query_one("#details", Detail).show(lambda width: presentation.details(person, now, width))
        self.query_one("#say", Detail).show(lambda width: presentation.say(person, width))

    def _not_loaded(self, error: Exception) -> bool:
        """Who is not there any more is said so; what was shown stays readable after other failures."""
        from api_client.errors import NotFound

        if isinstance(error, NotFound):
            self._person = None
            self._tell(presentation.gone())
            self.refresh_bindings()
            return True
        if self._person is None:
            self._tell(presentation.not_loaded())
        return False

    def _tell(self, words: Content) -> None:
        """Instead of the person."""
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

    # another card

    def action_reprint(self) -> None:
        """Order another card for who asks."""
        person = self._person
        if person is None:
            self.refuse("Nobody stands here to order a card for.")
        elif person.reprint_refused:
            self.refuse(person.reprint_refused)
        else:
            title = f"another card for MRN {person.mrn}: who asks?"
            self.pick(title, presentation.ASKER_CHOICES, partial(self._ask_reason, person))

    def _ask_reason(self, person: Person, asked_by: CardAsker) -> None:
        if not person.reason_needed:
            self._ask_order(person, asked_by, "")
            return
        title = f"{person.reason_needed}; reason:"
        self.write(title, partial(self._ask_order, person, asked_by), limit=_REASON)

    def _ask_order(self, person: Person, asked_by: CardAsker, reason: str) -> None:
        reason = visible_line(reason)
        line = presentation.order_line(person, asked_by, reason)
        self.confirm(line, partial(self._order, person, asked_by, reason))

    def _order(self, person: Person, asked_by: CardAsker, reason: str) -> None:
        work = self.client.cards.reprint(self._group, person.mrn, asked_by, reason)
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
            self.refuse("You ordered no card here that could still be taken back.")
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
            self.refuse(_NO_CASE)

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
            self.refuse(_NO_CASE)

    def _open(self, one: Waiting) -> None:
        from screens.matching.review import ReviewScreen

        self.app.push_screen(ReviewScreen(one.item))


__all__ = ["GATHER_SECONDS", "PersonScreen"]

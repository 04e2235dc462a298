"""The verification: an item, the caller's answer, match or no match, the next item.

What the caller answers stands in its field until Enter sends it, and nowhere else: it is compared by the
backend, which tells nobody what is on record.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from api_client.types.call_words import VerifyItem, VerifyState
from screens.calls import line, verification, verifying
from screens.calls.bar import subject_of
from screens.calls.words import ITEMS
from screens.widgets.chrome import Rule
from screens.widgets.desk import About, Changed
from screens.widgets.detail import Detail
from screens.widgets.field import LineField
from screens.widgets.screen import DeskScreen
from screens.widgets.text import plain

if TYPE_CHECKING:
    from api_client.types.calls import Call, NumberOnRecord, Subject, Verified

_LONGEST = 200
_TYPED = re.compile(r".|enter|space|backspace")
_REACH = " Enter shows whom to call"


class _Reach(Static, can_focus=True):
    """In place of a field: a call-back is made, not typed."""

    class Asked(Message):
        """Enter was pressed here."""

    DEFAULT_CSS = "_Reach:focus { background: $block-cursor-background; color: $block-cursor-foreground; }"
    BINDINGS = [Binding("enter", "ask", "show the number on record", show=False, id="verify.number")]

    def action_ask(self) -> None:
        """Show whom to call back."""
        self.post_message(self.Asked())


class _Row(Horizontal):
    """One item: what is asked, the field for the answer, what came of it."""

    DEFAULT_CSS = """
    _Row { height: 1; display: none; }
    _Row.-shown { display: block; }
    _Row .label { width: 34; }
    _Row LineField { width: 1fr; background: $panel; }
    _Row _Reach { width: 1fr; }
    _Row .outcome { width: 15; padding-left: 1; }
    """

    def __init__(self, item: VerifyItem) -> None:
        super().__init__(id=item.value)
        self.item = item

    def compose(self) -> ComposeResult:
        yield Static(verification.row(self.item), classes="label")
        if self.item is VerifyItem.CALL_BACK:
            yield _Reach(plain(_REACH), id="reach")
        else:
            yield LineField(compact=True, max_length=_LONGEST)
        yield Static(classes="outcome")

    @property
    def answer(self) -> Widget:
        """What takes the keys."""
        return self.query_one(_Reach if self.item is VerifyItem.CALL_BACK else LineField)

    def empty(self) -> None:
        """Nothing of an answer stays here."""
        if self.item is not VerifyItem.CALL_BACK:
            self.query_one(LineField).value = ""

    def say(self, matched: bool | None) -> None:
        """What came of the last answer."""
        self.query_one(".outcome", Static).update(verification.outcome(matched))


class VerifyScreen(DeskScreen):
    """Item after item for one group or person; it is left when the caller is verified."""

    HINT = verification.HINT
    DEFAULT_CSS = """
    VerifyScreen #who, VerifyScreen #items { height: auto; }
    VerifyScreen #told { height: 1fr; }
    """
    BINDINGS = [
        Binding("down", "step(1)", "next item", show=False, id="verify.next"),
        Binding("up", "step(-1)", "item before", show=False, id="verify.before"),
        Binding(
            "ctrl+k",
            "kind",
            "another kind of caller",
            key_display="Ctrl+K",
            id="verify.kind",
            priority=True,  # the toolkit's fields have a use for it that nobody misses
        ),
    ]

    def __init__(self, about: About) -> None:
        super().__init__()
        self._about = about
        self._seen: frozenset[VerifyItem] = frozenset()
        self._begun = False

    def about(self) -> About | None:
        return self._about

    def subject(self) -> Content:
        return plain(f"VERIFY for {verification.named(self._about)}")

    def compose_body(self) -> ComposeResult:
        yield Static(id="who")
        yield Rule()
        with Vertical(id="items"):
            for item in ITEMS:
                yield _Row(item)
        yield Rule()
        told = Detail(id="told")
        told.can_focus = False
        yield told

    # what is shown

    def load(self) -> None:
        """What stands here is the call as the desk knows it."""
        self._paint()

    def begin(self, about: About) -> None:
        """Ask for this group or person from the first item on."""
        self._about = about
        self._seen = frozenset()
        self._begun = False
        for row in self.query(_Row):
            row.empty()
            row.say(None)
        self.show_subject()
        self._paint()

    @property
    def _call(self) -> Call | None:
        return self.desk.calls.active if self.desk.calls is not None else None

    @property
    def _subject(self) -> Subject | None:
        return subject_of(self._call, self._about) if self._call is not None else None

    def on_calls(self, *, rights_changed: bool) -> None:
        super().on_calls(rights_changed=rights_changed)
        self._paint()

    def on_change(self, change: Changed) -> None:
        """The desk follows the call; what it makes of a change comes by `on_calls`."""

    def _paint(self) -> None:
        call, subject = self._call, self._subject
        if call is None or subject is None:
            self.query_one("#who", Static).update(plain(f" {verification.NO_CALL}"))
            self.query_one("#told", Detail).show(lambda _: plain(""))
            shown: list[VerifyItem] = []
        else:
            self._seen |= frozenset(subject.ask)
            self.query_one("#who", Static).update(verification.head(call, subject))
            self.query_one("#told", Detail).show(partial(verification.told, subject))
            shown = verification.to_show(subject, self._seen)
        closed = subject is None or not subject.ask
        for row in self.query(_Row):
            row.set_class(row.item in shown, "-shown")
            row.answer.disabled = closed or row.item not in (subject.ask if subject else ())
        if not self._begun and subject is not None:
            self._begun = True
            self._say_keys(subject)
            self.call_after_refresh(self._go_to, verification.next_item(subject, None))

    def _say_keys(self, subject: Subject) -> None:
        hint = verification.hint(subject)
        self.say("" if hint == self.HINT else hint)

    def _row(self, item: VerifyItem) -> _Row:
        return self.query_one(f"#{item.value}", _Row)

    def _go_to(self, item: VerifyItem | None) -> None:
        if item is None:
            self.set_focus(None)
        else:
            self._row(item).answer.focus()
        self.painted()

    def action_step(self, by: int) -> None:
        """To the item below or above."""
        if by > 0:
            self.focus_next()
        else:
            self.focus_previous()

    def again(self) -> DeskScreen | None:
        return VerifyScreen(self._about)

    def why(self) -> Content | None:
        subject = self._subject
        return verification.why(subject) if subject is not None else None

    # which keys count

    def lets_through(self, event: events.Key) -> bool:
        """Enter counts once its item has stood there a moment, and nothing typed while one is compared."""
        typed = _TYPED.fullmatch(event.key) is not None or event.is_printable
        if typed and self._acting:
            self.gate.dropping = True
        sends = event.key == "enter" and isinstance(self.focused, LineField | _Reach)
        if sends and not self.gate.passes("enter", decides=True):
            self.say("too fast: the keys typed ahead were dropped")
            return False
        return super().lets_through(event) and not (typed and self._acting)

    # asking

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        row = event.input.parent
        if not isinstance(row, _Row):
            return
        event.stop()
        answer = event.value.strip()
        row.empty()
        if answer:
            self._compare(row.item, answer)
        else:
            self.say("Type what the caller says; Tab goes to the next item.")

    def _compare(self, item: VerifyItem, answer: str) -> None:
        call, about = self._call, self._about
        if call is None:
            self.refuse(verification.NO_CALL)
            return
        self.gate.dropping = True  # typed behind this answer, it was meant for no other item
        self.desk.forget_keys()
        work = self.client.calls.verify(
            call.id, about.group, item, answer, mrn=about.mrn, receipt=about.receipt
        )
        self.act(work, partial(self._compared, item), otherwise=partial(line.look_again, self))

    def _compared(self, item: VerifyItem, said: Verified) -> None:
        self._row(item).say(said.matched)
        line.changed(self, said.call)
        subject = self._subject
        if subject is None:
            return
        if said.matched and subject.state is VerifyState.VERIFIED:
            self._verified(subject)
        else:
            self._say_keys(subject)
            self.call_after_refresh(self._go_to, verification.next_item(subject, item))

    def _verified(self, subject: Subject) -> None:
        below = self.app.screen_stack[-2]
        self.dismiss()
        if isinstance(below, DeskScreen):
            below.say(verification.verified(subject))

    # reached at the number on record

    @on(_Reach.Asked)
    def _show_number(self, event: _Reach.Asked) -> None:
        event.stop()
        call, about = self._call, self._about
        if call is not None:
            work = self.client.calls.number_on_record(
                call.id, about.group, mrn=about.mrn, receipt=about.receipt
            )
            self.fetch(work, self._confirm_reached, group="number", hold_keys=True)

    def _confirm_reached(self, number: NumberOnRecord) -> None:
        self.confirm(verification.reached(number), partial(self._compare, VerifyItem.CALL_BACK, ""))

    # leaving

    def action_kind(self) -> None:
        """Somebody else than was picked: the items begin anew."""
        verifying.ask_kind(self, self._about)

    def action_back(self) -> None:
        """What is typed goes first, then the screen."""
        typed = self.focused
        if isinstance(typed, LineField) and typed.value:
            typed.value = ""
        else:
            super().action_back()

    def on_unmount(self) -> None:
        for row in self.query(_Row):
            row.empty()


__all__ = ["VerifyScreen"]

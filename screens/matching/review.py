"""One enrollment beside the members it may be: look, choose, decide, ask, or pass it on."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content

from api_client.types.words import EventKind, MatchState
from screens.matching import case, comparison, evidence, presentation
from screens.matching.acts import UNDECIDED
from screens.matching.choosing import CANDIDATE_KEYS, READING_KEYS, Choosing
from screens.matching.claim import ClaimKeeper
from screens.matching.hand_search import HandSearchScreen
from screens.matching.undo import Last
from screens.widgets.desk import Changed
from screens.widgets.detail import Detail
from screens.widgets.screen import DeskScreen
from screens.widgets.text import plain

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable, Sequence
    from datetime import datetime

    from api_client.types.common import Page
    from api_client.types.matching import Candidate, Claim, MatchItem, MatchRow

_WIDE = 120
_KEYS: dict[MatchState, Sequence[tuple[str, str]]] = {
    MatchState.IN_REVIEW: (
        ("decide", "decide"),
        ("create", "new chart"),
        ("ask", "ask employer"),
        ("skip", "skip"),
    ),
    MatchState.WAITING_EMPLOYER: (
        ("ask", "the answer"),
        ("note", "note"),
        ("next", "next item"),
        ("undo", "undo my last"),
    ),
    MatchState.APPLIED: (
        ("create", "take apart"),
        ("note", "note"),
        ("next", "next item"),
        ("undo", "undo my last"),
    ),
    MatchState.PENDING_APPROVAL: (
        ("approve", "approve"),
        ("reject", "send back"),
        ("next", "next item"),
        ("undo", "undo my last"),
    ),
}
_OTHER_KEYS = (("next", "next item"), ("undo", "undo my last"))
_LEAD_KEYS = (("skip", "take back, give"), *_OTHER_KEYS)


class ReviewScreen(Choosing):
    """The item with this number, or without one the most urgent free item, claimed when it is free."""

    HINT = evidence.LEGEND
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (_WIDE, "-wide")]
    DECIDES = frozenset("123456789xzdsuan")
    BINDINGS = [
        *CANDIDATE_KEYS,
        Binding("enter", "decide", "decide", id="review.decide"),
        Binding("x", "create", "new chart; take a decision apart", id="review.new"),
        Binding("z", "ask", "ask the employer, take the answer", id="review.ask"),
        Binding("s", "skip", "skip, hand over; lead: take back, give", id="review.skip"),
        Binding("h", "search", "search a member by hand", id="review.search"),
        Binding("q", "question", "question to a lead", id="review.question"),
        Binding("t", "note", "note", id="review.note"),
        Binding("d", "reject", "return to the employer, send back", id="review.return"),
        Binding("a", "approve", "approve another's decision", id="review.approve"),
        Binding("u", "undo", "undo my last", id="review.undo"),
        Binding("n", "next", "next item", id="review.next"),
        *READING_KEYS,
    ]

    def __init__(
        self, number: str | None, *, token: str = "", last: Last | None = None, word: str = ""
    ) -> None:
        """`token` is that of a claim which may still live; `word` is said when the item is there."""
        super().__init__(last or Last())
        self._number = number
        self._old_token = token
        self._word = word
        self._as_next = False
        """Whether the item is taken because it is the most urgent one: then it says why it is."""
        self._by_hand: list[Candidate] = []

    def subject(self) -> Content:
        wide = self.size.width >= _WIDE
        return case.subject(self.item, self._number, self.desk.now(), wide=wide)

    def compose_body(self) -> ComposeResult:
        view = Detail()
        view.can_focus = False  # the arrows belong to the candidates
        yield view
        yield ClaimKeeper(lambda: self.client.matching, lambda: self.desk.now())
        yield self.drafts

    @property
    def keeper(self) -> ClaimKeeper:
        """Holds the claim."""
        return self.query_one(ClaimKeeper)

    @property
    def token(self) -> str:
        return self.keeper.token

    def again(self) -> DeskScreen | None:
        if self._number is None:
            return None
        return ReviewScreen(self._number, token=self._old_token or self.token, last=self.last)

    # taking an item

    def load(self) -> None:
        """Take the item at first; later look at it anew, and take it when it has become free."""
        number, token = self._number, self._old_token or self.token
        self._as_next = number is None
        if number is None:
            self._say_loading("the most urgent item")
            self._take(self.client.matching.next())
        elif self.item is None and not token:
            self._say_loading(number)
            self._take(self.client.matching.claim(number))
        else:
            work = self.client.matching.show(number, claim=token)
            self.fetch(work, partial(self._found, token), group="item", hold_keys=True)

    def _say_loading(self, what: str) -> None:
        self.query_one(Detail).show(lambda _: plain(f" loading {what} ..."))

    def _take(self, work: Awaitable[Claim]) -> None:
        self.fetch(work, self._claimed, group="item", otherwise=self._not_taken, hold_keys=True)

    def _claimed(self, claim: Claim) -> None:
        item = claim.item
        self._number = item.id
        self._hold(item, claim.token)
        self.take_in(item)
        why = f"{item.id}: {claim.why}."
        self.say(f"{self._word} {why}".strip() if self._as_next or not self._word else self._word)
        self._word = ""

    def _hold(self, item: MatchItem, token: str) -> None:
        self._old_token = ""
        self.keeper.keep(item.id, token, item.lease_until)

    def _found(self, token: str, item: MatchItem) -> None:
        """The item as it is, after the lock or on F7."""
        self._old_token = ""
        if item.state in UNDECIDED and item.masked and item.holder in (None, self.me):
            self._take(self.client.matching.claim(item.id))
            return
        if item.state in UNDECIDED and not item.masked:
            self._hold(item, token)
        else:
            self.keeper.let_go()
        self.take_in(item)
        if self._word:
            self.say(self._word)
            self._word = ""

    def _not_taken(self, error: Exception) -> bool:
        from api_client.errors import ClaimedByOther, NotAllowed, NotFound, NothingWaiting, RuleRefuses

        number = self._number
        if isinstance(error, NothingWaiting | NotFound):
            self.leave(f"{self._word} {error.detail}".strip())
        elif isinstance(error, RuleRefuses) and number is None:
            then = partial(self._go_to_mine, error)
            self.fetch(self.client.matching.list("mine"), then, group="item", hold_keys=True)
        elif isinstance(error, ClaimedByOther | RuleRefuses | NotAllowed) and number is not None:
            work = self.client.matching.show(number)
            self.fetch(work, partial(self._found_taken, error.detail), group="item", hold_keys=True)
        else:
            return False
        return True

    def _go_to_mine(self, error: Exception, page: Page[MatchRow]) -> None:
        """The next item is refused while one is undecided: go to that one."""
        mine = [row.id for row in page.rows if row.state is MatchState.IN_REVIEW]
        if not mine:
            self.leave(f"{self._word} {self.explain(error).sentence}".strip())
            return
        self._number, self._as_next = mine[0], False
        self._word = f"{self._word} {mine[0]} is not decided yet, so here it is.".strip()
        self._take(self.client.matching.claim(mine[0]))

    def _found_taken(self, why: str, item: MatchItem) -> None:
        self.take_in(item)
        self.say(f"{self._word} {why}".strip())
        self._word = ""

    # what is shown

    def take_in(self, item: MatchItem) -> None:
        """Show this version of the item; candidates keep their digits, an armed line of old does not stay."""
        before = self.item
        if before is not None and before.id == item.id:
            kept = comparison.keep_order(before.candidates, [*item.candidates, *self._by_hand])
            item = item.model_copy(update={"candidates": kept if not item.masked else []})
            if item == before:
                return
        else:
            self.nobody_chosen()
            self._by_hand.clear()
            self.query_one(Detail).scroll_home(animate=False)
        self.item = item
        if self.prompt.confirming and before is not None and _another(before, item):
            self.prompt.close()
            self.say(f"{item.id} was changed just now: look again before you decide.")
        self._digits = ""
        self.paint()
        self.refresh_bindings()
        self.painted()

    def tick(self) -> None:
        super().tick()
        self.paint()

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.show_subject()

    def on_change(self, change: Changed) -> None:
        item = self.item
        if item is None or self._acting:
            return
        if change.kind is EventKind.RESET or change.subject == item.id:
            work = self.client.matching.show(item.id, claim=self.token)
            self.fetch(work, partial(self._looked, item.id), group="look", otherwise=lambda _: True)

    def _looked(self, number: str, item: MatchItem) -> None:
        if number != self._number or self.item is None:
            return
        if self.token and (item.masked or item.state not in UNDECIDED):
            self.keeper.let_go()
            self._tell_loss(item.holder or "", item.lease_until)
        self.take_in(item)

    def keys(self) -> Iterable[tuple[str, str, bool]]:
        """The keys that fit where the item stands."""
        shown = {one.action: self.app.get_key_display(one) for _, one, *_ in self.active_bindings.values()}
        state = self.item.state if self.item else None
        mine = not self.why_not()
        if mine and self.item and self.item.candidates:
            last = len(self.item.candidates)
            yield f"1-{last}" if last > 1 else "1", "choose", True
        keys: Sequence[tuple[str, str]] = ()
        if mine:
            keys = _KEYS[MatchState.IN_REVIEW]
        elif state in UNDECIDED:
            keys = _LEAD_KEYS if self.is_lead else _OTHER_KEYS
        elif state is not None:
            keys = _KEYS.get(state, _OTHER_KEYS)
        for action, does in keys:
            if action in shown:
                yield shown[action], does, self._possible(action)

    def _possible(self, action: str) -> bool:
        """What is not possible stays on the key line, greyed."""
        if action == "undo":
            return self.undo_target() is not None
        judges = action in ("approve", "reject")
        return not (judges and self.item is not None and self.item.masked)

    def why(self) -> Content | None:
        return case.why(self.item, self.at) if self.item else plain(presentation.WHY_ORDER)

    # the claim

    @on(ClaimKeeper.Renewed)
    def _renewed(self, event: ClaimKeeper.Renewed) -> None:
        if self.item is not None and self.item.id == event.number:
            self.item = self.item.model_copy(update={"lease_until": event.until})
            self.paint()

    @on(ClaimKeeper.Lost)
    def _lost(self, event: ClaimKeeper.Lost) -> None:
        if event.number == self._number:
            self._tell_loss(event.holder, event.until)
            self._look_at_it(event.number)

    def _tell_loss(self, holder: str, until: datetime | None) -> None:
        if self.prompt.confirming:
            self.prompt.close()
        kept = self.drafts.any(self._number or "") or self.prompt.is_open
        self.say(presentation.lost(self._number or "", holder, until, self.desk.now(), kept=kept))

    def _look_at_it(self, number: str) -> None:
        self.fetch(self.client.matching.show(number), partial(self._looked, number), group="look")

    def not_done(self, seen: MatchItem, error: Exception) -> bool:
        from api_client.errors import LeaseLost, Stale

        if isinstance(error, LeaseLost):
            self.keeper.let_go()
            self._tell_loss(error.trouble.holder, error.trouble.until)
            self._look_at_it(seen.id)
        elif isinstance(error, Stale):
            work = self.client.matching.show(seen.id, claim=self.token)
            self.fetch(work, partial(self._tell_change, seen), group="item")
        else:
            return False
        return True

    def _tell_change(self, seen: MatchItem, present: MatchItem) -> None:
        if present.masked or present.state not in UNDECIDED:
            self.keeper.let_go()
        self.take_in(present)
        self.say(presentation.conflict(seen, present))

    # a member looked up by hand

    def action_search(self) -> None:
        """Look a member up by hand; who is taken becomes one more candidate."""
        item = self.item
        if item is None or self.why_not():
            self.refuse(self.why_not())
        else:
            self.prompt.close()
            self.app.push_screen(
                HandSearchScreen(item, lambda: self.token, partial(self._take_found, item.id))
            )

    def _take_found(self, number: str, found: Candidate) -> None:
        """Show the member beside the enrollee; its digit chooses it, as any other."""
        item = self.item
        if item is None or item.id != number or self.why_not():
            self.refuse(self.why_not() or f"{number} is not the item here any more.")
            return
        mrns = [one.mrn for one in item.candidates]
        if found.mrn not in mrns:
            self._by_hand.append(found)
            mrns.append(found.mrn)
            self.item = item.model_copy(update={"candidates": [*item.candidates, found]})
        place = mrns.index(found.mrn)
        self._look_at(place)
        self.refresh_bindings()
        self.say(f"MRN {found.mrn} stands here as {place + 1}: {place + 1} chooses it, Enter then links.")

    # on to another item

    def action_next(self) -> None:
        """The next item, once this one is decided or not the rep's."""
        if self.item is not None and not self.why_not():
            self.refuse(f"{self.item.id} is not decided yet: decide, skip, or ask the employer.")
        else:
            self.advance("")

    def advance(self, words: str) -> None:
        self._start_over(None, words)

    def reopen(self, words: str) -> None:
        self._start_over(self._number, words)

    def _start_over(self, number: str | None, words: str) -> None:
        self.keeper.let_go()
        self.item, self._number, self._old_token = None, number, ""
        self._word = words
        self.say(words)
        self.show_subject()
        self.refresh_bindings()
        self.load()

    def undo_target(self) -> str | None:
        """The last decision; else the one in view, when there is time left."""
        item = self.item
        if self.last.number is None and item is not None and presentation.can_undo(item, self.desk.now()):
            return item.id
        return super().undo_target()

    def taken_back(self, claim: Claim) -> None:
        other = self.item.id if self.item is not None and not self.why_not() else ""
        stays = f" {other} stays yours." if other and other != claim.item.id else ""
        self._word = f"{claim.item.id} is yours again: decide it anew.{stays}"
        self._claimed(claim)


def _another(before: MatchItem, present: MatchItem) -> bool:
    """Whether a decision about the one would be a decision about something else now."""
    return (before.id, before.version, before.state, before.candidates, before.enrollee) != (
        present.id,
        present.version,
        present.state,
        present.candidates,
        present.enrollee,
    )


__all__ = ["ReviewScreen"]

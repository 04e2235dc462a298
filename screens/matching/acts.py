"""What a rep can do with the item in review: decide, ask, pass on, and judge another's decision."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from api_client.types.visible import visible_line
from api_client.types.words import AskChannel, MatchState, RejectReason, SkipReason
from screens.matching import comparison, presentation
from screens.matching.undo import Last, UndoScreen
from screens.widgets.prompt import Choice
from screens.widgets.text import join

if TYPE_CHECKING:
    from api_client.types.matching import Candidate, MatchItem

_NOTE = 2000
_QUESTION = 1000
_SHORTEST_QUESTION = 3
UNDECIDED = (MatchState.QUEUED, MatchState.IN_REVIEW)
_EMPLOYER = [Choice("has answered", True), Choice("need not answer: withdraw the question", False)]
_WHY_NOT = {
    MatchState.WAITING_EMPLOYER: "It waits for the employer: z takes the answer, n the next item.",
    MatchState.PENDING_APPROVAL: "It waits for a second person: a approves it, d sends it back.",
    MatchState.APPLIED: "It is decided already; n takes the next item.",
    MatchState.RETURNED: "It went back to the employer already; n takes the next item.",
}


class Acts(UndoScreen):
    """The keys of the review; what is written is kept until it is saved."""

    def __init__(self, last: Last) -> None:
        super().__init__(last)
        self.item: MatchItem | None = None
        self._drafts: dict[str, str] = {}

    # what the screen around these keys does

    @property
    def token(self) -> str:
        """The token of the rep's claim; empty when the item is not the rep's."""
        raise NotImplementedError

    def advance(self, words: str) -> None:
        """On to the next item, with a word about what was done."""
        raise NotImplementedError

    def reopen(self, words: str) -> None:
        """Take this very item, with a word about what was done."""
        raise NotImplementedError

    def leave(self, words: str) -> None:
        """Back to the queue, with a word about what was done."""
        raise NotImplementedError

    def not_done(self, seen: MatchItem, error: Exception) -> bool:
        """A newer version or a lost claim: say what is, and what was kept."""
        raise NotImplementedError

    def why_not(self) -> str:
        """Why the item cannot be decided by this rep now, or an empty string."""
        item = self.item
        if item is None:
            return "The item is still loading."
        if item.state not in UNDECIDED:
            return _WHY_NOT[item.state]
        if item.masked or not self.token:
            return f"{item.holder} has it." if item.holder else f"{item.id} is not yours: F7 takes it."
        return ""

    # decisions

    def _link(self, item: MatchItem, candidate: Candidate) -> None:
        work = self.client.matching.link(item.id, item.version, candidate.mrn, claim=self.token)
        self.act(work, self._decided, otherwise=partial(self.not_done, item))

    def action_create(self) -> None:
        """The enrollee is nobody on file."""
        item = self.item
        if item is None or self.why_not():
            self.refuse(self.why_not())
        else:
            self.confirm(comparison.create_line(item), partial(self._create, item))

    def _create(self, item: MatchItem) -> None:
        work = self.client.matching.create_new(item.id, item.version, claim=self.token)
        self.act(work, self._decided, otherwise=partial(self.not_done, item))

    def action_reject(self) -> None:
        """Return the enrollment to the employer; or send another's decision back."""
        item = self.item
        if item is not None and item.state is MatchState.PENDING_APPROVAL:
            self._judge(item, "send back to the queue, not approved: ", self._refuse_approval)
        elif item is None or self.why_not():
            self.refuse(self.why_not())
        else:
            title = f"return {item.id} to the employer: why?"
            self.pick(title, presentation.REJECT_CHOICES, partial(self._ask_note, item))

    def _ask_note(self, item: MatchItem, reason: RejectReason) -> None:
        then = partial(self._ask_rejection, item, reason)
        title = f"note to {item.id}, or none:"
        self.write(title, then, limit=_NOTE, value=self._drafts.get("note", ""), optional=True)

    def _ask_rejection(self, item: MatchItem, reason: RejectReason, note: str) -> None:
        note = self._drafts["note"] = visible_line(note)
        line = comparison.reject_line(item, reason, note)
        self.confirm(line, partial(self._reject, item, reason, note))

    def _reject(self, item: MatchItem, reason: RejectReason, note: str) -> None:
        work = self.client.matching.reject(item.id, item.version, reason, claim=self.token, note=note)
        self.act(work, self._decided, otherwise=partial(self.not_done, item))

    def _decided(self, item: MatchItem) -> None:
        self.last.number = item.id
        self.advance(presentation.decided(item, self.desk.now()))

    # passing on

    def action_skip(self) -> None:
        """Put the item back, with the reason."""
        item = self.item
        if item is None or self.why_not():
            self.refuse(self.why_not())
        else:
            self.pick(f"skip {item.id}: why?", presentation.SKIP_CHOICES, partial(self._skip, item))

    def _skip(self, item: MatchItem, reason: SkipReason) -> None:
        work = self.client.matching.skip(item.id, reason, claim=self.token)
        self.act(work, partial(self._skipped, item), otherwise=partial(self.not_done, item))

    def _skipped(self, item: MatchItem, _: None) -> None:
        self.leave(f"{item.id} is back in the queue; Enter opens another one.")

    # the employer

    def action_ask(self) -> None:
        """Ask the employer; or, when that was done, take down the answer."""
        item = self.item
        if item is not None and item.state is MatchState.WAITING_EMPLOYER:
            self.pick("the employer", _EMPLOYER, partial(self._employer, item))
        elif item is None or self.why_not():
            self.refuse(self.why_not())
        else:
            title = f"question about {item.id} to the employer:"
            draft = self._drafts.get("question", "")
            self.write(title, partial(self._ask_channel, item), limit=_QUESTION, value=draft)

    def _ask_channel(self, item: MatchItem, question: str) -> None:
        question = self._drafts["question"] = visible_line(question)
        if len(question) < _SHORTEST_QUESTION:
            self.refuse("Write the question in words; z goes on with it.")
        else:
            then = partial(self._ask, item, question)
            self.pick("the clock stands still; asked by", presentation.ASK_CHOICES, then)

    def _ask(self, item: MatchItem, question: str, channel: AskChannel) -> None:
        work = self.client.matching.ask_employer(item.id, item.version, question, channel, claim=self.token)
        self.act(work, self._asked, otherwise=partial(self.not_done, item))

    def _asked(self, item: MatchItem) -> None:
        self.advance(f"{item.id} waits for the employer; its clock stands still.")

    def _employer(self, item: MatchItem, answered: bool) -> None:
        if answered:
            title = f"what the employer said about {item.id}:"
            draft = self._drafts.get("answer", "")
            self.write(title, partial(self._answer, item), limit=_QUESTION, value=draft)
        else:
            line = join("withdraw the question about ", (item.id, "bold"), "; its clock goes on")
            self.confirm(line, partial(self._withdraw, item))

    def _answer(self, item: MatchItem, said: str) -> None:
        said = self._drafts["answer"] = visible_line(said)
        work = self.client.matching.employer_answer(item.id, item.version, said)
        self.act(work, self._answered, otherwise=partial(self.not_done, item))

    def _withdraw(self, item: MatchItem) -> None:
        work = self.client.matching.employer_answer(item.id, item.version, withdrawn=True)
        self.act(work, self._answered, otherwise=partial(self.not_done, item))

    def _answered(self, item: MatchItem) -> None:
        self.reopen(f"The clock of {item.id} goes on; it is yours to decide.")

    # the second person

    def action_approve(self) -> None:
        """Agree to another's decision."""
        item = self.item
        if item is None or item.state is not MatchState.PENDING_APPROVAL:
            self.refuse("No decision stands here that waits for a second person.")
        else:
            self._judge(item, "approve: ", self._approve)

    def _judge(self, item: MatchItem, does: str, then: Callable[[MatchItem], None]) -> None:
        if item.masked:
            self.refuse("A second person must judge it, another than who decided.")
        else:
            line = join(does, (item.id, "bold"), f", {presentation.what(item)}")
            self.confirm(line, partial(then, item))

    def _approve(self, item: MatchItem) -> None:
        work = self.client.matching.approve(item.id, item.version)
        self.act(work, self._judged, otherwise=partial(self.not_done, item))

    def _refuse_approval(self, item: MatchItem) -> None:
        work = self.client.matching.refuse(item.id, item.version)
        self.act(work, self._judged, otherwise=partial(self.not_done, item))

    def _judged(self, item: MatchItem) -> None:
        sent_back = item.state in UNDECIDED
        done = "back in the queue on the same clock" if sent_back else "approved and applied"
        self.leave(f"{item.id} is {done}.")

"""What a rep decides about the item in review: link, new chart, return; approval, taking apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.visible import visible_line
from api_client.types.words import MatchState, RejectReason
from screens.matching import case, presentation
from screens.matching.passing import Passing
from screens.matching.undo import Last
from screens.widgets.drafts import Drafts
from screens.widgets.screen import DeskScreen
from screens.widgets.text import join

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from api_client.types.matching import Candidate, MatchItem

NOTE = 2000
QUESTION = 1000
SHORTEST = 3
UNDECIDED = (MatchState.QUEUED, MatchState.IN_REVIEW)
_WHY_NOT = {
    MatchState.WAITING_EMPLOYER: "It waits for the employer: z takes the answer, n the next item.",
    MatchState.PENDING_APPROVAL: "It waits for a second person: a approves it, d sends it back.",
    MatchState.APPLIED: "It is decided already: x takes it apart again, n takes the next item.",
    MatchState.RETURNED: "It went back to the employer already; n takes the next item.",
}


class Acts(Passing):
    """The keys that decide; what is written on the way is kept until it is saved."""

    def __init__(self, last: Last) -> None:
        super().__init__(last)
        self.item: MatchItem | None = None
        self.drafts = Drafts(lambda: self.client.session)

    # what the screen around these keys does

    @property
    def token(self) -> str:
        """The token of the rep's claim; empty when the item is not the rep's."""
        raise NotImplementedError

    def advance(self, words: str) -> None:
        """On to the next item, with a word about what was done."""
        raise NotImplementedError

    def leave(self, words: str | Content) -> None:
        """Back to the queue, with a word about what was done."""
        below = self.app.screen_stack[-2:-1]
        self.dismiss()
        if below and isinstance(below[0], DeskScreen):
            below[0].say(words)

    def not_done(self, seen: MatchItem, error: Exception) -> bool:
        """A newer version or a lost claim: say what is, and what was kept."""
        raise NotImplementedError

    def take_in(self, item: MatchItem) -> None:
        """Show this version of the item."""
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

    # writing

    def write_kept(
        self,
        subject: str,
        title: str,
        then: Callable[[str], None],
        *,
        limit: int,
        long: bool = False,
        optional: bool = False,
    ) -> None:
        """As `write`, beginning with what was written about the subject before, and keeping what is."""

        def begin(before: str) -> None:
            typed = partial(self.drafts.typed, subject)
            self.write(title, then, limit=limit, value=before, long=long, optional=optional, typed=typed)

        if self.drafts.knows(subject):
            begin(self.drafts.text(subject))
        else:
            self.fetch(self.drafts.fetch(subject), begin, group="draft", hold_keys=True)

    def half_written(self) -> Iterable[Awaitable[None]]:
        return [self.drafts.send()]

    # decisions

    def link(self, item: MatchItem, candidate: Candidate) -> None:
        """The enrollee is this member."""
        work = self.client.matching.link(item.id, item.version, candidate.mrn, claim=self.token)
        self.act(work, self._decided, otherwise=partial(self.not_done, item))

    def action_create(self) -> None:
        """The enrollee is nobody on file; of an applied item, take the decision apart."""
        item = self.item
        if item is not None and item.state is MatchState.APPLIED and not item.blind:
            title = f"take {item.id} apart, a second person must agree; why?"
            self.write_kept(f"{item.id} unlink", title, partial(self._ask_unlink, item), limit=QUESTION)
        elif item is None or self.why_not():
            self.refuse(self.why_not())
        else:
            self.confirm(case.create_line(item), partial(self.create, item))

    def create(self, item: MatchItem) -> None:
        """A new chart for the enrollee."""
        work = self.client.matching.create_new(item.id, item.version, claim=self.token)
        self.act(work, self._decided, otherwise=partial(self.not_done, item))

    def action_reject(self) -> None:
        """Return the enrollment to the employer; or send another's decision back."""
        item = self.item
        if item is not None and item.state is MatchState.PENDING_APPROVAL and not item.blind:
            self._judge(item, "do not approve, send back: ", self._refuse_approval)
        elif item is None or self.why_not():
            self.refuse(self.why_not())
        else:
            title = f"return {item.id} to the employer: why?"
            self.pick(title, presentation.REJECT_CHOICES, partial(self.rejected, item))

    def rejected(self, item: MatchItem, reason: RejectReason) -> None:
        """The reason is chosen: ask for a note."""
        then = partial(self._ask_rejection, item, reason)
        title = f"note to {item.id}, or none:"
        self.write_kept(f"{item.id} return", title, then, limit=NOTE, optional=True)

    def _ask_rejection(self, item: MatchItem, reason: RejectReason, note: str) -> None:
        note = visible_line(note)
        line = case.reject_line(item, reason, note)
        self.confirm(line, partial(self._reject, item, reason, note))

    def _reject(self, item: MatchItem, reason: RejectReason, note: str) -> None:
        work = self.client.matching.reject(item.id, item.version, reason, claim=self.token, note=note)
        self.act(work, self._decided, otherwise=partial(self.not_done, item))

    def _decided(self, item: MatchItem) -> None:
        self.drafts.forget(f"{item.id} return")
        self.last.number = item.id
        self.advance(presentation.decided(item, self.desk.now()))

    # taking an applied decision apart

    def _ask_unlink(self, item: MatchItem, reason: str) -> None:
        reason = visible_line(reason)
        if len(reason) < SHORTEST:
            self.refuse("Write the reason in words; x goes on with it.")
        else:
            self.confirm(case.unlink_line(item, reason), partial(self._unlink, item, reason))

    def _unlink(self, item: MatchItem, reason: str) -> None:
        work = self.client.matching.unlink(item.id, item.version, reason)
        self.act(work, self._unlinked, otherwise=partial(self.not_done, item))

    def _unlinked(self, item: MatchItem) -> None:
        self.drafts.forget(f"{item.id} unlink")
        self.take_in(item)
        self.say(f"{item.id}: a second person must agree that it is taken apart.")

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
        self.act(work, partial(self._judged, item, True), otherwise=partial(self.not_done, item))

    def _refuse_approval(self, item: MatchItem) -> None:
        work = self.client.matching.refuse(item.id, item.version)
        self.act(work, partial(self._judged, item, False), otherwise=partial(self.not_done, item))

    def _judged(self, seen: MatchItem, approved: bool, _: MatchItem) -> None:
        self.leave(presentation.judged(seen, approved=approved))

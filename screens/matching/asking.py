"""What a rep asks, notes and passes on: the employer, a lead, a colleague, the queue."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from api_client.types.visible import visible_line
from api_client.types.words import AskChannel, MatchState, SkipReason
from screens.matching import presentation
from screens.matching.acts import NOTE, QUESTION, SHORTEST, Acts
from screens.widgets.prompt import Choice
from screens.widgets.text import join

if TYPE_CHECKING:
    from api_client.types.matching import Colleague, MatchItem

_EMPLOYER = [Choice("has answered", True), Choice("need not answer: withdraw the question", False)]


class Asking(Acts):
    """The keys of the review that decide nothing."""

    def reopen(self, words: str) -> None:
        """Take this very item, with a word about what was done."""
        raise NotImplementedError

    # passing on

    def action_skip(self) -> None:
        """Put the item back with the reason, or hand it over; a lead passes on what others have."""
        item = self.item
        if item is not None and self.is_lead and self.why_not():
            self.lead_passes(item)
        elif item is None or self.why_not():
            self.refuse(self.why_not())
        else:
            self.pick(f"skip {item.id}: why?", presentation.SKIP_CHOICES, partial(self._skip, item))

    def _skip(self, item: MatchItem, reason: SkipReason | None) -> None:
        if reason is None:
            self.pick_colleague(f"hand {item.id} over to", partial(self._hand_over_words, item))
        else:
            work = self.client.matching.skip(item.id, reason, claim=self.token)
            done = f"{item.id} is back in the queue."
            self.act(work, partial(self._passed, done, ""), otherwise=partial(self.not_done, item))

    def _hand_over_words(self, item: MatchItem, to: Colleague) -> None:
        then = partial(self._hand_over, item, to)
        title = f"a word to {to.name} about {item.id}, or none:"
        self.write_kept(_about(item, "words"), title, then, limit=QUESTION, optional=True)

    def _hand_over(self, item: MatchItem, to: Colleague, words: str) -> None:
        work = self.client.matching.hand_over(item.id, to.username, visible_line(words), claim=self.token)
        done = partial(self._passed, f"{item.id} is handed over to {to.name}.", _about(item, "words"))
        self.act(work, done, otherwise=partial(self.not_done, item))

    def action_question(self) -> None:
        """Give the item to the leads with a question."""
        item = self.item
        if item is None or self.why_not():
            self.refuse(self.why_not())
        else:
            title = f"question about {item.id} to a lead:"
            self.write_kept(_about(item, "lead"), title, partial(self._escalate, item), limit=QUESTION)

    def _escalate(self, item: MatchItem, question: str) -> None:
        question = visible_line(question)
        if len(question) < SHORTEST:
            self.refuse("Write the question in words; q goes on with it.")
            return
        work = self.client.matching.escalate(item.id, question, claim=self.token)
        done = partial(self._passed, f"{item.id} is with the leads, its clock goes on.", _about(item, "lead"))
        self.act(work, done, otherwise=partial(self.not_done, item))

    def _passed(self, words: str, subject: str, _: None) -> None:
        """The item is not the rep's any more."""
        if subject:
            self.drafts.forget(subject)
        self.advance(words)

    def moved(self, item: MatchItem, words: str) -> None:
        self.take_in(item)
        self.say(words)

    # notes

    def action_note(self) -> None:
        """Write a note to the item; F12 saves it, Esc keeps it as a draft."""
        item = self.item
        if item is None:
            self.refuse(self.why_not())
        else:
            title = f"note to {item.id}:"
            self.write_kept(_about(item, "note"), title, partial(self._note, item), limit=NOTE, long=True)

    def _note(self, item: MatchItem, text: str) -> None:
        if len(text) > NOTE:
            self.refuse(f"A note has at most {NOTE} characters, this one {len(text)}. t goes on with it.")
        else:
            self.act(self.client.matching.note(item.id, text, claim=self.token), self._noted)

    def _noted(self, item: MatchItem) -> None:
        self.drafts.forget(_about(item, "note"))
        self.take_in(item)
        self.say(f"The note to {item.id} is saved.")

    # the employer

    def action_ask(self) -> None:
        """Ask the employer; or, when that was done, take down the answer."""
        item = self.item
        if item is not None and item.state is MatchState.WAITING_EMPLOYER:
            self.pick("the employer", _EMPLOYER, partial(self._employer, item))
        elif item is None or self.why_not() or item.ask_refused:
            self.refuse(self.why_not() or (item.ask_refused if item else ""))
        else:
            title = f"question about {item.id} to the employer:"
            self.write_kept(_about(item, "question"), title, partial(self._ask_channel, item), limit=QUESTION)

    def _ask_channel(self, item: MatchItem, question: str) -> None:
        question = visible_line(question)
        if len(question) < SHORTEST:
            self.refuse("Write the question in words; z goes on with it.")
        else:
            then = partial(self._ask, item, question)
            self.pick("the clock stands still; asked by", presentation.ASK_CHOICES, then)

    def _ask(self, item: MatchItem, question: str, channel: AskChannel) -> None:
        work = self.client.matching.ask_employer(item.id, item.version, question, channel, claim=self.token)
        self.act(work, self._asked, otherwise=partial(self.not_done, item))

    def _asked(self, item: MatchItem) -> None:
        self.drafts.forget(_about(item, "question"))
        self.advance(f"{item.id} waits for the employer; its clock stands still.")

    def _employer(self, item: MatchItem, answered: bool) -> None:
        if answered:
            title = f"what the employer said about {item.id}:"
            self.write_kept(_about(item, "answer"), title, partial(self._answer, item), limit=QUESTION)
        else:
            line = join("withdraw the question about ", (item.id, "bold"), "; its clock goes on")
            self.confirm(line, partial(self._withdraw, item))

    def _answer(self, item: MatchItem, said: str) -> None:
        work = self.client.matching.employer_answer(item.id, item.version, visible_line(said))
        self.act(work, self._answered, otherwise=partial(self.not_done, item))

    def _withdraw(self, item: MatchItem) -> None:
        work = self.client.matching.employer_answer(item.id, item.version, withdrawn=True)
        self.act(work, self._answered, otherwise=partial(self.not_done, item))

    def _answered(self, item: MatchItem) -> None:
        self.drafts.forget(_about(item, "answer"))
        self.reopen(f"The clock of {item.id} goes on; it is yours to decide.")


def _about(item: MatchItem, what: str) -> str:
    """The subject of a draft, such as `M-20418 note`."""
    return f"{item.id} {what}"

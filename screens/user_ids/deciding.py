"""What is decided about the user-ID request under the cursor: approved, denied, asked for, mailed anew."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from textual.binding import Binding

from api_client.types.user_id_words import (
    OPEN_USER_ID_STATES,
    DenyReason,
    Missing,
    UserIdRequestState,
)
from api_client.types.visible import visible_line
from screens.user_ids import act_words as words
from screens.widgets.screen import DeskScreen

if TYPE_CHECKING:
    from api_client.types.user_ids import UserIdRequest

_NOTE = 1000
_SHORT_NOTE = 200


class Deciding(DeskScreen):
    """A screen on which one user-ID request at a time stands under the cursor."""

    DECIDES = frozenset("adurz")
    BINDINGS = [
        Binding("a", "approve", "approve", id="user_ids.approve"),
        Binding("d", "deny", "deny", id="user_ids.deny"),
        Binding("z", "ask_client", "ask client", id="user_ids.ask_client"),
        Binding("r", "reissue", "new letter", id="user_ids.reissue"),
        Binding("u", "undo", "undo", id="user_ids.undo"),
    ]

    def __init__(self, *, last: str | None = None) -> None:
        """`last` is the request that `u` takes back."""
        super().__init__()
        self.last = last

    # what the screen fills in

    @property
    def under_cursor(self) -> UserIdRequest | None:
        """The highlighted request, once it is on the screen."""
        raise NotImplementedError

    def take_in(self, request: UserIdRequest) -> None:
        """The answer to an act: its row says so, and the detail where it is highlighted."""
        raise NotImplementedError

    def possible(self) -> dict[str, bool]:
        """Which of these keys would do something, by what they are called."""
        request = self.under_cursor
        return {
            "approve": request is not None and request.can_approve,
            "deny": request is not None and request.state in OPEN_USER_ID_STATES,
            "ask client": request is not None and request.state in OPEN_USER_ID_STATES,
            "new letter": request is not None and request.can_reissue,
            "undo": self._target() is not None,
        }

    # approving and denying

    def action_approve(self) -> None:
        """Approve the highlighted request, as the first person or the second."""
        request = self.under_cursor
        if request is None:
            self.refuse("No request stands here to approve.")
        elif not request.can_approve:
            self.refuse(request.approve_sentence)
        else:
            work = partial(self.client.user_ids.approve, request.id, request.version)
            self.confirm(words.approve_line(request), partial(self._decide, request, work))

    def action_deny(self) -> None:
        """Deny the highlighted request for a reason."""
        request = self.under_cursor
        if request is None:
            self.refuse("No request stands here to deny.")
        elif request.state not in OPEN_USER_ID_STATES:
            self.refuse("This request is decided already.")
        else:
            title = f"deny {request.id}: why?"
            self.pick(title, words.DENY_CHOICES, partial(self._ask_note, request))

    def _ask_note(self, request: UserIdRequest, reason: DenyReason) -> None:
        title = f"note to {request.id}, or none:"
        self.write(title, partial(self._ask_denial, request, reason), limit=_NOTE, optional=True)

    def _ask_denial(self, request: UserIdRequest, reason: DenyReason, note: str) -> None:
        note = visible_line(note)
        work = partial(self.client.user_ids.deny, request.id, request.version, reason, note)
        self.confirm(words.deny_line(request, reason, note), partial(self._decide, request, work))

    def _decide(self, request: UserIdRequest, work: Callable[[], Awaitable[UserIdRequest]]) -> None:
        self.act(work(), self._decided, otherwise=partial(self.changed_meanwhile, request))

    def _decided(self, request: UserIdRequest) -> None:
        self.last = request.id if request.can_undo else None
        self.take_in(request)
        self.say(words.decided(request))

    # something is missing

    def action_ask_client(self) -> None:
        """Have the client called back for what the form lacks; then take down what they answer."""
        request = self.under_cursor
        if request is None:
            self.refuse("No request stands here to ask the client about.")
        elif request.state is UserIdRequestState.INCOMPLETE:
            from screens.user_ids.answer import AnswerScreen

            self.app.push_screen(AnswerScreen(request.id))
        elif request.state not in OPEN_USER_ID_STATES:
            self.refuse("This request is decided already.")
        else:
            self._ask_missing(request, ())

    def _ask_missing(self, request: UserIdRequest, chosen: tuple[Missing, ...]) -> None:
        title = f"{request.id} lacks:"
        self.pick(title, words.missing_choices(chosen), partial(self._take_missing, request, chosen))

    def _take_missing(self, request: UserIdRequest, chosen: tuple[Missing, ...], one: Missing | None) -> None:
        """A digit chooses, or takes the choice back; Enter goes on with what is chosen."""
        if one is None:
            title = f"what to ask the client of {request.id}, or nothing more:"
            self.write(title, partial(self._ask_stop, request, chosen), limit=_SHORT_NOTE, optional=True)
        else:
            rest = tuple(each for each in chosen if each is not one)
            self._ask_missing(request, rest if one in chosen else (*chosen, one))

    def _ask_stop(self, request: UserIdRequest, missing: tuple[Missing, ...], note: str) -> None:
        note = visible_line(note)
        line = words.incomplete_line(request, missing, note)
        self.confirm(line, partial(self._stop, request, missing, note))

    def _stop(self, request: UserIdRequest, missing: tuple[Missing, ...], note: str) -> None:
        work = self.client.user_ids.incomplete(request.id, request.version, list(missing), note)
        self.act(work, self._stopped, otherwise=partial(self.changed_meanwhile, request))

    def _stopped(self, request: UserIdRequest) -> None:
        self.take_in(request)
        self.say(words.asked(request))

    def answered(self, request: UserIdRequest) -> None:
        """The form of the answer is saved."""
        self.take_in(request)
        self.say(words.answered(request, self.desk.now()))

    # a new letter

    def action_reissue(self) -> None:
        """Stop the code that is lost, and mail a new one."""
        request = self.under_cursor
        if request is None:
            self.refuse("No request stands here to mail again.")
        elif not request.can_reissue:
            self.refuse(request.reissue_sentence or "No letter of this request is in the mail.")
        elif (calls := self.desk.calls) is not None and calls.active is None:
            self.refuse(words.FOR_A_CALLER)
        else:
            self.confirm(words.reissue_line(request), partial(self._reissue, request))

    def _reissue(self, request: UserIdRequest) -> None:
        work = self.client.user_ids.reissue(request.id, request.version)
        self.act(work, self._reissued, otherwise=partial(self.changed_meanwhile, request))

    def _reissued(self, request: UserIdRequest) -> None:
        self.take_in(request)
        self.say(words.reissued(request, self.desk.now()))

    # taking back

    def _target(self) -> str | None:
        """The last request decided here, else the highlighted one if this rep can take it back."""
        request = self.under_cursor
        if self.last is None and request is not None and request.can_undo:
            return request.id
        return self.last

    def action_undo(self) -> None:
        """Take a decision back; until its letter is mailed that makes it undone."""
        number = self._target()
        if number is None:
            self.refuse(words.NOTHING_TO_TAKE_BACK)
        else:
            self.fetch(self.client.user_ids.show(number), self._ask_undo, group="undo", hold_keys=True)

    def _ask_undo(self, request: UserIdRequest) -> None:
        if request.can_undo:
            self.confirm(words.undo_line(request), partial(self._undo, request))
        else:
            self.last = None
            self.refresh_bindings()
            self.refuse(words.not_undone(request))

    def _undo(self, request: UserIdRequest) -> None:
        work = self.client.user_ids.undo(request.id, request.version)
        self.act(work, self._taken_back, otherwise=partial(self.changed_meanwhile, request))

    def _taken_back(self, request: UserIdRequest) -> None:
        self.last = None
        self.take_in(request)
        self.say(f"{request.id} waits again; nothing is mailed.")

    # a conflict

    def changed_meanwhile(self, seen: UserIdRequest, error: Exception) -> bool:
        """Whether it was one: then both are shown, what was seen and what is."""
        from api_client.errors import Stale

        if not isinstance(error, Stale):
            return False
        self.fetch(self.client.user_ids.show(seen.id), partial(self._tell_change, seen), group="conflict")
        return True

    def _tell_change(self, seen: UserIdRequest, present: UserIdRequest) -> None:
        self.take_in(present)
        self.say(words.conflict(seen, present))


__all__ = ["Deciding"]

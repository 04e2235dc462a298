"""`z` from an incomplete request: what the client answered is taken down, and the days go on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.user_id_words import UserIdRequestState
from api_client.types.words import EventKind
from screens.user_ids import act_words as words
from screens.user_ids.detail import to_answer, why
from screens.user_ids.drafted import DraftedForm
from screens.user_ids.fields import answer_fields
from screens.widgets.desk import About, Changed
from screens.widgets.detail import Detail
from screens.widgets.form import Field
from screens.widgets.screen import DeskScreen
from screens.widgets.text import join

if TYPE_CHECKING:
    from api_client.types.user_ids import UserIdRequest


class AnswerScreen(DraftedForm):
    """Only what changes is filled in; what stands on the form so far is below."""

    HINT = "fill in what changes; F12 saves the answer, Esc keeps it as a draft"

    def __init__(self, number: str) -> None:
        super().__init__()
        self._number = number
        self._fields = answer_fields(lambda: self.desk.now())
        self._request: UserIdRequest | None = None
        self._done = False

    def subject(self) -> Content:
        return join("USER IDS  the answer to ", self._number)

    def about(self) -> About | None:
        return About(self._request.group_number) if self._request is not None else None

    @property
    def fields(self) -> Sequence[Field]:
        return self._fields

    @property
    def draft(self) -> str:
        return f"{self._number} answer"

    @property
    def done(self) -> bool:
        return self._done

    def load(self) -> None:
        self.fetch(self.client.user_ids.show(self._number), self._begun, group="request")

    def on_change(self, change: Changed) -> None:
        if change.kind in (EventKind.USER_ID_REQUEST, EventKind.RESET) and not self._done:
            self.fetch(self.client.user_ids.show(self._number), self._shown, group="request")

    def _begun(self, request: UserIdRequest) -> None:
        """The request is there, so what was typed about it before can be."""
        self._shown(request)
        self.begin()

    def _shown(self, request: UserIdRequest) -> None:
        self._request = request
        self.show_subject()
        self.query_one(Detail).show(lambda width: to_answer(request, width))

    def why(self) -> Content | None:
        return why(self._request) if self._request is not None else None

    def again(self) -> DeskScreen | None:
        return AnswerScreen(self._number)

    def action_save(self) -> None:
        """Take the answer down."""
        request = self._request
        if request is None:
            self.refuse("The request is not here yet.")
        elif request.state is not UserIdRequestState.INCOMPLETE:
            self.refuse(f"{request.id} does not wait for an answer any more; what you typed is kept.")
        elif (found := self.read()) is not None:
            self._complete(request, found)

    def _complete(self, request: UserIdRequest, found: dict[str, object]) -> None:
        from api_client.types.user_ids import Completed

        form = Completed.model_validate({"answered_at": self.desk.now(), **found})
        work = self.client.user_ids.complete(request.id, request.version, form)
        self.act(work, self._completed, otherwise=partial(self._not_completed, request))

    def _completed(self, request: UserIdRequest) -> None:
        self._done = True
        self.saved()
        below = self.leave()
        if below is not None:
            below.call_later(below.answered, request)

    def _not_completed(self, seen: UserIdRequest, error: Exception) -> bool:
        from api_client.errors import Stale

        if isinstance(error, Stale):
            work = self.client.user_ids.show(self._number)
            self.fetch(work, partial(self._tell_change, seen), group="request")
            return True
        return self.stays(error)

    def _tell_change(self, seen: UserIdRequest, present: UserIdRequest) -> None:
        self._shown(present)
        self.say(join(words.conflict(seen, present), " What you typed is kept."))


__all__ = ["AnswerScreen"]

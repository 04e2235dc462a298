"""What a rep does with a whole file: stop its run, let it go on, release it, settle its media."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from api_client.types.visible import visible_line
from api_client.types.words import FileState, MediaEnd, Role
from screens.enrollment import presentation
from screens.enrollment.lists import FileLists
from screens.enrollment.words import MEDIA_ENDS
from screens.widgets.prompt import Choice

if TYPE_CHECKING:
    from api_client.types.enrollment import FileShown

REASON = 200
"""Characters of a reason at the most."""
_LOADING = "The file is not here yet."
_FOR_LEADS = "A held file is released by a lead, with a reason: ask one."


class FileActs(FileLists):
    """Each act is asked for on one line and sent with the version the rep saw."""

    # run

    def stop_refused(self) -> str:
        """Why the run can neither be stopped nor go on; empty when one of them can."""
        file = self.file
        if file is None:
            return _LOADING
        if file.state is FileState.RECEIVED:
            return "It stops already, after the members at hand." if file.stop_asked else ""
        if file.state is FileState.HELD:
            return "It is held and does not run; r releases it."
        return (
            ""
            if file.state is FileState.STOPPED
            else f"{file.number} does not run: there is nothing to stop."
        )

    def action_stop(self) -> None:
        """Stop the run, or let a stopped file go on."""
        file, why = self.file, self.stop_refused()
        if file is None or why:
            self.refuse(why)
        elif file.state is FileState.STOPPED:
            work = partial(self.client.enrollment.go_on, file.number, file.version)
            said = f"{file.number} goes on."
            self.confirm(presentation.go_on_line(file), partial(self.do, file, work, said))
        else:
            work = partial(self.client.enrollment.stop, file.number)
            said = f"{file.number} stops after the members at hand; x lets it go on."
            self.confirm(presentation.stop_line(file), partial(self.do, file, work, said))

    # held

    def release_refused(self) -> str:
        """Why the file cannot be released by this rep; empty when it can."""
        if self.file is None:
            return _LOADING
        if self.file.state is not FileState.HELD:
            return f"{self.number} is not held."
        return "" if self.session is not None and self.session.rep.role is not Role.REP else _FOR_LEADS

    def action_release(self) -> None:
        """Let a held file go on, with the reason."""
        file, why = self.file, self.release_refused()
        if file is None or why:
            self.refuse(why)
        else:
            self.write(f"release {file.number}, because:", partial(self._ask_release, file), limit=REASON)

    def _ask_release(self, file: FileShown, reason: str) -> None:
        reason = visible_line(reason)
        work = partial(self.client.enrollment.release, file.number, file.version, reason)
        line = presentation.release_line(file, reason)
        self.confirm(line, partial(self.do, file, work, f"{file.number} is released and goes on."))

    # media

    def media_refused(self) -> str:
        """Why nothing can be written down about a diskette or tape; empty when it can."""
        if self.file is None:
            return _LOADING
        media = self.file.media
        if media is None:
            return f"{self.number} did not come on a diskette or tape."
        return f"It was {MEDIA_ENDS[media.end]} already." if media.end is not None else ""

    def action_media(self) -> None:
        """Write down what became of the diskette or tape."""
        file, why = self.file, self.media_refused()
        if file is None or why:
            self.refuse(why)
        else:
            choices = [Choice(words, end) for end, words in MEDIA_ENDS.items()]
            self.pick(f"the media of {file.number} was", choices, partial(self._ask_media, file))

    def _ask_media(self, file: FileShown, end: MediaEnd) -> None:
        work = partial(self.client.enrollment.media_done, file.number, file.version, end)
        line = presentation.media_line(file, MEDIA_ENDS[end])
        self.confirm(line, partial(self.do, file, work, f"Written down: {MEDIA_ENDS[end]}."))

    # the same for all

    def do(self, file: FileShown, work: Callable[[], Awaitable[FileShown]], said: str) -> None:
        """Do what was confirmed, and say what was done."""
        self.act(work(), partial(self._done, said), otherwise=partial(self.met_a_change, file))

    def _done(self, said: str, file: FileShown) -> None:
        self.take_in(file)
        self.say(said)

    def met_a_change(self, seen: FileShown, error: Exception) -> bool:
        """After a conflict: how the file is now, and what is different from what the rep saw."""
        from api_client.errors import Stale

        if not isinstance(error, Stale):
            return False
        work = self.client.enrollment.file(self.number)
        self.fetch(work, partial(self.tell_change, seen), group="conflict")
        return True

    def tell_change(self, seen: FileShown, present: FileShown) -> None:
        """Say it, and show it."""
        self.take_in(present)
        self.say(presentation.changed(seen, present))

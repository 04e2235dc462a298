"""The blank request form, the number it is faxed to, and the tour: for anyone who calls (R04, R05)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content

from screens.widgets.detail import Detail
from screens.widgets.outside import Outside
from screens.widgets.screen import DeskScreen
from screens.widgets.text import hanging, join, labelled, lines, plain

if TYPE_CHECKING:
    from api_client.types.user_ids import RequestForm

FILLED = (
    "A form with the group filled in goes by mail only, to the address of record, once the caller is "
    "verified: y verifies, then m 9."
)
WHY = (
    "Form, fax number and tour are no secret, so that nobody has to be verified for them. What is on record "
    "of a group stands on no blank form."
)
_NAME = "The blank form"


class FormScreen(Outside):
    """What to say, and the form as a PDF."""

    HINT = "for anyone, verified or not; it is free of charge"
    INSTEAD = "The form stands at the end of the tour too."
    AUTO_FOCUS = "Detail"
    BINDINGS = [
        Binding("d", "show_pdf", "PDF", id="form.pdf"),
        Binding("p", "print_out", "print", id="form.print"),
    ]

    def subject(self) -> Content:
        return plain("REQUEST FORM  blank")

    def compose_body(self) -> ComposeResult:
        yield Detail()

    def load(self) -> None:
        self.fetch(self.client.user_ids.form(), self._show, group="form")

    def _show(self, form: RequestForm) -> None:
        self.query_one(Detail).show(partial(told, form))

    def why(self) -> Content | None:
        return plain(WHY)

    def again(self) -> DeskScreen | None:
        return FormScreen()

    def keys(self) -> Iterable[tuple[str, str, bool]]:
        """What is not possible stays visible, greyed."""
        viewer = self.desk.viewer
        possible = {"PDF": not viewer.cannot_show, "print": not viewer.cannot_print}
        for key, does, enabled in DeskScreen.keys(self):
            yield key, does, possible.get(does, enabled)

    def action_show_pdf(self) -> None:
        """Open the blank form in the viewer of this workstation."""
        self.show_outside(_NAME, self.client.user_ids.form_pdf)

    def action_print_out(self) -> None:
        """Print the blank form on the printer of this workstation."""
        cannot = self.desk.viewer.cannot_print
        if cannot:
            self.refuse(cannot)
        else:
            self.confirm(
                plain("print the blank form"),
                partial(self.print_outside, _NAME, self.client.user_ids.form_pdf),
            )


def told(form: RequestForm, width: int) -> Content:
    """The sentence for the caller, then number, tour and steps."""
    rows = hanging(join((" SAY ", "bold")), plain(f'"{form.say}"'), width)
    rows += [plain(""), *labelled("fax to", plain(form.fax, "bold"), width)]
    rows += labelled("tour", plain(form.tour), width)
    for number, step in enumerate(form.steps, 1):
        rows += labelled("steps" if number == 1 else "", plain(f"{number} {step}"), width)
    return lines(*rows, plain(""), *labelled("filled", plain(FILLED), width))


__all__ = ["FormScreen", "told"]

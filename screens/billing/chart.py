"""Balance and premium over months, drawn in characters that every terminal has."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from screens.widgets.text import fit, join, lines, plain

if TYPE_CHECKING:
    from api_client.types.billing import MonthEnd

LEGENDS = (
    " ## balance at the month's end   -- premium   a bar above the line: more than a month is open",
    " ## balance at the month's end   -- premium of the month",
    " ## balance at month's end   -- premium",
    " ## balance",
)
"""The longest that fits is shown."""
NOTHING = " No month was billed yet; the picture comes with the first bill."
_MONTH = 5
"""Cells of one month."""
_BAR = 3
_LABEL = 9
"""Cells of the figures at the left, the axis included."""
_AROUND = 5
"""Rows around the bars: legend, axis, months, and the figures of both."""
_LOWEST = 3


def draw(months: Sequence[MonthEnd], width: int, height: int) -> Content:
    """The latest months that fit, the oldest first: bars for the balance, a line for the premium."""
    shown = list(months)[-max(1, (width - _LABEL) // _MONTH) :]
    if not shown:
        return fit(plain(NOTHING, "$text-muted"), width)
    rows = max(_LOWEST, height - _AROUND)
    top = max(Decimal(1), *(one.balance for one in shown), *(one.billed for one in shown))
    legend = next((one for one in LEGENDS if len(one) <= width), "")
    said = [plain(legend, "$text-muted")]
    said += [_row(shown, row, rows, top) for row in range(rows, 0, -1)]
    said.append(plain("0 +".rjust(_LABEL) + "-" * (_MONTH * len(shown))))
    said.append(_figures("", [_name(one, at) for at, one in enumerate(shown)]))
    said.append(_figures("balance", [_short(one.balance) for one in shown], "bold"))
    said.append(_figures("premium", [_short(one.billed) for one in shown]))
    return lines(*said)


def _row(months: Sequence[MonthEnd], row: int, rows: int, top: Decimal) -> Content:
    """One row of the bars; row 1 stands on the axis."""
    figure = _short(top * row / rows) if row in (rows, (rows + 1) // 2) else ""
    cells: list[Content] = [plain(f"{figure} |".rjust(_LABEL))]
    for one in months:
        filled = row <= _height(one.balance, rows, top)
        line = row == max(1, _height(one.billed, rows, top))
        around = "-" if line else " "
        bar = "#" * _BAR if filled else around * _BAR
        style = "bold $text-error" if one.balance > one.billed else ""
        cells += [plain(around), plain(bar, style if filled else ""), plain(around)]
    return join(*cells)


def _height(amount: Decimal, rows: int, top: Decimal) -> int:
    """Rows of a bar, rounded half up; something is never nothing."""
    if amount <= 0:
        return 0
    return max(1, int((amount * rows / top).to_integral_value(ROUND_HALF_UP)))


def _figures(label: str, words: Sequence[str], style: str = "") -> Content:
    cells = "".join(f"{word:>{_MONTH - 1}} " for word in words)
    return join(fit(plain(f" {label}", "$text-muted"), _LABEL), (cells, style))


def _name(one: MonthEnd, at: int) -> str:
    """The month; January, and the first of all, with its year."""
    return f"{one.month:%b}" if at and one.month.month > 1 else f"{one.month:%b%y}"[:_MONTH]


def _short(amount: Decimal) -> str:
    """An amount in four cells: 950, 9.6k, 120k, 1.2m."""
    size = abs(amount)
    if size < Decimal("999.5"):
        return f"{amount:.0f}"
    for unit, letter in ((Decimal(1000), "k"), (Decimal(1_000_000), "m")):
        if size / unit < Decimal("999.5"):
            digits = 1 if size / unit < Decimal("9.95") and amount > 0 else 0
            return f"{amount / unit:.{digits}f}{letter}"
    return ">999m"[: _MONTH - 1] if amount > 0 else "<-1b"


class Chart(Widget, can_focus=True):
    """The picture, as high as its place."""

    DEFAULT_CSS = "Chart { height: 1fr; }"
    months: reactive[tuple[MonthEnd, ...]] = reactive(())

    def render(self) -> Content:
        return draw(self.months, self.size.width, self.size.height)

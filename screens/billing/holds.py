"""What a lead decides about a group's bill: a hold, its end, coverage that is asked back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from api_client.types.billing_words import HoldKind
from screens.billing import presentation, spoken, typed
from screens.billing.by_phone import ask_reason
from screens.widgets.prompt import Choice

if TYPE_CHECKING:
    from datetime import date

    from api_client.types.billing import BillingStatus, HoldRow, ReinstatementRow
    from screens.billing.status import BillingScreen

LEADS_ONLY = "Holds and requests to give coverage back are for a lead: ask one."
_KINDS = [Choice(label, kind) for kind, label in presentation.HOLDS.items() if kind is not HoldKind.DISPUTE]


class HoldActs:
    """Asks, confirms, sends; what was typed is kept until it is done."""

    def __init__(self, screen: BillingScreen) -> None:
        self._screen = screen
        self._typed: dict[str, dict[str, str]] = {}

    def does(self) -> str:
        """What the key does where the cursor stands."""
        if self._request is not None:
            return "decide"
        return "lift hold" if self._hold is not None else "hold"

    def begin(self) -> None:
        """Decide the request, lift the hold under the cursor; elsewhere open a hold."""
        screen, status = self._screen, self._screen.status
        if not screen.is_lead:
            screen.refuse(LEADS_ONLY)
        elif status is None:
            screen.refuse("The bill of this group is not here yet.")
        elif self._request is not None:
            self._ask_decision(status, self._request)
        elif self._hold is not None:
            self._ask_lift(status, self._hold)
        else:
            screen.pick("hold because of", _KINDS, partial(self._ask_hold, status))

    @property
    def _request(self) -> ReinstatementRow | None:
        """The open request under the cursor."""
        row = self._screen.books.other
        status = self._screen.status
        rows = status.reinstatements if status is not None else []
        return next((one for one in rows if one is row and one.decided_on is None), None)

    @property
    def _hold(self) -> HoldRow | None:
        """The open hold under the cursor."""
        row = self._screen.books.other
        status = self._screen.status
        if status is None:
            return None
        return next(
            (one for one in status.holds if one is row and presentation.is_open(one, status.on)), None
        )

    # a hold

    def _ask_hold(self, status: BillingStatus, kind: HoldKind) -> None:
        title = f"hold, {presentation.HOLDS[kind]}: reason, or the number of the order"
        texts = self._typed.setdefault("hold", {})
        ask_reason(self._screen, title, texts, partial(self._ask_until, status, kind))

    def _ask_until(self, status: BillingStatus, kind: HoldKind, reason: str) -> None:
        texts = self._typed["hold"]

        def take(text: str) -> None:
            texts["until"] = text
            try:
                until = typed.day_to_come(text, self._screen.desk.now().date()) if text else None
            except typed.NotClear as not_clear:
                self._ask_until(status, kind, reason)
                self._screen.say(str(not_clear))
            else:
                self._screen.say("")
                line = spoken.hold_line(status, kind, reason, until)
                self._screen.confirm(line, partial(self._open, kind, reason, until))

        title = "its last day, such as 12-31; empty = until a lead lifts it:"
        self._screen.write(title, take, limit=20, value=texts.get("until", ""), optional=True)

    def _open(self, kind: HoldKind, reason: str, until: date | None) -> None:
        work = self._screen.client.billing.open_hold(self._screen.number, kind, reason, until)
        self._screen.act(work, self._opened)

    def _opened(self, row: HoldRow) -> None:
        self._typed.pop("hold", None)
        self._screen.fetch_anew({"others": row.id})
        self._screen.say(spoken.held(row))

    def _ask_lift(self, status: BillingStatus, row: HoldRow) -> None:
        def confirm(reason: str) -> None:
            line = spoken.lift_line(status, row, reason)
            self._screen.confirm(line, partial(self._lift, row, reason))

        title = f"why is {row.id}, {presentation.HOLDS[row.kind]}, lifted?"
        ask_reason(self._screen, title, self._typed.setdefault(row.id, {}), confirm)

    def _lift(self, row: HoldRow, reason: str) -> None:
        work = self._screen.client.billing.lift_hold(row.id, row.version, reason)

        def look(status: BillingStatus) -> None:
            present = next((one for one in status.holds if one.id == row.id), None)
            self._screen.say(spoken.hold_conflict(row, present))

        self._screen.act(work, self._lifted, otherwise=partial(self._stale, look))

    def _lifted(self, row: HoldRow) -> None:
        self._typed.pop(row.id, None)
        self._screen.fetch_anew()
        self._screen.say(spoken.lifted(row))

    # coverage asked back

    def _ask_decision(self, status: BillingStatus, row: ReinstatementRow) -> None:
        approve = partial(self._confirm, status, row, approve=True, reason="")
        refuse = partial(self._ask_refusal, status, row)
        why_not = partial(self._screen.refuse, row.why_not)
        choices: list[Choice[Callable[[], None]]] = [
            Choice("give coverage back", why_not if row.why_not else approve, possible=not row.why_not),
            Choice("refuse", refuse),
        ]
        self._screen.pick(f"{row.id}, asked {row.requested_on}:", choices, lambda way: way())

    def _ask_refusal(self, status: BillingStatus, row: ReinstatementRow) -> None:
        def confirm(reason: str) -> None:
            self._confirm(status, row, approve=False, reason=reason)

        title = f"why is {row.id} refused?"
        ask_reason(self._screen, title, self._typed.setdefault(row.id, {}), confirm)

    def _confirm(self, status: BillingStatus, row: ReinstatementRow, *, approve: bool, reason: str) -> None:
        def send() -> None:
            work = self._screen.client.billing.decide_reinstatement(
                row.id, row.version, approve=approve, reason=reason
            )
            self._screen.act(work, self._decided, otherwise=partial(self._stale, look))

        def look(now: BillingStatus) -> None:
            present = next((one for one in now.reinstatements if one.id == row.id), None)
            self._screen.say(spoken.decision_conflict(row, present))

        self._screen.confirm(spoken.decide_line(status, row, approve=approve, reason=reason), send)

    def _decided(self, row: ReinstatementRow) -> None:
        self._typed.pop(row.id, None)
        self._screen.fetch_anew()
        self._screen.say(spoken.decided(row))

    def _stale(self, look: Callable[[BillingStatus], None], error: Exception) -> bool:
        """Somebody was faster: what stands now is fetched, and both are told."""
        from api_client.errors import Stale

        if not isinstance(error, Stale):
            return False
        self._screen.look_at_conflict(look)
        return True


__all__ = ["HoldActs"]

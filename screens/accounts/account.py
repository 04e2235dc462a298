"""One account: what a caller asks first, and the ways to the rest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from api_client.types.call_words import Fact
from api_client.types.words import EventKind
from screens.accounts import overview, presentation, standing
from screens.accounts.filing import NO_FILE
from screens.calls.bar import is_verified
from screens.widgets.chrome import Rule
from screens.widgets.desk import About, Changed
from screens.widgets.detail import Detail
from screens.widgets.screen import DeskScreen
from screens.widgets.text import plain

if TYPE_CHECKING:
    from api_client.types.accounts import Account

GATHER_SECONDS = 5.0
"""Updates about new items, which may be of this group, are answered with one fetch in this time."""
_OPENS = {
    "billing": Fact.BILLING,
    "members": Fact.MEMBERS,
    "letters": Fact.LETTERS,
    "user IDs": Fact.USER_IDS,
}
"""Ways to the rest, and the right a caller has to prove for each."""


class AccountScreen(DeskScreen):
    """A group with the answer to the commonest question on top."""

    HINT = "o notes and calls so far, t a note, m act by phone; F1 has all keys"
    AUTO_FOCUS = "#facts"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]
    DEFAULT_CSS = """
    AccountScreen #head, AccountScreen #say { height: auto; }
    AccountScreen #columns { display: none; height: auto; padding-left: 1; }
    AccountScreen.-wide #columns { display: block; }
    AccountScreen #columns Static { width: 1fr; height: auto; padding: 0 1 1 0; }
    AccountScreen #columns Static:first-child { width: 26; }
    AccountScreen #columns Static:last-child { width: 44; }
    AccountScreen #facts { height: 1fr; }
    """
    BINDINGS = [
        Binding("b", "billing", "billing", id="accounts.billing"),
        Binding("e", "members", "members", id="accounts.members"),
        Binding("l", "letters", "letters", id="accounts.letters"),
        Binding("i", "user_ids", "user IDs", id="accounts.user_ids"),
        Binding("k", "answers", "answers", id="accounts.answers"),
        Binding("m", "act", "act by phone", show=False, id="accounts.act"),
        Binding("f", "last_file", "last file of its sender", show=False, id="accounts.last_file"),
    ]

    def __init__(self, number: str) -> None:
        super().__init__()
        self._number = number
        self._account: Account | None = None
        self._gone = False
        self._items: set[str] = set()
        self._gathering: Timer | None = None

    def subject(self) -> Content:
        return presentation.account_subject(self._number)

    def about(self) -> About | None:
        return About(self._number)

    def compose_body(self) -> ComposeResult:
        yield Static(id="head")
        yield Rule()
        with Horizontal(id="columns"):
            yield from (Static() for _ in range(3))
        yield Detail(id="facts")
        yield Rule()
        yield Static(id="say")

    # what is shown

    def load(self) -> None:
        self._stop_gathering()
        if self._account is None:
            self._tell(presentation.loading(self._number))
        work = self.client.accounts.show(self._number)
        self.fetch(work, self._shown, group="account", otherwise=self._not_loaded)

    def _shown(self, account: Account) -> None:
        self._gone = False
        newest = (account.user_id or "").partition(" ")[0]
        self._items |= {item.id for item in account.open_items} | ({newest} if newest else set())
        if account != self._account:
            self._account = account
            self.query_one("#head", Static).update(overview.head(account, self.desk.now().date()))
            self.query_one("#say", Static).update(overview.sayable(account))
            self._show_below()
            self.refresh_bindings()

    def _show_below(self) -> None:
        account = self._account
        if account is not None:
            columns = overview.columns(account, self.desk.now())
            for column, said in zip(self.query("#columns Static").results(Static), columns, strict=True):
                column.update(said)
            self.query_one("#facts", Detail).show(self._facts)

    def _facts(self, width: int) -> Content:
        if self._account is None:
            return plain("")
        said = overview.rest if self.has_class("-wide") else overview.everything
        return said(self._account, self.desk.now(), width)

    def _not_loaded(self, error: Exception) -> bool:
        """A group that is not there is said so; what was shown stays readable after other failures."""
        from api_client.errors import NotFound

        if isinstance(error, NotFound):
            self._gone = True
            self._account = None
            self._tell(presentation.gone(self._number))
            self.refresh_bindings()
            return True
        if self._account is None:
            self._tell(presentation.not_loaded(self._number))
        return False

    def _tell(self, words: Content) -> None:
        """Instead of the account."""
        self.query_one("#head", Static).update(words)
        self.query_one("#say", Static).update(plain(""))
        for column in self.query("#columns Static").results(Static):
            column.update(plain(""))
        self.query_one("#facts", Detail).show(lambda _: plain(""))

    def tick(self) -> None:
        """Due times are counted to the minute."""
        super().tick()
        account = self._account
        if account is not None:
            self.query_one("#head", Static).update(overview.head(account, self.desk.now().date()))
            self._show_below()

    def _forget(self) -> None:
        """Nothing of the account stays on the screen or in memory."""
        self._account = None
        self._items.clear()
        self._tell(presentation.loading(self._number))
        self.refresh_bindings()

    # live

    def on_calls(self, *, rights_changed: bool) -> None:
        """With another right, what was shown goes at once; what may be heard now is fetched anew."""
        if rights_changed:
            self._forget()
        super().on_calls(rights_changed=rights_changed)

    def on_change(self, change: Changed) -> None:
        """An item's update does not name its group: those known here count, and new ones might be ours."""
        if change.kind in (EventKind.ACCOUNT, EventKind.BILLING):
            if change.subject == self._number:
                self.load()
        elif change.kind in (EventKind.MATCH_ITEM, EventKind.USER_ID_REQUEST, EventKind.CARD):
            new = change.version == 1 or change.kind is EventKind.CARD  # one that comes back is not new
            if change.subject in self._items:
                self.load()
            elif new and self._gathering is None:
                self._gathering = self.set_timer(GATHER_SECONDS, self.load)
        elif change.kind is EventKind.RESET:
            self.load()

    def _stop_gathering(self) -> None:
        if self._gathering is not None:
            self._gathering.stop()
            self._gathering = None

    def why(self) -> Content | None:
        account = self._account
        return None if account is None else standing.why(account)

    def again(self) -> DeskScreen | None:
        return AccountScreen(self._number)

    # to the rest of the account

    def keys(self) -> Iterable[tuple[str, str, bool]]:
        """The ways to the rest of this account; first of all y while something is locked for the caller."""
        if self._locked():
            verify = [one.binding for one in self.active_bindings.values() if one.binding.id == "call.verify"]
            yield from ((self.app.get_key_display(one), "verify", True) for one in verify)
        for key, does, enabled in DeskScreen.keys(self):
            if does != "find":
                how_many = self._how_many() if does == "members" else ""
                yield key, f"{does}{how_many}", enabled and not self._why_not(does)

    def _how_many(self) -> str:
        account = self._account
        return f" {account.members_enrolled}" if account and account.members_enrolled is not None else ""

    def _locked(self) -> bool:
        return self._account is not None and bool(overview.SECTIONS.keys() & set(self._account.locked))

    def _why_not(self, does: str) -> str:
        """Why a way to the rest is closed; empty when it is open."""
        fact = _OPENS.get(does)
        if self._gone and fact is not None:
            return f"There is no group {self._number}."
        if self._account is not None and fact in self._account.locked:
            if is_verified(self.desk.calls, self._number):
                return f"This caller may not hear of it: {does}. y verifies another caller."
            return f"NOT VERIFIED for {self._number}, so this is locked: {does}. y verifies the caller."
        return ""

    def _open(self, does: str, screen: DeskScreen) -> None:
        why_not = self._why_not(does)
        if why_not:
            self.refuse(why_not)
        else:
            self.app.push_screen(screen)

    def action_billing(self) -> None:
        """Invoices, payments, letters and each step behind the dates."""
        from screens.billing.status import BillingScreen

        self._open("billing", BillingScreen(self._number))

    def action_members(self) -> None:
        """The enrolled members."""
        from screens.accounts.members import MembersScreen

        self._open("members", MembersScreen(self._number))

    def action_letters(self) -> None:
        """The letters to this group, and copies of them."""
        from screens.letters.letters import LettersScreen

        self._open("letters", LettersScreen(self._number))

    def action_user_ids(self) -> None:
        """The user-ID requests of this group."""
        from screens.user_ids.requests import UserIdsScreen

        self._open("user IDs", UserIdsScreen(self._number))

    def action_answers(self) -> None:
        """What callers ask, answered for this account."""
        from screens.answers.answers import AnswersScreen

        self._open("answers", AnswersScreen(group=self._number))

    def action_act(self) -> None:
        """Do something for the caller."""
        from screens.calls.acts import act_by_phone

        act_by_phone(self, About(self._number))

    def action_last_file(self) -> None:
        """The last electronic file of whoever files for this group."""
        from screens.enrollment.file import FileScreen

        about = self._account.about if self._account is not None else None
        last = about.filing.last_file if about is not None else None
        if last is None:
            self.refuse(NO_FILE)
        else:
            self._open("file", FileScreen(last))


__all__ = ["GATHER_SECONDS", "AccountScreen"]

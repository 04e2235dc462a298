"""The base screen with its list and prompts, driven by keys."""

from __future__ import annotations

import asyncio
import gc

import pytest
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.pilot import Pilot
from textual.widgets import Input, Static

from api_client.types.words import EventKind, Urgency
from screens.session.lock import LockScreen
from screens.session.sign_in import SignInScreen
from screens.widgets.chrome import Banner, Rule
from screens.widgets.desk import Changed
from screens.widgets.failure import Trouble
from screens.widgets.keygate import ARMED_AFTER
from screens.widgets.prompt import Choice
from screens.widgets.screen import DeskScreen
from screens.widgets.text import columns, join, lines, paragraph, plain, urgent
from screens.widgets.virtual_table import Column, Shown, TablePage, TableRow, VirtualTable
from tests.screens.desk import FakeDoor, Seconds, desk, shown, until
from tests.screens.rep import HOSTILE


class Records:
    """A list of records as a backend would page it."""

    def __init__(self, total: int, name: str = "name") -> None:
        self.rows = [
            TableRow(f"M-{number:05d}", (plain(f"M-{number:05d}"), plain(name))) for number in range(total)
        ]
        self.failure: Exception | None = None
        self.gate = asyncio.Event()
        self.gate.set()
        self.beyond = asyncio.Event()
        """Unset, the pages next to the one shown are on the way."""
        self.beyond.set()
        self.asked: list[tuple[str | None, str | None]] = []

    async def page(self, cursor: str | None, around: str | None) -> TablePage:
        self.asked.append((cursor, around))
        await self.gate.wait()
        if cursor is not None:
            await self.beyond.wait()
        if self.failure is not None:
            raise self.failure
        at = int(cursor or 0)
        if around is not None:
            keys = [row.key for row in self.rows]
            at = keys.index(around) // 100 * 100 if around in keys else 0
        return TablePage(
            self.rows[at : at + 100],
            next=str(at + 100) if at + 100 < len(self.rows) else None,
            previous=str(at - 100) if at >= 100 else None,
        )


class ListScreen(DeskScreen):
    HINT = "the hint"
    DECIDES = frozenset("x")
    BINDINGS = [
        Binding("a", "approve", "approve", id="test.approve"),
        Binding("s", "skip", "skip", id="test.skip"),
        Binding("t", "note", "note", id="test.note"),
        Binding("d", "deny", "deny", id="test.deny"),
        Binding("x", "decide", "decide", id="test.decide"),
        Binding("w", "work", "work", id="test.work"),
    ]

    def __init__(self, records: Records) -> None:
        super().__init__()
        self.records = records
        self.done: list[object] = []
        self.chosen: list[str] = []
        self.held = asyncio.Event()

    def subject(self) -> Content:
        return plain("LIST")

    def compose_body(self) -> ComposeResult:
        yield VirtualTable(
            (Column("item", 8), Column("name", 0)),
            self.records.page,
            nothing="No item waits; F7 looks again.",
            explain=self.explain,
        )
        yield Rule()
        yield Static(id="detail")

    def on_virtual_table_chosen(self, event: VirtualTable.Chosen) -> None:
        self.chosen.append(event.key)

    def on_change(self, change: Changed) -> None:
        self.query_one(VirtualTable).look_again()

    def why(self) -> Content | None:
        return plain("because of the rule")

    def again(self) -> DeskScreen | None:
        return ListScreen(self.records)

    def action_approve(self) -> None:
        self.confirm(plain("approve M-00001"), lambda: self.done.append("approved"))

    def action_skip(self) -> None:
        self.pick("reason", [Choice("unsure", "u"), Choice("knows person", "k")], self.done.append)

    def action_note(self) -> None:
        self.write("note", self.done.append, limit=20)

    def action_deny(self) -> None:
        self.refuse("The signer is not on record.")

    def action_decide(self) -> None:
        self.done.append("decided")

    def action_work(self) -> None:
        async def work() -> str:
            await self.held.wait()
            return "worked"

        self.act(work(), self.done.append)


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


async def open_list(pilot: Pilot[None]) -> ListScreen:
    await until(pilot, lambda: isinstance(pilot.app.screen, ListScreen))
    screen = pilot.app.screen
    assert isinstance(screen, ListScreen)
    screen.query_one(VirtualTable).focus()
    await pilot.pause()
    return screen


async def test_the_chrome_says_who_what_whether_and_when() -> None:
    async with desk({"matching": lambda: ListScreen(Records(3))}) as (app, pilot):
        await open_list(pilot)
        await until(pilot, lambda: "M-00002" in shown(app))
        head, words, *_, keys = shown(app).split("\n")
        assert head == "KPREP  M.Lopez  LIST                                ONLINE  Fri 2026-11-20 09:41"
        assert words == "the hint"
        assert keys == "Enter open  a approve  s skip  t note  d deny  x decide"


async def test_a_confirmation_needs_a_look_and_then_one_enter(seconds: Seconds) -> None:
    async with desk({"matching": lambda: ListScreen(Records(3))}, seconds=seconds) as (app, pilot):
        screen = await open_list(pilot)
        await pilot.press("a", "enter", "enter", "a", "enter")
        assert screen.done == []
        assert "too fast" in shown(app)
        seconds.pass_by(ARMED_AFTER)
        await until(pilot, lambda: "approve M-00001   Enter confirms   Esc cancels" in shown(app))
        await pilot.press("a")
        assert screen.done == []
        await pilot.press("enter")
        assert screen.done == ["approved"]
        assert not screen.prompt.is_open
        assert isinstance(screen.focused, VirtualTable)


async def test_escape_leaves_a_confirmation_and_nothing_is_done(seconds: Seconds) -> None:
    async with desk({"matching": lambda: ListScreen(Records(3))}, seconds=seconds) as (_, pilot):
        screen = await open_list(pilot)
        await pilot.press("a", "escape")
        seconds.pass_by(1)
        await pilot.press("enter")
        assert (screen.done, screen.chosen) == ([], ["M-00000"])


async def test_only_a_digit_that_is_offered_picks() -> None:
    async with desk({"matching": lambda: ListScreen(Records(3))}) as (app, pilot):
        screen = await open_list(pilot)
        await pilot.press("s")
        assert "reason  1 unsure  2 knows person  Esc cancels" in shown(app)
        await pilot.press("a", "3", "enter")
        assert screen.done == []
        await pilot.press("2")
        assert screen.done == ["k"]


async def test_no_choice_is_broken_at_the_end_of_a_row() -> None:
    labels = ["not eligible", "wrong group", "not complete", "sent twice", "withdrawn by the employer"]
    async with desk({"matching": lambda: ListScreen(Records(3))}) as (app, pilot):
        screen = await open_list(pilot)
        screen.pick("return it: why?", [Choice(label, label) for label in labels], screen.done.append)
        await pilot.pause()
        rows = shown(app).split("\n")
        for number, label in enumerate(labels, start=1):
            assert any(f"{number} {label}" in row for row in rows)
        assert max(map(len, rows)) <= 80


async def test_the_palette_offers_each_command_once() -> None:
    async with desk({"matching": lambda: ListScreen(Records(3))}) as (app, pilot):
        await open_list(pilot)
        await pilot.press("f8")
        await until(pilot, lambda: "why and help" in shown(app))
        assert shown(app).count("why and help") == 1


async def test_written_text_is_text_and_never_a_command() -> None:
    async with desk({"matching": lambda: ListScreen(Records(3))}) as (_, pilot):
        screen = await open_list(pilot)
        await pilot.press("t", *"as1x?", "enter")
        assert screen.done == ["as1x?"]


async def test_text_is_cut_at_its_limit_and_an_empty_one_is_not_sent() -> None:
    async with desk({"matching": lambda: ListScreen(Records(3))}) as (_, pilot):
        screen = await open_list(pilot)
        await pilot.press("t", "enter", *("y" * 30), "f12")
        assert screen.done == ["y" * 20]


async def test_a_refused_action_says_why_and_swallows_what_follows() -> None:
    async with desk({"matching": lambda: ListScreen(Records(3))}) as (app, pilot):
        screen = await open_list(pilot)
        await pilot.press("d", "1", "enter")
        assert "The signer is not on record." in shown(app)
        assert (screen.done, screen.chosen) == ([], [])


async def test_a_deciding_key_waits_for_the_paint(seconds: Seconds) -> None:
    async with desk({"matching": lambda: ListScreen(Records(3))}, seconds=seconds) as (_, pilot):
        screen = await open_list(pilot)
        screen.painted()
        await pilot.press("x", "enter")
        assert (screen.done, screen.chosen) == ([], [])
        seconds.pass_by(1)
        await pilot.press("x")
        assert screen.done == ["decided"]


async def test_one_act_at_a_time() -> None:
    async with desk({"matching": lambda: ListScreen(Records(3))}) as (app, pilot):
        screen = await open_list(pilot)
        await pilot.press("w", "w", "w")
        assert "still being saved" in shown(app)
        screen.held.set()
        await until(pilot, lambda: screen.done == ["worked"])


async def test_of_two_fetches_at_once_the_newer_is_shown_and_the_other_is_closed(
    recwarn: pytest.WarningsRecorder,
) -> None:
    async def answer(word: str) -> str:
        return word

    async with desk({"matching": lambda: ListScreen(Records(3))}) as (_, pilot):
        screen = await open_list(pilot)
        table = screen.query_one(VirtualTable)
        for word in ("first", "second"):
            screen.fetch(answer(word), screen.done.append, group="answer")
            table.reload()
        await until(pilot, lambda: screen.done == ["second"] and table.shown is Shown.ROWS)
    gc.collect()
    assert [str(one.message) for one in recwarn if one.category is RuntimeWarning] == []


async def test_typing_ahead_is_kept_for_the_record_that_comes(seconds: Seconds) -> None:
    async with desk({"matching": lambda: ListScreen(Records(300))}, seconds=seconds) as (_, pilot):
        screen = await open_list(pilot)
        screen.fetch(screen.held.wait(), screen.done.append, group="record", hold_keys=True)
        await pilot.press("s", "2")
        assert screen.done == []
        screen.held.set()
        await until(pilot, lambda: screen.done == [True, "k"])


async def test_a_failure_stands_on_the_banner_until_it_is_over() -> None:
    async with desk({"matching": lambda: ListScreen(Records(3))}) as (app, pilot):
        screen = await open_list(pilot)

        async def fail() -> str:
            raise Trouble("The line is cut [/b].")

        async def work() -> str:
            return "fine"

        screen.fetch(fail(), screen.done.append, group="record")
        await until(pilot, lambda: "[!] The line is cut [/b].  F7 tries again" in shown(app))
        screen.fetch(work(), screen.done.append, group="record")
        await until(pilot, lambda: screen.done == ["fine"])
        assert not screen.query_one(Banner).has_class("-up")


async def test_a_defect_is_told_by_its_reference_alone() -> None:
    async with desk({"matching": lambda: ListScreen(Records(3))}) as (app, pilot):
        screen = await open_list(pilot)

        async def fail() -> str:
            raise ValueError("canary 123-45-6789")

        screen.fetch(fail(), screen.done.append, group="record")
        await until(pilot, lambda: "reference K-" in shown(app))
        assert "canary" not in shown(app)


async def test_the_list_pages_while_the_cursor_walks() -> None:
    records = Records(1000)
    async with desk({"matching": lambda: ListScreen(records)}) as (app, pilot):
        screen = await open_list(pilot)
        table = screen.query_one(VirtualTable)
        await until(pilot, lambda: bool(table.rows))
        for _ in range(70):
            await pilot.press("pagedown")
            await until(pilot, lambda: "..." not in shown(app))
        assert table.cursor_key == "M-00999"
        assert ">M-00999" in shown(app)


async def test_the_cursor_follows_its_record_through_a_refresh() -> None:
    records = Records(50)
    async with desk({"matching": lambda: ListScreen(records)}) as (app, pilot):
        screen = await open_list(pilot)
        table = screen.query_one(VirtualTable)
        await until(pilot, lambda: bool(table.rows))
        await pilot.press(*["down"] * 10)
        records.rows.insert(0, TableRow("M-99999", (plain("M-99999"), plain("new"))))
        screen.on_change(Changed(EventKind.MATCH_ITEM, "M-99999", 1))
        await until(pilot, lambda: "1 new: F7" in shown(app))
        assert (table.cursor_key, "M-99999" in shown(app)) == ("M-00010", False)
        table.reload()
        await until(pilot, lambda: table.rows[0].key == "M-99999")
        assert table.cursor_key == "M-00010"
        assert ">M-00010" in shown(app)


async def test_a_key_at_the_edge_of_the_rows_waits_for_those_on_the_way() -> None:
    records = Records(300)
    records.beyond.clear()
    async with desk({"matching": lambda: ListScreen(records)}) as (_, pilot):
        screen = await open_list(pilot)
        table = screen.query_one(VirtualTable)
        table.reload("M-00100")
        await until(pilot, lambda: table.cursor_key == "M-00100")
        await pilot.press("pageup")
        assert table.cursor_key == "M-00100"
        records.beyond.set()
        await until(pilot, lambda: (table.cursor_key or "") < "M-00100")


async def test_who_moves_while_the_list_comes_anew_stays_where_they_went() -> None:
    records = Records(50)
    async with desk({"matching": lambda: ListScreen(records)}) as (_, pilot):
        screen = await open_list(pilot)
        table = screen.query_one(VirtualTable)
        await until(pilot, lambda: bool(table.rows))
        records.rows.append(TableRow("M-99999", (plain("M-99999"), plain("new"))))
        records.gate.clear()
        table.reload("M-00040")
        await pilot.press("down")
        records.gate.set()
        await until(pilot, lambda: table.rows[-1].key == "M-99999")
        assert table.cursor_key == "M-00001"


async def test_four_kinds_of_empty() -> None:
    records = Records(0)
    records.gate.clear()
    async with desk({"matching": lambda: ListScreen(records)}) as (app, pilot):
        screen = await open_list(pilot)
        table = screen.query_one(VirtualTable)
        assert "loading ..." in shown(app)
        records.gate.set()
        await until(pilot, lambda: "No item waits; F7 looks again." in shown(app))
        table.restart(filtered=True)
        await until(pilot, lambda: "Nothing matches the filter; Esc shows all." in shown(app))
        records.failure = Trouble("Nobody answers.")
        table.restart(filtered=False)
        await until(pilot, lambda: "could not load: Nobody answers.  F7 tries again" in shown(app))


async def test_help_says_why_first_and_then_the_keys() -> None:
    async with desk({"matching": lambda: ListScreen(Records(3))}) as (app, pilot):
        await open_list(pilot)
        for key in ("question_mark", "f1"):
            await pilot.press(key)
            text = shown(app)
            assert text.index("because of the rule") < text.index("approve")
            await pilot.press("escape")
            assert isinstance(app.screen, ListScreen)


async def test_a_list_that_opens_nothing_offers_no_enter() -> None:
    class Shown(ListScreen):
        def compose_body(self) -> ComposeResult:
            yield VirtualTable(
                (Column("id", 8), Column("name", 0)), Records(3).page, nothing="none", opens=False
            )

    async with desk({"matching": lambda: Shown(Records(3))}) as (app, pilot):
        await open_list(pilot)
        await until(pilot, lambda: "M-00002" in shown(app))
        assert "Enter" not in shown(app)
        await pilot.press("f1")
        assert "KEYS" in shown(app)
        assert "Enter " not in shown(app)


async def test_a_small_window_says_so_and_waits() -> None:
    async with desk({"matching": lambda: ListScreen(Records(3))}, size=(79, 24)) as (app, pilot):
        screen = await open_list(pilot)
        assert shown(app).strip() == "kprep needs 80 columns and 24 rows; please enlarge the window."
        await pilot.press("s", "1")
        assert screen.done == []
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: "M-00002" in shown(app))


async def test_a_window_made_small_for_a_moment_keeps_the_focus_and_what_is_typed() -> None:
    async with desk({"matching": lambda: ListScreen(Records(3))}) as (app, pilot):
        screen = await open_list(pilot)
        await until(pilot, lambda: "M-00002" in shown(app))
        for size in ((79, 24), (70, 20), (80, 24)):
            await pilot.resize_terminal(*size)
        await until(pilot, lambda: screen.focused is screen.query_one(VirtualTable))
        await pilot.press("down")
        assert screen.query_one(VirtualTable).cursor_key == "M-00001"
        screen.write("a note:", lambda _: None, limit=80)
        await pilot.press(*"half")
        for size in ((80, 20), (80, 24)):
            await pilot.resize_terminal(*size)
        await until(pilot, lambda: screen.focused is screen.prompt.query_one(Input))
        await pilot.press(*"way")
        assert screen.prompt.query_one(Input).value == "halfway"


async def test_hostile_text_is_shown_and_does_nothing() -> None:
    records = Records(0)
    records.rows = [TableRow(f"M-{at:05d}", (plain("x"), plain(text))) for at, text in enumerate(HOSTILE)]
    async with desk({"matching": lambda: ListScreen(records)}, size=(120, 40)) as (app, pilot):
        screen = await open_list(pilot)
        await until(pilot, lambda: "Smith [/b]" in shown(app))
        for text in HOSTILE:
            screen.query_one("#detail", Static).update(
                lines(join(text, (text, "bold")), paragraph(text), columns((plain(text), 5), (plain("x"), 2)))
            )
            screen.say(text)
            screen.confirm(plain(text), screen.done.clear)
            await pilot.pause()
            assert not set("\x00\x07\x08\x1b\x9b\u202e\u200b") & set(shown(app)), repr(text)
            await pilot.press("escape")
            screen.pick(text, [Choice(text, text)], screen.done.append)
            screen.write(text, screen.done.append, limit=80, value="")
            await pilot.click("#detail")
            await pilot.pause()
            screen.prompt.close()
        assert app.is_running
        assert app.screen is screen


async def test_the_row_under_the_cursor_has_one_colour_that_can_be_read() -> None:
    records = Records(0)
    late = urgent(Urgency.LATE, "20 m late")
    records.rows = [TableRow(f"M-{at:05d}", (plain("x"), late)) for at in range(2)]
    async with desk({"matching": lambda: ListScreen(records)}) as (app, pilot):
        screen = await open_list(pilot)
        await until(pilot, lambda: "20 m late" in shown(app))
        table = screen.query_one(VirtualTable)
        colours = [
            {segment.style.color for segment in table.render_line(line) if segment.style} for line in (1, 2)
        ]
        assert [len(one) for one in colours] == [1, 2]


def test_an_urgency_is_a_shape_before_it_is_a_colour() -> None:
    marks = [urgent(urgency, "11 m").plain for urgency in Urgency]
    assert marks == ["[X] 11 m", "[!] 11 m", "[~] 11 m", "[ ] 11 m", "[=] 11 m"]


@pytest.mark.parametrize("text", HOSTILE)
def test_columns_keep_their_width_whatever_stands_in_them(text: str) -> None:
    assert columns((plain(text), 7), (plain("x"), 3)).cell_length == 11


async def test_the_lock_takes_everything_off_the_screen_and_brings_it_back(seconds: Seconds) -> None:
    door = FakeDoor()
    records = Records(3, "PERSONAL")
    async with desk({"matching": lambda: ListScreen(records)}, door=door, seconds=seconds) as (app, pilot):
        first = await open_list(pilot)
        app.push_screen(ListScreen(records))
        await until(pilot, lambda: len(app.screen_stack) == 2 and "PERSONAL" in shown(app))
        await pilot.press("ctrl+l")
        await until(pilot, lambda: isinstance(app.screen, LockScreen) and not first.is_attached)
        assert "PERSONAL" not in shown(app)
        assert "Lopez" not in shown(app)
        assert "lock" in door.calls
        await pilot.press("f2", "slash", *"secret", "enter")
        await until(pilot, lambda: "unlock /secret" in door.calls)
        await until(pilot, lambda: len(app.screen_stack) == 2 and "PERSONAL" in shown(app))


async def test_ten_minutes_without_a_key_lock_the_desk(seconds: Seconds) -> None:
    async with desk({"matching": lambda: ListScreen(Records(3))}, seconds=seconds) as (app, pilot):
        await open_list(pilot)
        seconds.pass_by(599)
        app.watch_idle()
        assert isinstance(app.screen, ListScreen)
        await pilot.press("down")
        seconds.pass_by(599)
        app.watch_idle()
        assert isinstance(app.screen, ListScreen)
        seconds.pass_by(1)
        app.watch_idle()
        await until(pilot, lambda: isinstance(app.screen, LockScreen))


async def test_another_rep_can_take_over_a_locked_desk() -> None:
    door = FakeDoor()
    async with desk({"matching": lambda: ListScreen(Records(3))}, door=door) as (app, pilot):
        await open_list(pilot)
        await pilot.press("ctrl+l")
        await until(pilot, lambda: isinstance(app.screen, LockScreen))
        door.opening = type(door.opening)()
        await pilot.press("ctrl+n")
        await until(pilot, lambda: isinstance(app.screen, SignInScreen))
        assert "sign_out" in door.calls
        await until(pilot, lambda: isinstance(app.focused, Input))


async def test_the_program_ends_in_order_from_an_area_visited_before_another() -> None:
    areas = {name: lambda: ListScreen(Records(3)) for name in ("matching", "user_ids")}
    async with desk(areas) as (app, pilot):
        await open_list(pilot)
        await pilot.press("f5")
        await open_list(pilot)
        await pilot.press("f2", "ctrl+q")
        await until(pilot, lambda: app._exit)
    assert app._exception is None


async def test_an_area_left_meanwhile_is_fetched_anew_when_it_comes_into_view() -> None:
    records = Records(3)
    areas = {"matching": lambda: ListScreen(records), "user_ids": lambda: ListScreen(Records(0))}
    async with desk(areas) as (app, pilot):
        await open_list(pilot)
        await until(pilot, lambda: "M-00002" in shown(app))
        await pilot.press("f5")
        await until(pilot, lambda: "No item waits" in shown(app))
        asked = len(records.asked)
        await pilot.press("f2")
        await until(pilot, lambda: len(records.asked) == asked + 1)

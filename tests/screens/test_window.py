"""The promises of a long list, for any list, any paging and any order of events."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from screens.widgets.text import plain
from screens.widgets.window import ROWS_KEPT, RowWindow, TablePage, TableRow

PAGE = 100
HEIGHT = 17


def row(number: int, words: str = "") -> TableRow:
    return TableRow(f"M-{number:05d}", (plain(words or str(number)),))


def page(start: int, total: int, words: str = "") -> TablePage:
    """The page of a list of `total` records that begins at `start`."""
    stop = min(start + PAGE, total)
    return TablePage(
        [row(number, words) for number in range(start, stop)],
        next=str(stop) if stop < total else None,
        previous=str(max(0, start - PAGE)) if start > 0 else None,
    )


def opened(total: int, start: int = 0) -> RowWindow:
    window = RowWindow(HEIGHT)
    window.start(page(start, total))
    return window


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("move"), st.integers(-300, 300)),
        st.tuples(st.just("resize"), st.integers(1, 60)),
        st.tuples(st.just("below"), st.just(0)),
        st.tuples(st.just("above"), st.just(0)),
    ),
    max_size=60,
)


@given(total=st.integers(1, 5000), start=st.integers(0, 4000), steps=STEPS)
def test_the_cursor_stays_on_its_record_and_in_view(
    total: int, start: int, steps: list[tuple[str, int]]
) -> None:
    start = min(start, total - 1) // PAGE * PAGE
    window = opened(total, start)
    for what, number in steps:
        before = window.current
        if what == "move":
            window.move(number)
        elif what == "resize":
            window.resize(number)
        elif what == "below" and window.wants_below is not None:
            window.append(page(int(window.wants_below), total))
        elif what == "above" and window.wants_above is not None:
            window.prepend(page(int(window.wants_above), total))
        assert what == "move" or window.current == before
        assert window.top <= window.cursor < window.top + window.height
        assert len(window.rows) <= ROWS_KEPT + PAGE
        numbers = [int(one.key[2:]) for one in window.rows]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        assert window.index_of(window.rows[window.cursor].key) == window.cursor


def test_a_whole_list_can_be_walked_down_and_up_again() -> None:
    total = 3000
    window = opened(total)
    while window.cursor < len(window.rows) - 1 or window.after is not None:
        window.move(HEIGHT)
        if window.wants_below is not None:
            window.append(page(int(window.wants_below), total))
    assert window.current == row(total - 1)
    assert len(window.rows) <= ROWS_KEPT + PAGE
    while window.cursor > 0 or window.before is not None:
        window.move(-HEIGHT)
        if window.wants_above is not None:
            window.prepend(page(int(window.wants_above), total))
    assert window.current == row(0)


def test_coming_back_to_a_record_keeps_its_line_on_the_screen() -> None:
    window = opened(1000)
    window.move(50)
    line = window.cursor - window.top
    window.start(page(0, 1000), "M-00050")
    assert (window.current, window.cursor - window.top) == (row(50), line)


def test_coming_back_to_a_record_that_is_gone_lands_on_its_neighbour() -> None:
    window = opened(100)
    window.move(99)
    window.start(TablePage([row(number) for number in range(50)]), "M-00099")
    assert window.current == row(49)


def test_a_patch_changes_rows_in_place_and_counts_what_is_new() -> None:
    window = opened(100)
    window.move(3)
    rows = [row(200), row(2, "other"), row(0), row(1), *(row(number) for number in range(4, 100))]
    changed, news = window.patch(TablePage(rows))
    assert [one.key for one in window.rows] == [f"M-{number:05d}" for number in range(100)]
    assert (changed, news) == ([2, 3], 1)
    assert window.rows[3].gone
    assert not window.rows[2].gone
    assert window.current is not None
    assert window.current.key == "M-00003"


@given(total=st.integers(1, 400), start=st.integers(0, 3), by=st.integers(0, 400))
def test_a_look_again_reaches_every_row_in_view(total: int, start: int, by: int) -> None:
    """Also those above the cursor, which may stand on the last row in view."""
    window = opened(total, min(start * PAGE, (total - 1) // PAGE * PAGE))
    while window.wants_below is not None:
        window.append(page(int(window.wants_below), total))
    window.move(by)
    first = window.index_of(window.look_from) if window.look_from else 0
    assert first is not None
    newer = page(int(window.rows[first].key.removeprefix("M-")), total, "new")
    window.patch(newer)
    in_view = window.rows[window.top : window.top + HEIGHT]
    assert all(row.cells[0].plain == "new" for row in in_view)


def test_a_patch_of_a_stretch_says_nothing_about_the_rest() -> None:
    window = opened(100)
    changed, _ = window.patch(TablePage([row(number) for number in range(10, 20)], next="x", previous="y"))
    assert changed == []
    assert not any(one.gone for one in window.rows)


def test_a_changed_colour_is_a_change() -> None:
    window = opened(2)
    changed, _ = window.patch(TablePage([row(0), TableRow("M-00001", (plain("1", "bold"),))]))
    assert changed == [1]


def test_a_record_seen_twice_is_shown_once() -> None:
    window = opened(150)
    window.append(TablePage([row(99), row(100)]))
    assert [one.key for one in window.rows[-2:]] == ["M-00099", "M-00100"]

"""Notes of actions: behind their controls where they fit, else on a line below the row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.models.json import JSON
from tests.render.examples import CONTEXT, body, widget
from tests.render.widgets.gallery import SPACER, node, said
from tests.render.widgets.layouts import LAYOUTS, action, button


def shown(tree: JSON, width: int) -> list[str]:
    """The lines of a widget without those of its payloads."""
    return [line for line in body(widget(tree), width) if not line.startswith("…")]


def bare(tree: JSON) -> JSON:
    """The same components without actions."""
    if isinstance(tree, list):
        return [bare(entry) for entry in tree]
    if not isinstance(tree, dict):
        return tree
    return {key: bare(value) for key, value in tree.items() if not key.endswith("Action")}


def test_notes_that_differ_are_behind_their_controls_where_they_fit_on_the_line() -> None:
    row = node("Row", button("Mute", "mute"), button("Leave", "leave"))
    assert shown(row, 40) == ["[ Mute ]  → mute  [ Leave ]  → leave"]
    assert shown(row, 35) == ["[ Mute ]  [ Leave ]", "→ mute  leave"]


def test_an_action_that_all_controls_share_is_told_once() -> None:
    row = node("Row", *[button(word, "vote") for word in ("Yes", "No", "Later")])
    assert shown(row, 40) == ["[ Yes ]  [ No ]  [ Later ]  → vote"]
    assert shown(row, 32) == ["[ Yes ]  [ No ]  [ Later ]", "→ vote"]


def test_a_note_has_the_short_payload_where_controls_share_the_action() -> None:
    row = node("Row", *[button(word, "vote", for_it=word == "Yes") for word in ("Yes", "No")])
    assert shown(row, 80) == [
        "[ Yes ]  → vote {for_it: true}  [ No ]  → vote {for_it: false}",
    ]
    assert shown(row, 60) == ["[ Yes ]  [ No ]  → vote {for_it: true} {for_it: false}"]
    assert shown(row, 40) == ["[ Yes ]  [ No ]  → vote"]


@pytest.mark.parametrize("payload", [{"words": "w" * 40}, {"inner": {"a": 1}}, {}])
def test_a_note_has_no_long_nested_or_empty_payload(payload: JSON) -> None:
    given = {"type": "send", "payload": payload}
    row = node("Col", node("Button", label="A", onClickAction=given), button("B", "send", x=1))
    assert shown(row, 80) == ["[ A ]  → send", "[ B ]  → send {x: 1}"]


def test_a_note_of_an_action_with_one_payload_has_none() -> None:
    assert shown(node("Col", *[button("A", "send", x=1)] * 2), 80) == ["[ A ]  → send"] * 2


def test_a_control_that_is_alone_on_a_line_of_a_broken_row_has_its_note_behind_it() -> None:
    row = node("Row", button("Show the map", "map"), button("Call the shop", "call"))
    assert shown(row, 26) == ["[ Show the map ]  → map", "[ Call the shop ]  → call"]


def test_columns_of_a_row_have_notes_of_their_own_where_they_fit() -> None:
    column = node("Col", said("A row of words as wide as needed"), button("Go", "go"))
    row = node("Row", column, node("Col", said("x"), button("On", "on")))
    assert shown(row, 44) == [
        "A row of words as wide as needed  x",
        "[ Go ]                            [ On ]",
        "→ go  on",
    ]
    assert shown(row, 60)[1] == "[ Go ]  → go                      [ On ]  → on"


def test_many_notes_are_a_paragraph_with_a_hanging_indent() -> None:
    row = node("Row", *[button(f"B{n}", f"action.{n}") for n in range(5)])
    assert shown(row, 34)[-2:] == ["→ action.0  action.1  action.2", "  action.3  action.4"]


def test_a_note_below_is_indented_like_the_text_after_an_icon() -> None:
    row = node("Row", node("Icon", name="check"), said("All done"), onClickAction=action("a.b.c.d"))
    assert shown(row, 16) == ["✓  All done", "   → a.b.c.d"]


def test_the_note_of_a_frame_is_inside_it() -> None:
    card = node("Box", said("Words of the box"), border=1, onClickAction=action("box.open.it"))
    assert shown(card, 24)[-3:] == [
        "│ Words of the box     │",
        "│ → box.open.it        │",
        "╰──────────────────────╯",
    ]


def test_rows_of_a_list_that_share_their_actions_are_told_about_once_if_one_is_too_long() -> None:
    rows = [
        node("ListViewItem", said(word), onClickAction=action("open", id=word))
        for word in ("one", "a row of many words")
    ]
    view = node("ListView", *rows)
    assert shown(view, 60)[1:3] == [
        "▸ one  → open {id: one}",
        "▸ a row of many words  → open {id: a row of many words}",
    ]
    assert shown(view, 40)[1:3] == ["▸ one  → open", "▸ a row of many words  → open"]
    assert shown(view, 24)[1:4] == ["▸ one", "▸ a row of many words", "  each row  → open"]


def test_notes_of_a_table_are_below_it() -> None:
    cells = [node("Table.Cell", said("A1")), node("Table.Cell", button("Book", "berth.book"))]
    table = node("Table", node("Table.Row", *cells, onClickAction=action("berth.show")))
    assert shown(table, 40) == ["A1 │ [ Book ]", "→ berth.show  berth.book"]


@pytest.mark.parametrize("columns", [40, 80, 140])
@pytest.mark.parametrize("name", ["notes_in_rows", "notes_of_a_list", "labels_that_stay_whole"])
def test_notes_do_not_change_where_a_row_breaks(name: str, columns: int) -> None:
    drawn = shown(LAYOUTS[name], columns)
    at = [line for line in drawn if "[" in line and "→" not in line]
    without = shown(bare(LAYOUTS[name]), columns)
    assert at
    assert [line for line in at if line not in without] == []


controls = st.lists(
    st.builds(
        lambda label, act: button(label, act, n=len(label)),
        st.text("abc de", min_size=1, max_size=9).map(str.strip).filter(bool),
        st.sampled_from(["go", "stop.now", "act.a.long.name"]),
    ),
    min_size=1,
    max_size=4,
)


@given(controls, st.integers(min_value=30, max_value=90), st.booleans())
def test_every_action_is_told(parts: list[JSON], width: int, plain: bool) -> None:
    tree = node("Row", said("Some words"), SPACER, *parts)
    lines = body(widget(tree), width, CONTEXT._replace(plain=plain))
    text = " ".join(lines)
    for part in parts:
        assert isinstance(part, dict)
        assert f"[ {part['label']} ]" in text
        assert isinstance(told := part["onClickAction"], dict)
        assert str(told["type"]) in text


def test_a_payload_that_fits_neither_its_line_nor_text_is_broken_into_lines() -> None:
    def below(words: str) -> list[str]:
        given = {"type": "seat.pick", "payload": {"seat": "14A", "note": words}}
        tree = node("Button", label="Window", onClickAction=given)
        return body(widget(tree), 100, open=True)[2:]

    assert below("w" * 20) == [f'  Window → seat.pick  {{"seat": "14A", "note": "{"w" * 20}"}}']
    assert below("w" * 60) == [
        "  Window → seat.pick",
        f'    {{"seat": "14A", "note": "{"w" * 60}"}}',
    ]
    assert len(below("w" * 80)) == 5

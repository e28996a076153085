"""The registry of components, and what each of them draws."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from chatkit_tui.document.spans import Style
from chatkit_tui.models.items import Item
from chatkit_tui.models.json import JSON
from chatkit_tui.models.widgets import COMPONENTS, MAX_NODES
from chatkit_tui.render.items import copied_text, item_words
from chatkit_tui.render.widgets import FAMILIES
from chatkit_tui.render.widgets.registry import REGISTRY, UNKNOWN, component
from tests.render.examples import CONTEXT, body, drawn, widget


def lines(*components: JSON) -> list[str]:
    """Return the lines of a widget of these components."""
    return body(widget({"type": "Basic", "children": list(components)}))


def text(value: str) -> JSON:
    """Return a text component."""
    return {"type": "Text", "value": value}


ACT = {"type": "go"}


def test_every_component_is_registered() -> None:
    assert set(REGISTRY) == {*COMPONENTS, UNKNOWN}


def test_every_component_is_in_the_module_of_a_family() -> None:
    files = {family.__name__ for family in FAMILIES}
    assert {entry.function.__module__ for entry in REGISTRY.values()} == files


def test_a_component_is_registered_once() -> None:
    with pytest.raises(ValueError, match="Card is registered twice"):
        component("Card")(REGISTRY["Card"].function)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"type": "Text", "value": "a\nb"}, ["a", "b"]),
        ({"type": "Text", "value": 7}, ["7"]),
        ({"type": "Text", "value": {"light": "a"}}, ['{"light":"a"}']),
        ({"type": "Title", "value": "T"}, ["T"]),
        ({"type": "Caption", "value": "C"}, ["C"]),
        ({"type": "Label", "value": "Name", "fieldName": "user.name"}, ["Name  (user.name)"]),
        ({"type": "Markdown", "value": "- a\n- b"}, ["• a", "• b"]),
        ({"type": "Badge", "label": "new"}, ["[new]"]),
        ({"type": "Icon", "name": "check"}, ["✓"]),
        ({"type": "Icon", "name": "map-pin"}, ["◉"]),
        ({"type": "Icon", "name": "acme"}, ["(acme)"]),
        ({"type": "Image", "alt": "A cat", "src": "https://a.example/c.png"},
         ["▣ A cat", "1 image   c.png   https://a.example/c.png"]),
        ({"type": "Image", "alt": "A cat", "src": "data:image/png;base64,AAAA"},
         ["▣ A cat", "1 image   image/png, 3 bytes"]),
        ({"type": "Button", "label": "Go", "onClickAction": ACT}, ["[ Go ]  → go"]),
        ({"type": "Button", "iconStart": "plus"}, ["[ plus ]"]),
        ({"type": "Button", "label": "Go", "disabled": True, "submit": True},
         ["[ Go ]  (disabled, submits)"]),
        ({"type": "Button", "label": "Go", "onClickAction": {**ACT, "handler": "client"}},
         ["[ Go ]  → go (client)"]),
        ({"type": "Input", "name": "n", "defaultValue": "v"}, ["[ v ]  n"]),
        ({"type": "Input", "name": "n", "placeholder": "p"}, ["[ p ]  n"]),
        ({"type": "Input", "name": "n", "defaultValue": "hunter2", "inputType": "password"},
         ["[ •••••••• ]  n"]),
        ({"type": "Textarea", "name": "n", "defaultValue": "a\nb"}, ["n", "│ a", "│ b"]),
        ({"type": "Text", "value": "v", "editable": {"name": "n", "required": True}},
         ["[ v ] *  n"]),
        ({"type": "DatePicker", "name": "d", "defaultValue": "2026-01-02", "min": "2026-01-01"},
         ["[ 2026-01-02 ]  (from 2026-01-01)  d"]),
        ({"type": "Checkbox", "name": "n", "label": "L", "defaultChecked": "true"}, ["☑ L"]),
        ({"type": "Checkbox", "name": "n"}, ["☐"]),
        ({"type": "Select", "name": "s", "defaultValue": "b", "options": [
            {"value": "a", "label": "A"}, {"value": "b", "label": "B"}]},
         ["[ B ▾ ]  s", "… 2 options"]),
        ({"type": "Select", "defaultValue": "z", "options": ["a"]},
         ["[ z ▾ ]", "… 1 option"]),
        ({"type": "RadioGroup", "name": "r", "options": [
            {"value": "a", "label": "A", "description": "first"}, {"value": "b"}]},
         ["○ A  (first)", "○ b", "r"]),
        ({"type": "Spacer"}, ["(a widget without words)"]),
        ({"type": "Transition", "children": {"type": "Text", "value": "in"}}, ["in"]),
        ({"type": "Form", "onSubmitAction": ACT, "children": [{"type": "Input", "name": "n"}]},
         ["[ empty ]  n", "on submit  → go"]),
        ({"type": "ListViewItem", "children": ["a"]}, ["• a"]),
        ({"type": "ListViewItem", "children": ["a"], "onClickAction": ACT}, ["▸ a  → go"]),
        ({"type": "Table.Cell", "children": ["a"]}, ["a"]),
        ({"type": "Table.Row", "children": ["a", "b"]}, ["a  b"]),
        ({"type": "Sparkle", "label": "L", "children": ["in"]}, ["(Sparkle) L", "  in"]),
        ({"label": "L", "text": "T"}, ["(component without a type)", "  L", "  T"]),
    ],
)  # fmt: skip
def test_a_component_shows_its_words(given: JSON, shown: list[str]) -> None:
    assert lines(given) == shown


def test_parts_of_a_row_share_a_line() -> None:
    assert lines({"type": "Row", "children": [text("a"), text("b")]}) == ["a  b"]


def test_columns_in_a_row_are_side_by_side() -> None:
    column = {"type": "Col", "children": [text("From"), text("Oslo")]}
    assert lines({"type": "Row", "children": [column, column]}) == ["From  From", "Oslo  Oslo"]


def test_a_column_has_lines_of_its_own() -> None:
    assert lines({"type": "Col", "children": [text("a"), text("b")]}) == ["a", "b"]


def test_a_row_that_is_too_long_is_broken_between_its_parts() -> None:
    row = {"type": "Row", "children": [text("a" * 50), text("b" * 50)]}
    assert lines(row) == ["a" * 50, "b" * 50]


def test_a_card_has_its_status_above_and_its_buttons_below() -> None:
    card = {
        "type": "Card",
        "status": {"text": "Found", "icon": "check"},
        "collapsed": True,
        "children": [text("a")],
        "confirm": {"label": "Yes", "action": ACT},
        "cancel": {"label": "No", "action": {"type": "stop"}},
    }
    assert body(widget(card), 40) == [
        "╭──────────────────────────────────────╮",
        "│ ✓ Found (collapsed)                  │",
        "├──────────────────────────────────────┤",
        "│ a                                    │",
        "├──────────────────────────────────────┤",
        "│ [ Yes ]  → go  [ No ]  → stop        │",
        "╰──────────────────────────────────────╯",
    ]


RULE = "─" * 40


def list_view(words: Iterable[str], **props: JSON) -> Item:
    """Return a list of rows of one letter each."""
    rows = [{"type": "ListViewItem", "children": [word]} for word in words]
    return widget({"type": "ListView", "children": rows, **props})


def test_an_opened_list_shows_the_rows_beyond_its_limit() -> None:
    view = list_view("abcde", limit="2")
    assert body(view, 40) == [RULE, "• a", "• b", "… 3 more", RULE]
    assert body(view, 40, open=True) == [RULE, "• a", "• b", "• c", "• d", "• e", RULE]
    assert drawn(view).folded
    assert not drawn(view, open=True).folded


def test_search_finds_rows_beyond_the_limit_of_a_list() -> None:
    assert "e" in item_words(list_view("abcde", limit=2))


@pytest.mark.parametrize("limit", ["auto", None, 0, -1, [], "1e999"])
def test_an_invalid_limit_hides_nothing(limit: JSON) -> None:
    assert len(body(list_view("abcde", limit=limit))) == 7


def test_rows_of_several_lines_have_rules_between_them() -> None:
    assert body(list_view(["a\nb", "c"]), 40) == [RULE, "• a", "  b", RULE, "• c", RULE]


def test_a_table_has_columns() -> None:
    head = {"type": "Table.Row", "header": True, "children": [
        {"type": "Table.Cell", "children": text("Day")},
        {"type": "Table.Cell", "align": "end", "children": text("Stops")},
    ]}  # fmt: skip
    last = {"type": "Table.Row", "children": [
        {"type": "Table.Cell", "children": text("Mon")},
        {"type": "Table.Cell", "children": text("9")},
    ]}  # fmt: skip
    assert lines({"type": "Table", "children": [head, last]}) == [
        "Day │ Stops",
        "────┼──────",
        "Mon │     9",
    ]


def test_a_cell_of_two_columns_has_no_bar_in_it() -> None:
    rows = [
        {"type": "Table.Row", "children": [{"colSpan": 2, "type": "Table.Cell", "children": "a"},
                                           {"type": "Table.Cell", "children": "b"}]},
        {"type": "Table.Row", "children": ["c", "d", "e"]},
    ]  # fmt: skip
    assert lines({"type": "Table", "children": rows}) == ["a     │ b", "c │ d │ e"]


def test_other_children_of_a_table_are_below_it() -> None:
    assert lines({"type": "Table", "children": ["a"]}) == ["a"]


def test_a_color_with_a_meaning_is_a_role() -> None:
    what = widget({"type": "Badge", "label": "late", "color": "danger"})
    assert drawn(what).lines[1][0].style == Style("bad")


def test_the_case_of_a_component_name_does_not_matter() -> None:
    assert lines({"type": "button", "label": "Go"}) == ["[ Go ]"]


def test_payloads_of_actions_are_folded() -> None:
    action = {"type": "quiz", "payload": {"answer": "b"}}
    what = widget({"type": "Button", "label": "Go", "onClickAction": action})
    assert body(what) == ["[ Go ]  → quiz", "… 1 action sends a payload"]
    assert '"answer": "b"' in "".join(body(what, open=True))


def test_the_raw_view_lists_every_action_with_its_place_and_payload() -> None:
    action = {"type": "quiz", "handler": "server", "payload": {"answer": "b"}}
    tree = {"type": "Card", "children": [text("Which?"), {"type": "Button", "label": "B",
            "onClickAction": action}]}  # fmt: skip
    shown = body(widget(tree), raw=True)
    start = shown.index("action")
    assert shown[start : start + 3] == [
        "action",
        '  B → quiz (server)  {"answer": "b"}',
        "  Card › Button 2 · onClickAction",
    ]


def test_a_string_that_is_not_json_is_marked_and_shown_unchanged() -> None:
    assert body(widget("Pick one")) == ["! not JSON, shown as it came", "Pick one"]


def test_a_missing_widget_is_reported() -> None:
    assert body(widget("")) == ["(no widget)"]


def test_components_beyond_the_limits_are_counted_in_one_line() -> None:
    children = [{"type": "Row", "children": ["a"]}] * MAX_NODES
    shown = body(widget({"type": "Col", "children": children}))
    assert shown[-1] == f"… {2 * MAX_NODES + 1 - MAX_NODES:,} more components are left out here"


def test_a_widget_nested_to_the_limit_keeps_its_words_on_a_narrow_screen() -> None:
    tree: JSON = text("deep down")
    for _ in range(62):
        tree = {"type": "ListViewItem", "children": [tree]}
    assert "deep down" in " ".join(body(widget({"type": "ListView", "children": [tree]}), 30))


def test_plain_output_has_choices_in_ascii() -> None:
    select = {"type": "Select", "defaultValue": "b", "options": ["a", "b"]}
    context = CONTEXT._replace(plain=True)
    assert body(widget(select), context=context, open=True) == ["[ b v ]", "  ( ) a", "  (x) b"]


@pytest.mark.parametrize("width", [40, 80, 160])
def test_an_open_field_in_a_row_has_room_for_its_options_and_its_name(width: int) -> None:
    options: JSON = ["S", "Extra-large", "Medium"]
    select: JSON = {"type": "Select", "name": "size", "defaultValue": "S", "options": options}
    checkbox: JSON = {"type": "Checkbox", "name": "newsletter"}
    row = widget({"type": "Row", "children": [checkbox, select, text("Shirt")]})
    assert body(row, width)[0] == "☐   [ S ▾ ]  size  Shirt"
    shown = "\n".join(body(row, width, open=True))
    assert all(word in shown for word in ("newsletter", "size", "Extra-large", "Medium", "Shirt"))


FORM = {
    "type": "Card",
    "children": [
        {
            "type": "Row",
            "justify": "between",
            "children": [
                text("Deck"),
                {"type": "Box", "children": [{
                    "type": "Select",
                    "name": "deck",
                    "required": True,
                    "defaultValue": "sun",
                    "options": ["sun", {"value": "car", "label": "Car deck", "disabled": True}],
                }]},
            ],
        },
        {"type": "Col", "children": [
            {"type": "Label", "value": "Name", "fieldName": "who"},
            {"type": "Input", "name": "who", "placeholder": "your name"},
        ]},
        {"type": "Checkbox", "name": "dog"},
    ],
}  # fmt: skip


def test_a_closed_form_looks_as_the_user_saw_it() -> None:
    assert body(widget(FORM), 40) == [
        "╭──────────────────────────────────────╮",
        "│ Deck                     [ sun ▾ ] * │",
        "│ Name                                 │",
        "│ [ your name ]                        │",
        "│ ☐                                    │",
        "╰──────────────────────────────────────╯",
        "… 3 fields, 2 options",
    ]


def test_a_label_stands_before_its_field_also_across_a_spacer() -> None:
    def row(label: str, field: JSON) -> JSON:
        return {"type": "Row", "children": [text(label), {"type": "Spacer"}, field]}

    purpose = {"type": "Text", "value": "Business", "editable": {"name": "buy.purpose"}}
    start = {"type": "DatePicker", "name": "buy.start", "defaultValue": "2025-10-01"}
    rows = [row("For", {"type": "Box", "children": [purpose]}), row("Start", start)]
    tree = {"type": "Col", "children": [*rows, purpose]}
    assert body(widget(tree), 30) == [
        "For               [ Business ]",
        "Start           [ 2025-10-01 ]",
        "[ Business ]  buy.purpose",
    ]
    shown = "\n".join(body(widget(tree), 40, open=True))
    assert shown.count("buy.purpose") == 2
    assert "buy.start" in shown


def test_an_open_form_has_every_option_and_the_names_of_its_fields() -> None:
    shown = "\n".join(body(widget(FORM), 60, open=True))
    words = ["● sun", "○ Car deck", "(disabled)", "deck", "[ your name ]  who", "☐ dog"]
    assert [word for word in words if word not in shown] == []
    assert "fields" not in shown


def test_a_plain_form_says_what_is_required() -> None:
    assert "(required)" in "\n".join(body(widget(FORM), 60, CONTEXT._replace(plain=True)))


def test_find_and_copy_see_the_options_of_a_closed_menu() -> None:
    assert "Car deck" in item_words(widget(FORM))
    assert "Car deck" in (copied_text(widget(FORM), CONTEXT) or "")


def test_the_name_of_an_unknown_component_is_shown_once() -> None:
    pills = [{"type": "Pill", "label": label} for label in ("red", "blue")]
    assert body(widget({"type": "Col", "children": pills})) == ["(Pill) red", "blue"]


def test_an_unknown_component_has_its_children_in_its_direction() -> None:
    hero = {"type": "Hero", "direction": "row", "justify": "between", "children": ["left", "right"]}
    assert body(widget(hero), 30) == ["(Hero)", "  left" + " " * 19 + "right"]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"type": "Chart", "title": "Sales", "data": [{"x": 1}], "xAxis": "x", "series": ["y"]},
         ["Sales", "x │ y"]),
        ({"type": "Col", "text": "Above", "children": ["below"]}, ["Above", "below"]),
        ({"type": "Input", "name": "n", "label": "Your name"}, ["Your name", "[ empty ]  n"]),
        ({"type": "Table", "title": "Prices", "children": [
            {"type": "Table.Row", "children": [{"type": "Table.Cell", "children": ["7"]}]}]},
         ["7", "Prices"]),
        ({"type": "Checkbox", "value": "hidden", "label": "Agreed"}, ["☐ Agreed"]),
    ],
)  # fmt: skip
def test_a_known_component_shows_texts_that_its_type_does_not_have(
    given: JSON, shown: list[str]
) -> None:
    assert body(widget(given))[: len(shown)] == shown


def ranges(*variants: str) -> list[str]:
    """Return a row of buttons with these variants."""
    buttons = [
        {"type": "Button", "label": f"{number} d", "variant": variant}
        for number, variant in enumerate(variants, 1)
    ]
    return body(widget({"type": "Row", "children": buttons}))


def test_the_only_solid_button_among_outlined_ones_is_the_chosen_one() -> None:
    assert ranges("outline", "solid", "outline") == ["[ 1 d ]  [ ● 2 d ]  [ 3 d ]"]


@pytest.mark.parametrize("variants", [("outline", "solid"), ("solid", "solid", "outline", "soft")])
def test_other_solid_buttons_are_no_choice(variants: tuple[str, ...]) -> None:
    assert "●" not in ranges(*variants)[0]


def test_an_icon_that_is_a_symbol_is_drawn_as_it_is() -> None:
    row = {"type": "Row", "gap": 1, "children": [
        {"type": "Icon", "name": "\U0001f5d1"},
        {"type": "Icon", "name": "acme"},
        {"type": "Button", "icon": "check", "label": "Done"},
    ]}  # fmt: skip
    assert body(widget(row)) == ["\U0001f5d1 (acme) [ ✓ Done ]"]


def test_a_picture_behind_a_component_is_listed_with_the_images() -> None:
    tree = {
        "type": "Box",
        "background": "url('https://a.example/waves.png') center",
        "children": ["Ferry 7"],
    }
    shown = body(widget(tree))
    assert shown[0].endswith("Ferry 7")
    assert "https://a.example/waves.png" in shown[-1]

"""Any string of a widget is read as a tree."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.models import widgets
from chatkit_tui.models.json import JSON
from chatkit_tui.models.widgets import (
    COMPONENTS,
    MAX_LEVELS,
    MAX_NODES,
    WidgetNode,
    actions,
    component_name,
    read_widget,
)


def root_of(value: JSON) -> WidgetNode:
    """The root of a widget given as a JSON value."""
    root = read_widget(json.dumps(value)).root
    assert root is not None
    return root


def test_children_stay_in_the_order_of_the_text() -> None:
    root = root_of(
        {
            "type": "Card",
            "children": [
                {"type": "Row", "children": [{"type": "Text", "value": "a"}]},
                {"type": "Text", "value": "b"},
            ],
        }
    )
    assert [child.type for child in root.children] == ["Row", "Text"]
    assert root.children[0].children[0].props == {"value": "a"}


@pytest.mark.parametrize("children", [{"type": "Text"}, [{"type": "Text"}], [[{"type": "Text"}]]])
def test_children_may_be_one_object_or_a_list_of_lists(children: JSON) -> None:
    assert [child.type for child in root_of({"type": "Card", "children": children}).children] == [
        "Text"
    ]


@pytest.mark.parametrize("children", [None, [], [None]])
def test_children_may_be_missing_in_every_way(children: JSON) -> None:
    assert not root_of({"type": "Card", "children": children}).children
    assert not root_of({"type": "Card"}).children


def test_a_bare_text_among_the_children_is_a_text() -> None:
    child = root_of({"type": "Card", "children": ["hello"]}).children[0]
    assert (child.type, child.props) == ("Text", {"value": "hello"})


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("card", "Card"),
        ("LISTVIEWITEM", "ListViewItem"),
        ("list-view", "ListView"),
        ("TableRow", "Table.Row"),
        ("Carousel", "Carousel"),
        (5, ""),
        (None, ""),
    ],
)
def test_the_case_of_names_is_ignored_and_unknown_names_are_kept(word: JSON, name: str) -> None:
    assert component_name(word) == name


def test_every_known_name_means_itself() -> None:
    assert [component_name(name) for name in COMPONENTS] == list(COMPONENTS)


@pytest.mark.parametrize("text", ["", "{", "Flight options", '{"type": "Card"'])
def test_invalid_json_is_kept_as_text(text: str) -> None:
    tree = read_widget(text)
    assert (tree.root, tree.problem, tree.text) == (None, "not JSON", text)


@pytest.mark.parametrize("text", ["null", "7", '"Card"', "true"])
def test_json_that_is_no_component_is_reported(text: str) -> None:
    assert read_widget(text).problem == "not a component"


def test_a_list_is_read_as_a_root_without_a_frame() -> None:
    root = root_of([{"type": "Text"}, {"type": "Badge"}])
    assert (root.type, len(root.children)) == ("Basic", 2)


def nested(levels: int) -> str:
    """A widget of so many components, one inside the other."""
    return '{"type":"Box","children":[' * (levels - 1) + '{"type":"Text"}' + "]}" * (levels - 1)


def test_levels_past_the_limit_are_counted() -> None:
    assert read_widget(nested(MAX_LEVELS)).left_out == 0
    tree = read_widget(nested(MAX_LEVELS + 3))
    assert (tree.nodes, tree.left_out) == (MAX_LEVELS, 3)


def test_a_tree_too_deep_for_the_json_parser_is_read_down_to_the_limit() -> None:
    tree = read_widget(nested(20_000))
    assert (tree.nodes, tree.left_out) == (MAX_LEVELS, 20_000 - MAX_LEVELS)


def test_brackets_inside_strings_are_not_levels() -> None:
    deep = nested(2_000).replace('{"type":"Text"}', '{"type":"Text","value":"]]}} \\" [[{{"}')
    assert read_widget('{"children":["[[{",' + deep + "]}").nodes == MAX_LEVELS + 1


def test_deep_text_that_is_not_json_is_reported() -> None:
    assert read_widget("[" * 20_000).problem == "not JSON"


def test_components_past_the_limit_are_counted() -> None:
    tree = read_widget(json.dumps({"type": "Col", "children": [{"type": "Icon"}] * MAX_NODES}))
    assert (tree.nodes, tree.left_out) == (MAX_NODES, 1)


def test_actions_have_the_payload_that_the_user_never_saw() -> None:
    answer = {"type": "quiz.answer", "payload": {"correct": "b"}, "handler": "client"}
    tree = read_widget(
        json.dumps(
            {
                "type": "Card",
                "confirm": {"label": "Send", "action": {"type": "quiz.send"}},
                "children": [
                    {"type": "Title", "value": "Which?"},
                    {"type": "Button", "label": "B", "onClickAction": answer},
                ],
            }
        )
    )
    send, choose = actions(tree)
    assert (send.path, send.label, send.prop, send.type, send.payload) == (
        "Card",
        "Send",
        "confirm.action",
        "quiz.send",
        None,
    )
    assert (choose.path, choose.label, choose.handler) == ("Card › Button 2", "B", "client")
    assert choose.payload == {"correct": "b"}
    assert choose.value == answer


def test_an_action_without_a_label_has_the_text_of_its_children() -> None:
    row = {
        "type": "ListViewItem",
        "onClickAction": {"type": "open"},
        "children": [{"value": "Rio"}],
    }
    assert actions(read_widget(json.dumps(row)))[0].label == "Rio"


def test_an_icon_s_name_is_no_label_of_what_it_decorates() -> None:
    inside = [{"type": "Icon", "name": "plane"}, {"type": "Title", "value": "To Rio"}]
    row = {"onClickAction": {"type": "open"}, "children": inside}
    assert actions(read_widget(json.dumps(row)))[0].label == "To Rio"


def test_a_button_without_text_is_named_after_its_icon() -> None:
    button = {"type": "Button", "iconStart": "trash", "onClickAction": {"type": "drop"}}
    assert actions(read_widget(json.dumps(button)))[0].label == "trash"


def test_an_action_of_only_a_name_is_an_action() -> None:
    tree = read_widget('{"type": "Form", "onSubmitAction": "task.create"}')
    assert [(action.type, action.payload) for action in actions(tree)] == [("task.create", None)]


@pytest.mark.parametrize("empty", [None, {}, ""])
def test_an_empty_action_is_none(empty: JSON) -> None:
    card = {"type": "Card", "onClickAction": empty, "confirm": {"label": "Yes", "action": empty}}
    assert actions(read_widget(json.dumps(card))) == ()


def test_labels_inside_nested_components_are_looked_for_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else a hostile tree of 5,000 components costs a second."""
    nested: JSON = [{"type": "Divider"} for _ in range(100)]
    for _ in range(MAX_LEVELS - 2):
        nested = [{"type": "Col", "children": nested, "onClickAction": {"type": "x"}}]
    tree = read_widget(json.dumps({"type": "Card", "children": nested}))
    looked: list[str] = []
    first_word = widgets._first_word

    def counting(node: WidgetNode, props: tuple[str, ...]) -> str:
        looked.append(node.type)
        return first_word(node, props)

    monkeypatch.setattr(widgets, "_first_word", counting)
    assert len(actions(tree)) == MAX_LEVELS - 2
    assert len(looked) <= 2 * tree.nodes


def test_a_component_without_words_has_no_label() -> None:
    spacer = {"type": "Spacer", "onClickAction": {"type": "push"}}
    assert actions(read_widget(json.dumps(spacer)))[0].label == ""


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "children", "onClickAction", "action", "value", "label"])
            | st.text(max_size=4),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


@given(values)
def test_any_json_is_read_and_its_components_counted(value: JSON) -> None:
    tree = read_widget(json.dumps(value))
    found = 0
    waiting = [tree.root] if tree.root else []
    while waiting:
        found += 1
        waiting.extend(waiting.pop().children)
    assert found == tree.nodes
    assert all(action.value for action in actions(tree))


@given(st.text(alphabet='{}[]",:\\ aé0'))
def test_any_text_is_read(text: str) -> None:
    assert read_widget(text).text == text

"""The table of kinds, and what all items have in common: head, folds, words."""

from __future__ import annotations

import pytest

from chatkit_tui.document.from_item import KINDS
from chatkit_tui.document.spans import line_text
from chatkit_tui.models.items import KNOWN_ITEMS, Item, UnknownItem
from chatkit_tui.models.timestamps import Timestamp
from chatkit_tui.render.items import item_words
from chatkit_tui.text.width import cells
from tests.render.examples import (
    ASSISTANT,
    CONTEXT,
    EXAMPLES,
    GROUP,
    ITEM_ID,
    MADE,
    MISFIT,
    TOOL_DONE,
    UNKNOWN,
    USER,
    WIDGET,
    body,
    drawn,
    head,
    item,
    widget,
)


def test_every_kind_of_item_has_one_drawing() -> None:
    assert set(KINDS) == {*KNOWN_ITEMS.values(), UnknownItem}


def test_the_examples_have_every_kind_of_item() -> None:
    assert {type(example) for example in EXAMPLES.values()} == set(KINDS)


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("width", [1, 2, 7, 20, 40, 79])
def test_no_line_is_wider_than_asked(name: str, width: int) -> None:
    for raw in (False, True):
        for line in drawn(EXAMPLES[name], width, open=True, raw=raw).lines:
            assert cells("".join(span.text for span in line)) <= width


def test_the_head_has_who_and_when() -> None:
    assert head(USER).split() == ["▌", "user", "ines@example.com", "3", "h", "ago"]


def test_the_head_tells_an_absolute_time_with_its_zone() -> None:
    assert head(USER, context=CONTEXT._replace(relative=False)).endswith("2025-10-16 08:17:20 UTC")


def test_a_time_that_was_read_off_the_id_is_marked() -> None:
    assert head(item("task", created_at=None)).endswith("≈3 h ago")


def test_a_time_without_a_zone_is_marked_and_its_details_say_why() -> None:
    naive = item("task", created_at="2025-10-16T08:17:20")
    assert head(naive).endswith("≈3 h ago")
    assert any("sent without a time zone" in line for line in body(naive, raw=True))


def test_an_item_without_any_time_says_so() -> None:
    assert head(item("task", id="x", created_at=None)).endswith("time unknown")


def test_the_gap_to_the_item_before_is_told() -> None:
    assert "2 h later" in head(USER, previous=Timestamp(MADE - 7300))


def test_a_gap_of_seconds_is_not_worth_a_word() -> None:
    assert head(USER, previous=Timestamp(MADE - 40)) == head(USER)


def test_an_item_older_than_the_one_before_it_is_told_as_such() -> None:
    assert "5 min earlier" in head(USER, previous=Timestamp(MADE + 300))


def test_the_gap_to_a_time_read_off_an_id_is_marked() -> None:
    before = Timestamp(MADE - 7300, approximate=True)
    assert "≈2 h later" in head(USER, previous=before)


def test_the_gap_between_times_of_one_clock_is_exact() -> None:
    naive = item("task", created_at="2025-10-16T08:17:20")
    before = Timestamp(MADE - 7300, approximate=True, naive=True)
    assert "2 h later" in head(naive, previous=before)
    assert "≈2 h later" not in head(naive, previous=before)
    assert "≈2 h later" in head(naive, previous=Timestamp(MADE - 7300))


def test_the_item_before_can_be_given_itself() -> None:
    later = item("task", created_at=MADE + 7300)
    assert "2 h later" in head(later, previous=USER)


IN_TRANSCRIPT = CONTEXT._replace(bar=True)


def test_the_time_is_omitted_where_the_item_above_has_the_same() -> None:
    above = Timestamp(MADE - 40)
    assert head(USER, context=IN_TRANSCRIPT, previous=above, above=above) == (
        "user  ines@example.com"
    )
    assert head(USER, context=IN_TRANSCRIPT, above=Timestamp(MADE - 3600)).endswith("3 h ago")
    assert head(USER, context=IN_TRANSCRIPT).endswith("3 h ago")


def test_the_time_stays_where_minutes_are_between_the_items() -> None:
    above = Timestamp(MADE - 300)
    told = head(USER, context=IN_TRANSCRIPT, previous=above, above=above)
    assert told.endswith("5 min later  3 h ago")


@pytest.mark.parametrize("width", [80, 200])
def test_no_header_beside_a_bar_has_an_id_or_a_symbol_of_its_own(width: int) -> None:
    assert ITEM_ID not in head(USER, width, IN_TRANSCRIPT)
    assert head(USER, width, IN_TRANSCRIPT).startswith("user")
    assert head(item("task"), width, IN_TRANSCRIPT).startswith("●")


def test_the_id_stands_in_a_wide_head_alone() -> None:
    assert ITEM_ID in head(USER, 120)
    assert ITEM_ID not in head(USER, 80)


def test_a_name_too_long_for_a_head_is_wrapped_and_not_cut() -> None:
    name = "look_up_" * 12
    text = head(item("client_tool_call", name=name, status="completed"), 40)
    assert name in "".join(text.split())
    assert text.endswith("3 h ago")


def test_a_folded_item_says_that_it_has_more() -> None:
    assert drawn(GROUP).folded
    assert not drawn(GROUP, open=True).folded
    assert not drawn(UNKNOWN, raw=True).folded
    assert not drawn(USER).folded


def test_an_open_item_hides_nothing() -> None:
    assert "Two of that name." in "\n".join(body(GROUP, open=True))
    assert "Two of that name." not in "\n".join(body(GROUP))


def test_a_field_that_did_not_fit_is_shown_with_what_came() -> None:
    text = "\n".join(body(MISFIT))
    assert "still shown" in text
    assert "! created_at does not fit" in text
    assert '"some day"' in text


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (USER, ["It says so every morning.", "front door.jpg", "track_parcel", "left the depot"]),
        (ASSISTANT, ["on the van and comes today", "rounds.csv", "Rules of delivery", "van 12"]),
        (TOOL_DONE, ["track_parcel", "completed", "call_7", "88-1207", "late", "1.50"]),
        (GROUP, ["Looking up the street", "Two of that name."]),
        (WIDGET, ["Parcel 88-1207", "Friday", "day.pick", "At the door", "Ring twice", '"to"']),
        (UNKNOWN, ["hologram", '"cube"']),
    ],
)
def test_the_words_hold_all_that_an_item_says_folded_or_not(what: object, words: list[str]) -> None:
    text = item_words(what)  # type: ignore[arg-type] # the parameters are items
    assert [word for word in words if word not in text] == []


PICTURE = "data:image/png;base64," + "iVBORw0KGgo" * 2_000
CODE = f"```\n{PICTURE}\n```"
ACTION = {"type": "go", "payload": {"picture": PICTURE, "pad": "x" * 90}}


@pytest.mark.parametrize(
    "what",
    [
        item(
            "assistant_message", content=[{"type": "output_text", "text": f"```\n{PICTURE}\n```"}]
        ),
        item("task", task_type="custom", heading=PICTURE, summary="a picture"),
        item("client_tool_call", name="shoot", arguments="{}", output=PICTURE, status="completed"),
        widget({"type": "Text", "value": f"see {PICTURE}"}),
        widget({"type": "Button", "label": "b", "onClickAction": ACTION}),
    ],
)
def test_a_data_address_is_its_type_and_size_wherever_it_stands(what: Item) -> None:
    for opened in (False, True):
        lines = [*drawn(what, open=opened).lines]
        assert len(lines) < 12
        text = " ".join(map(line_text, lines))
        assert "base64," not in text
        assert "bytes=" not in text
    assert "image/png, 16 kB" in text

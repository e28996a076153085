"""Colours of widgets, in every spelling, become the paints of a terminal."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.document.spans import Paint
from chatkit_tui.models.json import JSON
from chatkit_tui.render.colors import backdrop, terminal_color

UNDERSTOOD: tuple[tuple[JSON, Paint | None], ...] = (
    ("danger", "red"),
    ("success", "green"),
    ("warning", "yellow"),
    ("caution", "yellow"),
    ("info", "blue"),
    ("discovery", "magenta"),
    ("secondary", "grey"),
    ("tertiary", "grey"),
    ("prose", None),
    ("primary", None),
    ("emphasis", None),
    ("surface-elevated-secondary", None),
    ("alpha-70", None),
    ("alpha-10", "grey"),
    ("blue-500", "blue"),
    ("blue", "blue"),
    ("orange-400", "yellow"),
    ("purple", "magenta"),
    ("pink", "magenta"),
    ("red-alpha-20", "red"),
    ("gray-500", "grey"),
    ("gray-900", None),
    ("slate-50", None),
    (" Blue-500 ", "blue"),
    ("#f00", "red"),
    ("#f00c", "red"),
    ("#0285FF", "blue"),
    ("#00b76780", "green"),
    ("#ff8800", "yellow"),
    ("#888888", "grey"),
    ("#fff", None),
    ("#000000", None),
    ("#f000", None),
    ("rgb(255, 0, 0)", "red"),
    ("rgba(0 128 0 / 50%)", "green"),
    ("hsl(210, 100%, 50%)", "blue"),
    ({"light": "red-700", "dark": "red-300"}, "red"),
    ({"light": "#1d4ed8", "dark": "#fff"}, "blue"),
    ({"light": "#fff"}, None),
    ("linear-gradient(90deg, #ff0000 0%, blue-500 100%)", "red"),
    ("linear-gradient(to right, rgb(0, 128, 0), #fff)", "green"),
    ("url(https://cdn.example.com/red.png)", None),
    ("{{colour}}", None),
    ("#12", None),
    ("rgb(1)", None),
    ("rgb(a, b, c)", None),
    ("", None),
    (None, None),
    (7, None),
    (True, None),
    (["red"], None),
    ({"light": {"light": "red"}}, None),
)


@pytest.mark.parametrize(("value", "expected"), UNDERSTOOD, ids=lambda value: repr(value))
def test_a_colour_is_taken_for_its_hue(value: JSON, expected: Paint | None) -> None:
    assert terminal_color(value) == expected


@pytest.mark.parametrize(
    "value", ["blue-500", "blue", "#1d4ed8", "success", "red-alpha-80", "rgb(200, 30, 30)"]
)
def test_a_strong_colour_stands_behind_words(value: JSON) -> None:
    assert backdrop(value) == terminal_color(value) is not None


@pytest.mark.parametrize(
    "value",
    [
        "blue-50",
        "blue-100",
        "#dbeafe",
        "surface",
        "alpha-10",
        "gray-800",
        "#0f172a",
        "#1d4ed820",
        {"light": "yellow-50", "dark": "yellow-900"},
    ],
)
def test_a_tint_or_a_surface_does_not(value: JSON) -> None:
    assert backdrop(value) is None


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["light", "dark"]), inner),
    max_leaves=4,
)
ALMOST = st.text(alphabet="rgbahsl#()-,% /.0123456789nfdtieluv²", max_size=40)


@given(JSON_VALUES | ALMOST | ALMOST.map("linear-gradient({})".format))
def test_nothing_that_stands_for_a_colour_raises(value: JSON) -> None:
    assert terminal_color(value) in (None, *get_args(Paint))
    assert backdrop(value) in (None, *get_args(Paint))

"""Sizes in every known spelling, and in some unknown ones."""

from __future__ import annotations

import pytest

from chatkit_tui.models.json import JSON
from chatkit_tui.render.widgets.properties import (
    Padding,
    gap_across,
    gap_down,
    padding,
    pixels,
    share,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, 3.0),
        (3.0, 3.0),
        ("40px", 40.0),
        (" 2.5 ", 2.5),
        ("2rem", 32.0),
        ("md", 12.0),
        ("25.0%", None),
        ("fit-content", None),
        ("{{size}}", None),
        (True, None),
        (-1, None),
        (1e9, None),
        (None, None),
        ([3], None),
        ("9" * 400, None),
    ],
)
def test_a_size_is_read_as_pixels(value: JSON, expected: float | None) -> None:
    assert pixels(value) == expected


def test_a_number_of_any_size_is_accepted() -> None:
    assert pixels(float("inf")) is None
    assert pixels(float("nan")) is None
    assert pixels(10**400) is None


@pytest.mark.parametrize(
    ("value", "expected"), [("25.0%", 25.0), ("250%", 100.0), ("40px", None), (25, None)]
)
def test_a_percentage_is_read(value: JSON, expected: float | None) -> None:
    assert share(value) == expected


@pytest.mark.parametrize(
    ("value", "cells"), [(None, 2), (0, 1), (2, 1), (4, 2), (400, 8), ("x", 2)]
)
def test_a_gap_between_columns_is_at_least_one_cell(value: JSON, cells: int) -> None:
    assert gap_across(value) == cells


@pytest.mark.parametrize(("value", "empty"), [(None, False), (3, False), (4, True), ("16px", True)])
def test_a_gap_of_a_line_s_height_is_an_empty_line(value: JSON, empty: bool) -> None:
    assert gap_down(value) is empty


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (4, Padding(2, 2, margin=True)),
        ({"x": 4}, Padding(2, 2)),
        ({"left": "8px", "y": 4}, Padding(1, 0, margin=True)),
        ({"left": None, "top": "x"}, Padding()),
        (None, Padding()),
    ],
)
def test_a_padding_is_read_side_by_side(value: JSON, expected: Padding) -> None:
    assert padding(value) == expected

"""What each component looks like, to be read by a person: `frames/<component>.txt`.

Written again in the same way as the frames of items, see `tests/render/test_frames.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from chatkit_tui.models.json import JSON
from chatkit_tui.models.widgets import COMPONENTS, component_name
from tests.render.examples import CONTEXT, body, widget
from tests.render.test_frames import COLUMNS, check_frame
from tests.render.widgets.gallery import GALLERY
from tests.render.widgets.layouts import LAYOUTS

FRAMES = Path(__file__).parent / "frames"
PLAIN = CONTEXT._replace(plain=True)


@pytest.mark.parametrize("name", GALLERY)
def test_a_component_looks_as_it_did(name: str) -> None:
    check_columns(name, GALLERY[name], COLUMNS)


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_looks_as_it_did(name: str) -> None:
    check_columns(name, LAYOUTS[name], (40, 80, 140))


def check_columns(name: str, tree: JSON, widths: Iterable[int]) -> None:
    """Compare the drawings of a widget with those that are kept in one file."""
    what = widget(tree)
    parts: list[str] = []
    for columns in widths:
        parts += [f"== {columns} columns", *body(what, columns)]
    parts += ["== 40 columns, plain", *body(what, 40, PLAIN)]
    check_frame(FRAMES / f"{name}.txt", "\n".join(parts) + "\n")


@pytest.mark.parametrize("name", GALLERY)
def test_a_plain_terminal_gets_ascii_alone(name: str) -> None:
    assert "\n".join(body(widget(GALLERY[name]), 80, PLAIN, open=True)).isascii()


def types_in(tree: JSON) -> set[str]:
    """The component names in a tree."""
    if isinstance(tree, list):
        return {name for entry in tree for name in types_in(entry)}
    if not isinstance(tree, dict):
        return set()
    return {component_name(tree.get("type"))} | types_in(tree.get("children"))


def test_the_gallery_has_every_component_but_the_chart_which_has_its_own() -> None:
    shown = {name for tree in GALLERY.values() for name in types_in(tree)}
    assert set(COMPONENTS) - shown == {"Chart"}

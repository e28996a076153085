"""What an item looks like, to be read by a person: `frames/<columns>/<example>.txt`.

After an intended change, write them again with

    UPDATE_FRAMES=1 .venv/bin/python -m pytest tests/render/test_frames.py

and read the difference before it is committed.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chatkit_tui.document.spans import line_text
from chatkit_tui.models.timestamps import Timestamp
from tests.render.examples import CONTEXT, EXAMPLES, MADE, drawn

FRAMES = Path(__file__).parent / "frames"
COLUMNS = (40, 80, 160)
OPENED = (40, 80, 140)
"""Columns of the frames of opened items, which tool calls need, since they are one line else."""
BEFORE = Timestamp(MADE - 3 * 60)


def check_frame(path: Path, text: str) -> None:
    """Compare a drawing with the one that is kept, or keep it when told to."""
    if "UPDATE_FRAMES" in os.environ:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("columns", COLUMNS)
@pytest.mark.parametrize("name", EXAMPLES)
def test_an_item_looks_as_it_did(name: str, columns: int) -> None:
    lines = drawn(EXAMPLES[name], columns, previous=BEFORE).lines
    text = "".join(line_text(line).rstrip() + "\n" for line in lines)
    check_frame(FRAMES / str(columns) / f"{name}.txt", text)


@pytest.mark.parametrize("columns", OPENED)
@pytest.mark.parametrize("name", [name for name in EXAMPLES if name.startswith(("tool_", "add"))])
def test_an_opened_item_looks_as_it_did(name: str, columns: int) -> None:
    closed = drawn(EXAMPLES[name], columns, previous=BEFORE).lines
    lines = (*closed, (), *drawn(EXAMPLES[name], columns, open=True, previous=BEFORE).lines)
    text = "".join(line_text(line).rstrip() + "\n" for line in lines)
    check_frame(FRAMES / str(columns) / f"{name}_opened.txt", text)


@pytest.mark.parametrize("name", ["widget", "tool_done"])
def test_the_raw_view_looks_as_it_did(name: str) -> None:
    context = CONTEXT._replace(relative=False)
    lines = drawn(EXAMPLES[name], 80, context, raw=True).lines
    text = "".join(line_text(line).rstrip() + "\n" for line in lines)
    check_frame(FRAMES / "80" / f"{name}_raw.txt", text)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_plain_terminal_gets_ascii_alone(name: str) -> None:
    context = CONTEXT._replace(plain=True)
    text = "\n".join(
        line_text(line) for line in drawn(EXAMPLES[name], 80, context, open=True).lines
    )
    assert text.isascii()

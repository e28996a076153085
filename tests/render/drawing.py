"""How the drawing tests look at lines: as text, with what folded or styled them spelled out."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import strategies as st

from chatkit_tui.document.blocks import Block
from chatkit_tui.document.spans import Span, Style, line_text
from chatkit_tui.render.layout import lay_out


def frame(blocks: Iterable[Block], width: int, *, opened: bool | None = None) -> str:
    """The lines as one text, so that a test can show what a person would see."""
    return "\n".join(line_text(line) for line in lay_out(blocks, width, open=opened))


def spans_of(blocks: Iterable[Block], width: int = 80) -> list[Span]:
    """All spans of all lines."""
    return [span for line in lay_out(blocks, width) for span in line]


def style_of(blocks: Iterable[Block], text: str) -> Style:
    """The style of the first span that holds the text."""
    return next(span.style for span in spans_of(blocks) if text in span.text)


words = st.text("abc d\u00e9\u65e5\u672c\u300c\ud55c\u00a0\U0001f600 -", max_size=30)
"""Showable text with wide characters, spaces of two kinds and an emoji."""


def letters(text: str) -> str:
    """The text without spaces."""
    return "".join(text.split()).replace("\u00a0", "")

"""Lines as strips of the screen: styled, marked, padded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.strip import Strip

from chatkit_tui.document.spans import Line
from chatkit_tui.ui.theme import TextStyles
from chatkit_tui.ui.transcript.highlights import Piece


def line_segments(
    line: Line, styles: TextStyles, pieces: Sequence[Piece] = (), current: int | None = None
) -> list[Segment]:
    """A line in the theme's styles, with the matches in it marked.

    `current` is the number of the match that the search stands at, if it is in this item.
    """
    segments = [Segment(span.text, styles[span.style]) for span in line]
    for piece in pieces:
        style = styles.current_match if piece.number == current else styles.match
        segments = overlaid(segments, piece.start, piece.end, style)
    return segments


def overlaid(segments: Iterable[Segment], start: int, end: int, style: RichStyle) -> list[Segment]:
    """Segments with a style laid over the characters from `start` to `end`."""
    result: list[Segment] = []
    offset = 0
    for text, own, _ in segments:
        first, last = (max(0, min(edge - offset, len(text))) for edge in (start, end))
        offset += len(text)
        if first >= last:
            result.append(Segment(text, own))
            continue
        if first:
            result.append(Segment(text[:first], own))
        result.append(Segment(text[first:last], own + style if own else style))
        if last < len(text):
            result.append(Segment(text[last:], own))
    return result


def padded(segments: Iterable[Segment], width: int, base: RichStyle) -> Strip:
    """Segments as a strip of exactly `width` cells in front of the widget's background."""
    return Strip(segments).adjust_cell_length(width).apply_style(base)

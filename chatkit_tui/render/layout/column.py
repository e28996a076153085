"""Columns: boxes below one another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chatkit_tui.document.spans import Line
from chatkit_tui.render.layout.box import (
    Box,
    LayoutState,
    aligned,
    block_width,
    rule_line,
    shifted,
)
from chatkit_tui.render.layout.notes import behind, place

WIDEST_PICTURE: Final = 24
"""Cells to which images that begin rows are widened, at most."""
_PICTURE_DEPTH: Final = 5
"""The number of boxes around an image that begins a row, at most."""


class Column(Box):
    """Boxes below one another."""

    __slots__ = ("_parts", "align", "gap")

    def __init__(self, parts: Sequence[Box], *, gap: bool = False, align: str = "start") -> None:
        """Measure the parts.

        `gap` puts an empty line between each two; `align` (left and right) is `start`, `center`
        or `end`.
        """
        self._parts = [part for part in parts if not part.pushes]
        super().__init__(
            max((part.min_width for part in self._parts), default=1),
            max((part.natural for part in self._parts), default=1),
        )
        align_pictures(self._parts)
        self.noted = max((part.noted for part in self._parts), default=1)
        self.notes = tuple([note for part in self._parts for note in part.notes])
        self.gap = gap
        self.align = align if align in ("center", "end") else ""

    def parts(self) -> Sequence[Box]:
        return self._parts

    def draw(self, width: int, state: LayoutState) -> list[Line]:
        """Return the lines of each part; a part without lines takes no gap."""
        lines: list[Line] = []
        margin = False
        rule = rule_line(width, state)
        for part in self._parts:
            drawn = self._drawn(part, width, state)
            if not drawn:
                continue
            beside_rule = bool(lines) and rule in (lines[-1], drawn[0])
            if lines and not beside_rule and (self.gap or part.margin or margin):
                lines.append(())
            elif beside_rule and lines[-1] == drawn[0]:
                del drawn[0]  # one of two adjacent rules is enough
            margin = part.margin
            lines += drawn
        return lines

    def _drawn(self, part: Box, width: int, state: LayoutState) -> list[Line]:
        own = self._width_of(part, width)
        below: list[Line] = []
        drawn: list[Line] | None = None
        if part.notes and state.notes == "inside":
            drawn = behind(part, own, state)
        elif part.places_notes and part.notes and state.notes == "apart":
            drawn, below = place(part, own, width if self.align else own, state)
        if drawn is None:
            drawn = part.draw(own, state)
        return self._aligned(drawn, width, part) + self._aligned(below, width, part)

    def _aligned(self, lines: list[Line], width: int, part: Box) -> list[Line]:
        if not self.align:
            return lines
        if part.picture:
            return aligned(lines, width, self.align)
        free = width - block_width(lines)
        return shifted(lines, free if self.align == "end" else free // 2)

    def _width_of(self, part: Box, width: int) -> int:
        if part.share is not None:
            width = max(min(part.min_width, width), round(part.share * width))
        elif self.align and not part.flex:
            width = min(part.natural, width)
        return part.limited(width)


def align_pictures(rows: Sequence[Box]) -> None:
    """Give images that begin rows below one another one width."""
    found = [box for row in rows if (box := _leading_picture(row))]
    if len(found) > 1:
        natural = min(WIDEST_PICTURE, max(box.natural for box in found))
        for box in found:
            box.natural = max(box.natural, natural)


def _leading_picture(row: Box) -> Box | None:
    for depth in range(_PICTURE_DEPTH):
        if row.picture:
            return row if depth else None
        if not (parts := row.parts()) or isinstance(row, Column):
            return None
        row = parts[0]
    return None


def stacked(boxes: Sequence[Box], *, gap: bool = False, align: str = "start") -> Box | None:
    """Return boxes below one another; None if there are none."""
    solid = [box for box in boxes if not box.pushes]
    if len(solid) == 1 and align not in ("center", "end"):
        return solid[0]
    return Column(solid, gap=gap, align=align) if solid else None

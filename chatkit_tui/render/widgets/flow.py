"""Rows and columns: boxes beside and below one another.

Where a row is too narrow for its parts, they are first made narrower, the widest first, down to
what each needs to look well; then the row is broken into several lines of parts; a part that is
alone and still has too little room breaks its own words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from chatkit_tui.document.spans import PLAIN, Line, Span
from chatkit_tui.render.tables import shrunk
from chatkit_tui.render.widgets.layout import (
    ROOM,
    Box,
    Sheet,
    block_width,
    line_width,
    rule_line,
    shifted,
)

LEAD: Final = 4
"""Cells of the widest part, an icon or a bar, that is never left alone in front of another."""

_OFFSETS: Final[dict[str, Callable[[int, int], tuple[int, int]]]] = {
    "center": lambda free, _: (free // 2, 0),
    "end": lambda free, _: (free, 0),
    "between": lambda free, count: (0, free // max(1, count - 1) if count > 1 else 0),
    "around": lambda free, count: (free // (2 * count), free // count),
    "evenly": lambda free, count: (free // (count + 1), free // (count + 1)),
}
"""How what is left over in a row is spent: cells before the first part, and between each two."""


class Spacer(Box):
    """Takes what is left over in its row."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(1, 1)
        self.flex = 1.0

    def draw(self, _width: int, _sheet: Sheet) -> list[Line]:
        """Nothing."""
        return []


class Column(Box):
    """Boxes below one another."""

    __slots__ = ("_align", "_gap", "_parts")

    def __init__(self, parts: Sequence[Box], *, gap: bool = False, align: str = "start") -> None:
        """`gap` is whether an empty line stands between each two; `align` (left and right) is
        `start`, `center` or `end`."""
        self._parts = [part for part in parts if not isinstance(part, Spacer)]
        super().__init__(
            max((part.least for part in self._parts), default=1),
            max((part.natural for part in self._parts), default=1),
        )
        self.tight = max((part.tight for part in self._parts), default=1)
        self._gap = gap
        self._align = align if align in ("center", "end") else ""

    def parts(self) -> Sequence[Box]:
        return self._parts

    def draw(self, width: int, sheet: Sheet) -> list[Line]:
        """One after the other; those that draw nothing take no gap."""
        lines: list[Line] = []
        air = False
        rule = rule_line(width, sheet)
        for part in self._parts:
            drawn = part.draw(self._width_of(part, width), sheet)
            if not drawn:
                continue
            if self._align:
                free = width - block_width(drawn)
                drawn = shifted(drawn, free if self._align == "end" else free // 2)
            beside_rule = bool(lines) and rule in (lines[-1], drawn[0])
            if lines and not beside_rule and (self._gap or part.air or air):
                lines.append(())
            elif beside_rule and lines[-1] == drawn[0]:
                del drawn[0]  # two rules say no more than one
            air = part.air
            lines += drawn
        return lines

    def _width_of(self, part: Box, width: int) -> int:
        if part.share is not None:
            width = max(min(part.least, width), round(part.share * width))
        elif self._align and not part.flex:
            width = min(part.natural, width)
        return part.limited(width)


class _Place(NamedTuple):
    """A part of a row, drawn."""

    left: int
    lines: list[Line]
    stretches: bool


class Row(Box):
    """Boxes beside one another."""

    __slots__ = ("_align", "_gap", "_justify", "_parts", "_wrap")

    def __init__(
        self,
        parts: Sequence[Box],
        *,
        gap: int = 2,
        align: str = "start",
        justify: str = "start",
        wrap: bool = False,
    ) -> None:
        """`gap` is in cells. With `wrap`, parts go to another line rather than become narrower.

        `align` (up and down) is `start`, `center`, `end` or `stretch`; `justify` is `start`,
        `center`, `end`, `between`, `around` or `evenly`.
        """
        self._parts = list(parts)
        solid = [part for part in self._parts if not isinstance(part, Spacer)]
        gaps = gap * max(0, len(solid) - 1)
        least = [part.least for part in solid]
        super().__init__(
            max(least, default=1) if wrap else sum(least) + gaps,
            sum([part.natural for part in solid]) + gaps,
        )
        self.tight = sum([part.tight for part in solid]) + gaps
        self._gap = gap
        self._align = align
        self._justify = justify
        self._wrap = wrap

    def parts(self) -> Sequence[Box]:
        return self._parts

    def draw(self, width: int, sheet: Sheet) -> list[Line]:
        """As many lines of parts as the width takes."""
        lines: list[Line] = []
        for parts in self._broken(width):
            lines += self._beside(parts, width, sheet)
        return lines

    def _broken(self, width: int) -> list[list[Box]]:
        """The parts, line by line; spacers at the end of a line are left out when it is broken."""
        lines: list[list[Box]] = []
        line: list[Box] = []
        used = 0
        for part in self._parts:
            if isinstance(part, Spacer):
                line.append(part)
                continue
            own = min(part.natural if self._wrap else part.least, width)
            if used and used + self._gap + own > width:
                leads = used <= LEAD and width - used - self._gap >= min(ROOM, part.least)
                if not leads:
                    lines.append(_without_spacers(line))
                    line, used = [], 0
            line.append(part)
            used += own + (self._gap if used else 0)
        if line:
            lines.append(_without_spacers(line) if lines else line)
        return lines

    def _beside(self, parts: list[Box], width: int, sheet: Sheet) -> list[Line]:
        if len(parts) == 1 and self._justify not in _OFFSETS:
            return parts[0].draw(parts[0].limited(width), sheet)
        solid = [part for part in parts if not isinstance(part, Spacer)]
        if not solid:
            return []
        widths = self._widths(solid, width)
        free = max(0, width - sum(widths) - self._gap * (len(solid) - 1))
        pushes = len(parts) - len(solid)
        flex = sum([part.flex for part in solid])
        if flex and not pushes:
            free = _grow(solid, widths, free, flex)
        first, between = (0, 0) if pushes else self._offsets(free, len(solid))
        # What spacers get stands between whatever is on their two sides.
        places: list[_Place] = []
        left, number = first, 0
        spread = iter(_spread(free, pushes))
        for part in parts:
            if isinstance(part, Spacer):
                left += next(spread)
                continue
            drawn = part.draw(widths[number], sheet)
            if drawn:
                places.append(_Place(left, drawn, part.stretches))
            left += widths[number] + self._gap + between
            number += 1
        return self._joined(places)

    def _offsets(self, free: int, count: int) -> tuple[int, int]:
        offsets = _OFFSETS.get(self._justify)
        return offsets(free, count) if offsets else (0, 0)

    def _widths(self, parts: list[Box], width: int) -> list[int]:
        """The width of each part before what is left over is spent."""
        room = max(len(parts), width - self._gap * (len(parts) - 1))
        wanted = [_wanted(part, room) for part in parts]
        if sum(wanted) <= room:
            return wanted
        tight = [min(part.tight, own) for part, own in zip(parts, wanted, strict=True)]
        if sum(tight) <= room:
            return shrunk(wanted, tight, room) or tight
        least = [min(part.least, own) for part, own in zip(parts, wanted, strict=True)]
        found = shrunk(tight, least, room)
        if found is not None:
            return found
        # Something narrow leads a part that has to make do with the rest.
        return [*wanted[:-1], max(1, room - sum(wanted[:-1]))]

    def _joined(self, places: list[_Place]) -> list[Line]:
        if len(places) == 1:
            return shifted(places[0].lines, places[0].left)
        height = max((len(place.lines) for place in places), default=0)
        joined: list[Line] = []
        tops = [self._top(height - len(place.lines)) for place in places]
        for number in range(height):
            line: list[Span] = []
            at = 0
            for place, top in zip(places, tops, strict=True):
                row = 0 if place.stretches else number - top
                if not 0 <= row < len(place.lines) or not (own := place.lines[row]):
                    continue
                if place.left > at:
                    line.append(Span(" " * (place.left - at), PLAIN))
                line += own
                at = place.left + line_width(own)
            joined.append(tuple(line))
        return joined

    def _top(self, free: int) -> int:
        return {"center": free // 2, "end": free}.get(self._align, 0)


def _without_spacers(line: list[Box]) -> list[Box]:
    while line and isinstance(line[-1], Spacer):
        line.pop()
    return line


def _wanted(part: Box, room: int) -> int:
    if part.share is not None:
        return max(min(part.least, room), round(part.share * room))
    return part.limited(min(part.natural, room))


def _grow(parts: list[Box], widths: list[int], free: int, flex: float) -> int:
    """Give the parts that want more their share; how many cells are left."""
    spent = 0
    for number, part in enumerate(parts):
        if part.flex:
            more = part.limited(widths[number] + int(free * part.flex / flex)) - widths[number]
            widths[number] += max(0, more)
            spent += max(0, more)
    return free - spent


def _spread(free: int, count: int) -> list[int]:
    """What each of so many spacers gets."""
    return [free // count + (number < free % count) for number in range(count)]

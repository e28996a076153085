"""Rows: boxes beside one another.

A row that is too narrow for its parts first makes them narrower, the widest first, down to the
minimum width of each. Then it breaks into several lines of parts. A part that is alone on a line
and still lacks room breaks its own words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from chatkit_tui.document.spans import PLAIN, Line, Span
from chatkit_tui.render.layout.box import (
    COMFORT,
    ROOM,
    Box,
    LayoutState,
    Text,
    shifted,
)
from chatkit_tui.render.layout.notes import WithNotes, behind, extra, place
from chatkit_tui.text.width import line_width

LEAD: Final = 4
"""Cells of the widest part, an icon or a bar, that always shares the line of the next part."""

_OFFSETS: Final[dict[str, Callable[[int, int], tuple[int, int]]]] = {
    "center": lambda free, _: (free // 2, 0),
    "end": lambda free, _: (free, 0),
    "between": lambda free, count: (0, free // max(1, count - 1) if count > 1 else 0),
    "around": lambda free, count: (free // (2 * count), free // count),
    "evenly": lambda free, count: (free // (count + 1), free // (count + 1)),
}
"""How the free cells of a row are used: cells before the first part, and between each two."""


class Spacer(Box):
    """Takes the free cells of its row."""

    __slots__ = ()

    pushes = True

    def __init__(self) -> None:
        super().__init__(1, 1)
        self.flex = 1.0

    def draw(self, _width: int, _sheet: LayoutState) -> list[Line]:
        return []


_NOTED_GAP: Final = 2
"""Cells between the parts of a row that has notes in it, at least."""
_SPREAD: Final = ("between", "around", "evenly")


class _Place(NamedTuple):
    """A drawn part of a row."""

    left: int
    lines: list[Line]
    stretches: bool


class Row(Box):
    """Boxes beside one another."""

    __slots__ = ("_parts", "_wrap", "align", "gap", "justify")

    places_notes = True

    def __init__(
        self,
        parts: Sequence[Box],
        *,
        gap: int = 2,
        align: str = "start",
        justify: str = "start",
        wrap: bool = False,
    ) -> None:
        """Measure the parts.

        `gap` is in cells. With `wrap`, parts move to another line instead of becoming narrower.
        `align` (up and down) is `start`, `center`, `end` or `stretch`; `justify` is `start`,
        `center`, `end`, `between`, `around` or `evenly`.
        """
        self._parts = list(parts)
        solid = [part for part in self._parts if not part.pushes]
        gaps = gap * max(0, len(solid) - 1)
        minima = [part.min_width for part in solid]
        super().__init__(
            max(minima, default=1) if wrap else sum(minima) + gaps,
            sum([part.natural for part in solid]) + gaps,
        )
        self.notes = tuple([note for part in solid for note in part.notes])
        if self.notes:
            wider = max(0, _NOTED_GAP - gap) * max(0, len(solid) - 1)
            self.noted = sum([part.noted for part in solid]) + gaps + wider
            self.notes_beside = any(part.notes_beside for part in solid)
        self.gap = gap
        self.align = align
        self.justify = justify
        self._wrap = wrap

    def parts(self) -> Sequence[Box]:
        return self._parts

    def lead(self) -> int:
        first = self._parts[0]
        leads = first.natural <= LEAD and not first.pushes and len(self._parts) > 1
        return first.natural + self.gap if leads else 0

    def draw(self, width: int, state: LayoutState) -> list[Line]:
        if self.notes and state.notes == "apart":
            drawn, below = place(self, width, width, state)
            return drawn + below
        gap = max(_NOTED_GAP, self.gap) if self.notes and state.notes == "behind" else self.gap
        broken = self._broken(width, gap, state)
        if len(broken) > 1 and (grid := self._grid(len(broken[0]), width, gap)):
            return self._in_columns(grid, width, gap, state)
        lines: list[Line] = []
        for number, parts in enumerate(broken):
            if state.notes == "inside" and len(parts) == 1 < len(broken) and parts[0].notes:
                lines += behind(parts[0], width, state) or parts[0].draw_limited(width, state)
                continue
            lines += self._beside(parts, width, gap, state, is_rest=number > 0)
        return lines

    def breaks(self, width: int) -> bool:
        return len(self._broken(width, self.gap, LayoutState())) > 1

    def _broken(self, width: int, gap: int, state: LayoutState) -> list[list[Box]]:
        """Return the parts of each line; controls behind the last spacer stay side by side."""
        lines = self._filled(self._parts, width, gap, state)
        if len(lines) < 2:
            return lines
        start = max((at for at, part in enumerate(self._parts) if part.pushes), default=0)
        controls = self._parts[start:]
        if start and len(controls) > 2 and all(map(_is_inline, controls)):
            head = self._filled(self._parts[:start], width, gap, state)
            tail = self._filled(controls, width, gap, state)
            if len(tail) == 1 and len(head) < len(lines):
                return head + tail
        return lines

    def _filled(
        self, parts: Sequence[Box], width: int, gap: int, state: LayoutState
    ) -> list[list[Box]]:
        """Return lines with as many parts as fit; a broken one drops the spacers at its end."""
        lines: list[list[Box]] = []
        line: list[Box] = []
        used = 0
        for part in parts:
            if part.pushes:
                line.append(part)
                continue
            own = min(_natural(part, state) if self._wrap else part.min_width, width)
            if used and used + gap + own > width:
                whole = COMFORT < part.min_width <= width  # rather breaks the row than itself
                room = width - used - gap
                leads = used <= LEAD and room >= min(ROOM, part.min_width) and not whole
                if not leads:
                    lines.append(_without_spacers(line))
                    line, used = [], 0
            line.append(part)
            used += own + (gap if used else 0)
        if line:
            lines.append(_without_spacers(line) if lines else line)
        return lines

    def _grid(self, count: int, width: int, gap: int) -> list[int]:
        """Return the widths of columns that all lines of a broken row share; empty for none.

        Parts of one line of text, such as buttons, follow one another as words do.
        """
        if any(map(_is_inline, self._parts)):
            return []
        for columns in range(count, 1, -1):
            room = width - gap * (columns - 1)
            lines = [self._parts[at : at + columns] for at in range(0, len(self._parts), columns)]
            wanted = [max([_wanted(part, room) for part in place]) for place in _columns(lines)]
            minima = [max([part.min_width for part in place]) for place in _columns(lines)]
            if self._wrap:
                minima = wanted
            minima = [min(least, own) for least, own in zip(minima, wanted, strict=True)]
            if found := shrunk(wanted, minima, room):
                return found
        return []

    def _in_columns(
        self, widths: list[int], width: int, gap: int, state: LayoutState
    ) -> list[Line]:
        free = max(0, width - sum(widths) - gap * (len(widths) - 1))
        first, between = self._offsets(free, len(widths))
        lines: list[Line] = []
        for start in range(0, len(self._parts), len(widths)):
            places: list[_Place] = []
            left = first
            for part, own in zip(self._parts[start : start + len(widths)], widths, strict=False):
                if drawn := part.draw(part.limited(own), state):
                    places.append(_Place(left, drawn, part.stretches))
                left += own + gap + between
            lines += self._joined(places)
        return lines

    def _beside(
        self, parts: list[Box], width: int, gap: int, state: LayoutState, *, is_rest: bool
    ) -> list[Line]:
        if len(parts) == 1 and self.justify not in _OFFSETS:
            return parts[0].draw_limited(width, state)
        solid = [part for part in parts if not part.pushes]
        if not solid:
            return []
        widths = self._widths(solid, width, gap, state)
        free = max(0, width - sum(widths) - gap * (len(solid) - 1))
        pushes = len(parts) - len(solid)
        flex = sum([part.flex for part in solid])
        if flex and not pushes:
            free = _grow(solid, widths, free, flex)
        spread_out = is_rest and self.justify in _SPREAD
        first, between = (0, 0) if pushes or spread_out else self._offsets(free, len(solid))
        places: list[_Place] = []
        left, number = first, 0
        spread = iter(_spread(free, pushes))
        for part in parts:
            if part.pushes:
                left += next(spread)
                continue
            drawn = part.draw(widths[number], state)
            if drawn:
                places.append(_Place(left, drawn, part.stretches))
            left += widths[number] + gap + between
            number += 1
        return self._joined(places)

    def _offsets(self, free: int, count: int) -> tuple[int, int]:
        offsets = _OFFSETS.get(self.justify)
        return offsets(free, count) if offsets else (0, 0)

    def _widths(self, parts: list[Box], width: int, gap: int, state: LayoutState) -> list[int]:
        """Return the width of each part before free cells are distributed."""
        room = max(len(parts), width - gap * (len(parts) - 1))
        wanted = [_wanted(part, room, state) for part in parts]
        if sum(wanted) <= room:
            return wanted
        minima = [min(part.min_width, own) for part, own in zip(parts, wanted, strict=True)]
        found = shrunk(wanted, minima, room)
        if found is not None:
            return found
        # A narrow part, whatever width it requests, leads one that gets the rest.
        return [*minima[:-1], max(1, room - sum(minima[:-1]))]

    def _joined(self, places: list[_Place]) -> list[Line]:
        if len(places) == 1:
            return shifted(places[0].lines, places[0].left)
        height = max((len(place.lines) for place in places), default=0)
        joined: list[Line] = []
        tops = [self._top(height - len(place.lines)) for place in places]
        for number in range(height):
            line: list[Span] = []
            at = 0
            for drawn, top in zip(places, tops, strict=True):
                row = 0 if drawn.stretches else number - top
                if not 0 <= row < len(drawn.lines) or not (own := drawn.lines[row]):
                    continue
                if drawn.left > at:
                    line.append(Span(" " * (drawn.left - at), PLAIN))
                line += own
                at = drawn.left + line_width(own)
            joined.append(tuple(line))
        return joined

    def _top(self, free: int) -> int:
        return {"center": free // 2, "end": free}.get(self.align, 0)


def _without_spacers(line: list[Box]) -> list[Box]:
    while line and line[-1].pushes:
        line.pop()
    return line


def _wanted(part: Box, room: int, state: LayoutState | None = None) -> int:
    if part.share is not None:
        return max(min(part.min_width, room), round(part.share * room))
    own = part.natural if state is None else _natural(part, state)
    if part.picture:
        own = min(own, max(part.picture, part.min_width, room // 3))
    return part.limited(min(own, room))


def _natural(part: Box, state: LayoutState) -> int:
    """Return the cells of a part with the notes that it shows."""
    if state.notes != "behind" or not part.notes:
        return part.natural
    return part.noted + extra(part.notes) if state.payloads else part.noted


def _is_inline(part: Box) -> bool:
    part = part.box if isinstance(part, WithNotes) else part
    return part.stretches or part.pushes or isinstance(part, Text)


def _columns(lines: list[list[Box]]) -> list[list[Box]]:
    """Return the parts of each column."""
    return [[line[at] for line in lines if at < len(line)] for at in range(len(lines[0]))]


def _grow(parts: list[Box], widths: list[int], free: int, flex: float) -> int:
    """Give flexible parts their share; return the number of cells left."""
    spent = 0
    for number, part in enumerate(parts):
        if part.flex:
            more = part.limited(widths[number] + int(free * part.flex / flex)) - widths[number]
            widths[number] += max(0, more)
            spent += max(0, more)
    return free - spent


def _spread(free: int, count: int) -> list[int]:
    """Return the cells of each of `count` spacers."""
    return [free // count + (number < free % count) for number in range(count)]


def shrunk(natural: list[int], minima: list[int], room: int) -> list[int] | None:
    """Return widths that fit the room, taken from the widest first; None if there are none."""
    if sum(minima) > room:
        return None
    # All wider ones shrink to a common width, found by bisection.
    low, high = 0, max(natural)
    while low < high:
        middle = (low + high + 1) // 2
        if sum(_capped(natural, minima, middle)) <= room:
            low = middle
        else:
            high = middle - 1
    widths = _capped(natural, minima, low)
    spare = room - sum(widths)
    for number, own in enumerate(natural):
        if spare and widths[number] < own:
            widths[number] += 1
            spare -= 1
    return widths


def _capped(natural: list[int], minima: list[int], cap: int) -> list[int]:
    return [max(min(own, cap), least) for own, least in zip(natural, minima, strict=True)]

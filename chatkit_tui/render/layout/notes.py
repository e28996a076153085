"""Notes about actions, such as `→ cart.add`, behind their controls or below their row.

Notes take no part in the layout of a row. It is laid out by its own words; then its notes are
placed where they fit. They are behind their controls if no line breaks for them and they differ.
Otherwise the columns in the row place their own notes, or all notes are on a line below the row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from chatkit_tui.document.spans import DIM, PLAIN, Inline, Line, Span, untrusted
from chatkit_tui.render.layout.box import (
    ROOM,
    Box,
    LayoutState,
    Note,
    NotePlace,
    Text,
    shifted,
)
from chatkit_tui.text.width import cells, line_width

MOST_PAYLOADS: Final = 3
"""Payloads that are listed behind an action that several controls share."""
_BETWEEN: Final = Span("  ", PLAIN)


def extra(notes: Sequence[Note]) -> int:
    """Return the cells that payloads add to notes."""
    return sum([note.full.natural - note.brief.natural for note in notes])


def note_spans(notes: Sequence[Note], *, payloads: bool = False) -> tuple[Inline, ...]:
    """Return all notes behind one arrow; an action that all share once."""
    shared = all(note.action == notes[0].action for note in notes)
    spans: list[Inline] = [notes[0].arrow]
    for number, note in enumerate(notes):
        if not number or not shared:
            spans.append(untrusted(f"  {note.action}" if number else note.action, DIM))
        if payloads and note.payload:
            spans.append(untrusted(f" {note.payload}", DIM))
    return tuple(spans)


class WithNotes(Box):
    """A box and the notes of its own actions."""

    __slots__ = ("_below", "box", "own")

    places_notes = True

    def __init__(self, box: Box, own: Sequence[Note], *, below: bool = False) -> None:
        """Measure the box without its notes; with `below` they are never behind it."""
        super().__init__(box.min_width, box.natural)
        self.box = box
        self.own = tuple(own)
        self._below = below
        self.measure()

    def measure(self) -> None:
        """Take the sizes of the box, which may have changed."""
        box = self.box
        self.min_width, self.natural = box.min_width, box.natural
        self.flex, self.share, self.margin = box.flex, box.share, box.margin
        self.noted = box.noted + sum([2 + note.brief.natural for note in self.own])
        self.notes = (*box.notes, *self.own)
        self.notes_beside = True

    def parts(self) -> Sequence[Box]:
        return (self.box, *[note.brief for note in self.own])

    def lead(self) -> int:
        return self.box.lead()

    def draw(self, width: int, state: LayoutState) -> list[Line]:
        if state.notes == "apart":
            lines, below = place(self, width, width, state)
            return lines + below
        if state.notes != "behind" or self._below:
            state.left_over = True
            return self.bare(width, state)
        behind: list[Span] = []
        for note in self.own:
            text = note.full if state.payloads else note.brief
            behind += (_BETWEEN, *text.shown(state))
        room = width - line_width(tuple(behind))
        lines = self.bare(width, state)
        if len(lines) != 1 or line_width(lines[0]) > room:  # it takes free cells of its row
            lines = self.bare(max(1, room), state)
        if room < self.box.natural or len(lines) != 1:
            state.left_over = True
            return lines
        return [(*lines[0], *behind)]

    def bare(self, width: int, state: LayoutState) -> list[Line]:
        """Return the lines of the box, without its own notes."""
        if not self._below:
            return self.box.draw_limited(width, state)
        before, state.notes = state.notes, "held"
        lines = self.box.draw_limited(width, state)
        state.notes = before
        return lines

    def own_last(self, width: int, state: LayoutState) -> tuple[list[Line], list[Line]] | None:
        """Return the lines with the own notes last; None if they share a line with others."""
        if self._below:
            return self.bare(width, state), notes_below(self.own, 0, width, state)
        if self.box.notes_beside:
            return None
        lines = self.box.draw_limited(width, state)  # in a column each part has its notes
        return _last(lines, self.own, self.lead(), width, state)


def place(box: Box, width: int, room: int, state: LayoutState) -> tuple[list[Line], list[Line]]:
    """Return the lines of a row with its notes, and the lines of notes below it.

    The row gets `width` cells, and with its notes as many as it needs of `room`.
    """
    lines = behind(box, room, state, tight=width < room)
    if lines is not None:
        return lines, []
    if isinstance(box, WithNotes) and (placed := box.own_last(width, state)) is not None:
        return placed
    if not box.notes_beside or box.breaks(width):
        lines = _attempt(box, width, state, "inside")
        if lines is not None:
            return lines, []
    before, state.notes = state.notes, "held"
    lines = box.draw_limited(width, state)
    state.notes = before
    if len(lines) == 1:
        return _last(lines, box.notes, box.lead(), room, state)
    return lines, notes_below(box.notes, box.lead(), room, state)


def behind(box: Box, width: int, state: LayoutState, *, tight: bool = False) -> list[Line] | None:
    """Return the lines of a box with each note behind its control; None if they do not fit.

    With `tight`, the box gets no more cells than it needs.
    """
    notes = box.notes
    actions = {note.action for note in notes}
    if len(actions) == 1 and not state.brief and all(note.payload for note in notes):
        needs = box.noted + extra(notes)
        if needs <= width and len({note.payload for note in notes}) == len(notes):
            state.payloads = True
            lines = _attempt(box, needs if tight else width, state, "behind")
            state.payloads = False
            if lines is not None:
                return lines
    if len(actions) < len(notes) or box.noted > width:
        return None
    return _attempt(box, box.noted if tight else width, state, "behind")


def _attempt(box: Box, width: int, state: LayoutState, where: NotePlace) -> list[Line] | None:
    """Return the lines with notes at a place; None if one of them is left over."""
    before = state.notes, state.left_over, state.closed
    state.notes, state.left_over = where, False
    lines = box.draw_limited(width, state)
    failed = state.left_over
    state.notes, state.left_over = before[:2]
    if failed:
        state.closed = before[2]
    return None if failed else lines


def _last(
    lines: list[Line], notes: Sequence[Note], lead: int, width: int, state: LayoutState
) -> tuple[list[Line], list[Line]]:
    """Return lines with their notes behind the last one, or apart if they do not fit there."""
    if lines and all(note.action == notes[0].action for note in notes):
        room = width - line_width(lines[-1]) - 2
        for text in _forms(notes, state):
            shown = text.shown(state)
            if line_width(shown) <= room:
                return [*lines[:-1], (*lines[-1], _BETWEEN, *shown)], []
    return lines, notes_below(notes, lead, width, state)


def notes_below(
    notes: Sequence[Note], lead: int, width: int, state: LayoutState, *, of: str = ""
) -> list[Line]:
    """Return the notes as a paragraph with a hanging indent; where it fits, with words before."""
    if width - lead < ROOM:
        lead = 0
    room = width - lead
    forms = _forms(notes, state)
    if of:
        forms = (Text((Span(of, DIM), *forms[-1].inlines)), forms[-1])
    text = next((text for text in forms if text.natural <= room), forms[-1])
    arrow = notes[0].arrow
    hang = cells(arrow.text)
    if text.natural <= room or room - hang < ROOM:
        return shifted(text.draw(room, state), lead)
    lines = Text(text.inlines[1:]).draw(room - hang, state)
    return shifted([(arrow, *lines[0]), *shifted(lines[1:], hang)], lead)


def _forms(notes: Sequence[Note], state: LayoutState) -> Sequence[Text]:
    """Return the texts of notes on one line, first with the payloads in which they differ."""
    brief = Text(note_spans(notes))
    count = Counter([note.action for note in notes])
    shown = [note for note in notes if note.payload and (count[note.action] > 1 or len(notes) == 1)]
    if state.brief or not 0 < len(shown) <= MOST_PAYLOADS:
        return (brief,)
    return Text(note_spans(notes, payloads=True)), brief

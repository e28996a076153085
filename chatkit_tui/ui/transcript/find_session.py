"""The search of a transcript as one reads it: where it stands, and how one gets there."""

from __future__ import annotations

from dataclasses import dataclass

from chatkit_tui.text.folding import Query
from chatkit_tui.ui.transcript.cursor import Moved
from chatkit_tui.ui.transcript.highlights import NO_MARKS, Highlights, find_highlights
from chatkit_tui.ui.transcript.item_renderer import DrawnItem
from chatkit_tui.ui.transcript.search import Match, Search
from chatkit_tui.ui.transcript.transcript_state import TranscriptState

SLICE = 0.004
"""Seconds of searching between two turns of the keyboard."""
MARKED_ITEMS = 64
"""How many items' marks are kept."""


@dataclass(frozen=True, slots=True)
class CurrentMatch:
    """The match that a search stands at."""

    key: str
    """The item's id."""
    number: int
    """Which of the item's matches, 0 for the first."""


class FindSession:
    """A query, the search for it, and the match that it stands at.

    It goes to the first match at or below the item where it began, as soon as one is found.
    """

    def __init__(
        self, reading: TranscriptState, query: Query, origin: int, before: FindSession | None = None
    ) -> None:
        """`origin` is the row where it begins, `before` the search that it takes the place of."""
        from chatkit_tui.render.items import item_words

        self.query = query
        self.reading = reading
        self.search: Search = Search(
            reading.rows, query, origin, item_words, before.search if before else None
        )
        self.current: CurrentMatch | None = None
        self.opened = False
        """Whether the current match was folded away, and its item was opened for it."""
        self._origin = reading.rows.key(origin) if len(reading.rows) else None
        self._marks: dict[str, tuple[DrawnItem, Highlights]] = {}

    def follow(self) -> None:
        """Take in what became of the feed or of the order."""
        self.search.rows = self.reading.rows
        self.search.follow()

    def step(self) -> bool:
        """Search for one slice; False when all has been searched."""
        going_on = self.search.step(SLICE)
        if self.current is None and self.search.total and not self.reading.jump:
            row = self.reading.rows.index(self._origin) if self._origin else None
            self.stand_at(self.search.from_row(row or 0))
        return going_on

    @property
    def number(self) -> int:
        """The number of the current match from the top, 1 for the first; 0 while there is none."""
        match = self._match()
        return self.search.number_of(match) + 1 if match else 0

    def _match(self) -> Match | None:
        if self.current is None:
            return None
        row = self.reading.rows.index(self.current.key)
        if row is None or self.search.count_in(row) <= self.current.number:
            return None
        return Match(row, self.current.number)

    def next(self) -> bool:
        """Go to the next match, from the cursor on, and round at the end; False for none."""
        return self._go(1)

    def previous(self) -> bool:
        """Go to the match before, and round at the beginning; False for none."""
        return self._go(-1)

    def _go(self, by: int) -> bool:
        match, cursor = self._match(), self.reading.cursor.row
        if match and match.row == cursor:
            return self.stand_at(self.search.numbered(self.search.number_of(match) + by))
        find = self.search.from_row if by > 0 else self.search.before_row
        return self.stand_at(find(cursor or 0))

    def stand_again(self) -> None:
        """Bring the current match into the window after its item was drawn otherwise."""
        self.stand_at(self._match())

    def stand_at(self, match: Match | None) -> bool:
        """Bring a match into the window, its item opened if need be; False for no match."""
        self.opened = False
        if match is None:
            return False
        self.current = CurrentMatch(self.reading.rows.key(match.row), match.number)
        marks = self.marks(match.row)
        if len(marks.lines) < self.search.count_in(match.row):
            self.opened = self.reading.items.open(match.row)
            marks = self.marks(match.row)
        line = marks.lines[min(match.number, len(marks.lines) - 1)] if marks.lines else 0
        self.reading.move(lambda: self._show(match.row, line))
        return True

    def _show(self, row: int, line: int) -> Moved:
        if (row, line) in self.reading.viewport.window():
            return self.reading.cursor.choose(row)
        return self.reading.cursor.go_to(row, line, self.reading.viewport.height // 3)

    def marks(self, row: int) -> Highlights:
        """Where the matches of a row's item stand in its lines as they are drawn now."""
        count = self.search.count_in(row)
        if not count:
            return NO_MARKS
        drawn, key = self.reading.items.drawn(row), self.reading.rows.key(row)
        kept = self._marks.get(key)
        if kept is None or kept[0] is not drawn:
            if len(self._marks) >= MARKED_ITEMS:
                self._marks.clear()
            kept = self._marks[key] = (drawn, find_highlights(drawn, self.query, count))
        return kept[1]

    def current_in(self, row: int) -> int | None:
        """Which of a row's marks is the current match; None when it is not in that row."""
        if self.current is None or self.current.key != self.reading.rows.key(row):
            return None
        return min(self.current.number, len(self.marks(row).lines) - 1)

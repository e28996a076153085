"""Where every loaded item stands, in lines: measured where it was drawn, else estimated."""

from __future__ import annotations

from itertools import repeat

from chatkit_tui.ui.transcript.row_changes import RowChanges
from chatkit_tui.ui.transcript.row_sums import JoinedSums, RowSums
from chatkit_tui.ui.transcript.rows import TranscriptRows

ESTIMATE = 9
"""Lines of an item that was not drawn yet: the mean of everyday transcripts at 80 columns."""
GAP_LINES = 3


class HeightIndex:
    """The heights of a transcript's rows, four bytes each.

    Nothing that one sees hangs on an estimate: it decides only how early a page is asked for and
    which share of the transcript is said to be above. Call `follow` after the feed has changed.
    """

    def __init__(self, rows: TranscriptRows) -> None:
        self._rows = rows
        self._sides = {side: (RowSums(), RowChanges(rows.feed, side)) for side in rows.sides}
        self.follow()

    def follow(self) -> None:
        """Take in the rows that came, with an estimate for each, and drop those that went."""
        for heights, watch in self._sides.values():
            change = watch.look()
            if change.anew:
                heights.clear()
            if change.front:
                heights.prepend(repeat(ESTIMATE, change.front))
            if change.back:
                heights.append(repeat(ESTIMATE, change.back))

    def forget(self) -> None:
        """Back to estimates, as after a change of the width."""
        for heights, _ in self._sides.values():
            count = len(heights)
            heights.clear()
            heights.append(repeat(ESTIMATE, count))

    def measure(self, row: int, lines: int) -> None:
        """Tell the true height of an item's row."""
        side, number = self._rows.side_and_number(row)
        heights = self._sides[side][0]
        if number < len(heights):
            heights[number] = lines

    @property
    def total(self) -> int:
        """Lines of all rows, the gap included."""
        return self._joined.total

    def above(self, row: int) -> int:
        """Lines above a row, which may be one past the last row."""
        return self._joined.before(row)

    def at(self, line: int) -> tuple[int, int]:
        """The row that line number `line` of them all belongs to, and the line in that row.

        Raises `IndexError` when `line` is not in `range(total)`.
        """
        return self._joined.at(line)

    @property
    def _joined(self) -> JoinedSums:
        above, below = (self._sides[side][0] for side in self._rows.sides)
        return JoinedSums(above, below, GAP_LINES if self._rows.gap is not None else 0)

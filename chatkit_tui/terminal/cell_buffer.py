"""A screen of cells, written to as a terminal does."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress
from operator import ne, or_
from typing import Final
from unicodedata import category

from chatkit_tui.terminal.styles import PLAIN, Styles
from chatkit_tui.text.width import cells, clusters, is_narrow

BLANK: Final = " "
REST: Final = ""
"""The second cell of a wide character."""
UNKNOWN: Final = -1
"""The style of a blank cell that may have any background."""


class Row:
    """The text and the style number of each cell of a row."""

    __slots__ = ("styles", "texts")

    def __init__(self, texts: list[str], styles: list[int]) -> None:
        self.texts = texts
        self.styles = styles

    @classmethod
    def blank(cls, width: int, style: int = PLAIN) -> Row:
        return cls([BLANK] * width, [style] * width)

    def copy(self) -> Row:
        return Row(self.texts[:], self.styles[:])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Row):
            return NotImplemented
        return self.texts == other.texts and self.styles == other.styles

    __hash__ = None  # type: ignore[assignment] # its cells change

    def differences(self, other: Row) -> list[int]:
        """Return the columns in which the two differ."""
        # No Python code for each cell: a key compares some thousand.
        texts = map(ne, self.texts, other.texts)
        styles = map(ne, self.styles, other.styles)
        return list(compress(range(len(self.texts)), map(or_, texts, styles)))


class CellBuffer:
    """A screen of cells."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self.rows = [Row.blank(width) for _ in range(height)]

    def resized(self, width: int, height: int) -> CellBuffer:
        """Return a copy of another size, cut off or padded with blanks."""
        result = CellBuffer(width, height)
        common = min(width, self.width)
        for row, old in zip(result.rows, self.rows, strict=False):
            if common < self.width and old.texts[common] == REST:  # drop half of a wide character
                row.texts[: common - 1] = old.texts[: common - 1]
                row.styles[: common - 1] = old.styles[: common - 1]
            else:
                row.texts[:common] = old.texts[:common]
                row.styles[:common] = old.styles[:common]
        return result

    def put(self, line: int, column: int, text: str, style: int, styles: Styles) -> int:
        """Write text into a row and return the column after it.

        Text beyond the right edge overwrites the last cell, as in a terminal that does not wrap.
        """
        if is_narrow(text):
            column = min(column, self.width - 1)
            if column + len(text) > self.width:
                text = text[: self.width - column - 1] + text[-1]
            self.put_cells(line, column, text, styles.of_text(style, text))
            return column + len(text)
        for cluster, width in clusters(text):
            column = self._put_cluster(line, column, cluster, width, style, styles)
        return column

    def put_cells(
        self, line: int, column: int, texts: Sequence[str], styles: Sequence[int]
    ) -> bool:
        """Write cells of narrow characters into a row; return False if they do not fit."""
        end = column + len(texts)
        if line >= self.height or end > self.width:
            return False
        row = self.rows[line]
        self._split(row, column)
        self._split(row, end)
        row.texts[column:end] = texts
        row.styles[column:end] = styles
        return True

    def _put_cluster(
        self, line: int, column: int, cluster: str, width: int, style: int, styles: Styles
    ) -> int:
        row = self.rows[line]
        if width == 0:  # combines with the character before it
            before = column - 1
            if before >= 0 and row.texts[before] == REST:
                before -= 1
            if before >= 0:
                row.texts[before] += cluster
                row.styles[before] = style
            return column
        width = min(width, 2)
        column = min(column, self.width - 1)
        if column + width > self.width:
            return column  # drop half of a wide character
        self._split(row, column)
        self._split(row, column + width)
        row.texts[column] = cluster
        row.styles[column] = styles.on_blank(style) if cluster == BLANK else style
        if width == 2:
            row.texts[column + 1] = REST
            row.styles[column + 1] = style
        return column + width

    def _split(self, row: Row, column: int) -> None:
        """Blank a wide character of which `column` is the second cell."""
        if column < self.width and row.texts[column] == REST:
            row.texts[column - 1] = row.texts[column] = BLANK
            row.styles[column - 1] = row.styles[column] = PLAIN


def is_doubtful(text: str) -> bool:
    """Return whether terminals disagree about the width of the text of a cell.

    That concerns sequences of characters, and emoji that are newer than a terminal's tables.
    """
    return len(text) > 1 or (
        not text.isascii() and (text >= "\U0001f000" or (cells(text) == 2 and text < "\u2e80"))
    )


def may_run_on(text: str) -> bool:
    """Return whether a terminal may draw a mark of the cell in a cell of its own.

    Some do so with Indic vowel signs, and the following text shifts.
    """
    return len(text) > 1 and any(category(mark) == "Mc" for mark in text[1:])

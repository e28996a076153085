"""Rows of cells, and writing into them as a terminal does."""

from __future__ import annotations

from itertools import compress
from operator import ne, or_
from typing import Final
from unicodedata import category

from chatkit_tui.terminal.styles import PLAIN, Styles
from chatkit_tui.text.width import cells, clusters, is_narrow

BLANK: Final = " "
REST: Final = ""
"""The second cell of a character that takes two."""


class Row:
    """One row: what stands in each cell, and in which style (its number)."""

    __slots__ = ("styles", "texts")

    def __init__(self, texts: list[str], styles: list[int]) -> None:
        self.texts = texts
        self.styles = styles

    @classmethod
    def blank(cls, width: int) -> Row:
        """A row that nothing was written to."""
        return cls([BLANK] * width, [PLAIN] * width)

    def copy(self) -> Row:
        """The same cells, not shared."""
        return Row(self.texts[:], self.styles[:])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Row):
            return NotImplemented
        return self.texts == other.texts and self.styles == other.styles

    __hash__ = None  # type: ignore[assignment] # its cells change

    def differences(self, other: Row) -> list[int]:
        """The columns in which the two look different."""
        # Without a step of the interpreter for each cell: a key has some thousand compared.
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
        """As much of it as fits into another size."""
        result = CellBuffer(width, height)
        kept = min(width, self.width)
        for row, old in zip(result.rows, self.rows, strict=False):
            if kept < self.width and old.texts[kept] == REST:  # half a character is none
                row.texts[: kept - 1] = old.texts[: kept - 1]
                row.styles[: kept - 1] = old.styles[: kept - 1]
            else:
                row.texts[:kept] = old.texts[:kept]
                row.styles[:kept] = old.styles[:kept]
        return result

    def put(self, line: int, column: int, text: str, style: int, styles: Styles) -> int:
        """Write text into a row; gives the column behind it.

        What is behind the right edge is written into the last cell, one over the other, as
        terminals do that do not wrap.
        """
        if is_narrow(text):
            return self._put_narrow(line, column, text, style, styles)
        for cluster, width in clusters(text):
            column = self._put_cluster(line, column, cluster, width, style, styles)
        return column

    def put_cells(self, line: int, column: int, texts: list[str], styles: list[int]) -> bool:
        """Write cells of single characters into a row; False, and nothing, where they do not
        fit."""
        behind = column + len(texts)
        if line >= self.height or behind > self.width:
            return False
        row = self.rows[line]
        self._split(row, column)
        self._split(row, behind)
        row.texts[column:behind] = texts
        row.styles[column:behind] = styles
        return True

    def _put_narrow(self, line: int, column: int, text: str, style: int, styles: Styles) -> int:
        row, width = self.rows[line], self.width
        column = min(column, width - 1)
        behind = column + len(text)
        if behind > width:
            text = text[: width - column - 1] + text[-1]
            behind = width
        self._split(row, column)
        self._split(row, behind)
        row.texts[column:behind] = text
        blank = styles.on_blank(style)
        if blank == style or BLANK not in text:
            row.styles[column:behind] = [style] * (behind - column)
        else:
            row.styles[column:behind] = [blank if each == BLANK else style for each in text]
        return behind

    def _put_cluster(
        self, line: int, column: int, cluster: str, width: int, style: int, styles: Styles
    ) -> int:
        row = self.rows[line]
        if width == 0:  # stands on what is before it
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
            return column  # half a character is none
        self._split(row, column)
        self._split(row, column + width)
        row.texts[column] = cluster
        row.styles[column] = styles.on_blank(style) if cluster == BLANK else style
        if width == 2:
            row.texts[column + 1] = REST
            row.styles[column + 1] = style
        return column + width

    def _split(self, row: Row, column: int) -> None:
        """Make room for a character to begin here: what is cut in two is gone."""
        if column < self.width and row.texts[column] == REST:
            row.texts[column - 1] = row.texts[column] = BLANK
            row.styles[column - 1] = row.styles[column] = PLAIN


def is_doubtful(text: str) -> bool:
    """Whether terminals disagree about the width of what stands in a cell.

    Sequences of characters, and emoji: what came into Unicode later than the terminal's tables.
    """
    return len(text) > 1 or (
        not text.isascii() and (text >= "\U0001f000" or (cells(text) == 2 and text < "\u2e80"))
    )


def may_run_on(text: str) -> bool:
    """Whether a terminal may give a mark in the cell a cell of its own: vowel signs of India.

    The text that follows belongs behind it then, not where it was counted to be.
    """
    return len(text) > 1 and any(category(mark) == "Mc" for mark in text[1:])

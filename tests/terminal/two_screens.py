"""Two terminals: Textual writes to one directly, to the other through the renderer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import groupby
from typing import NamedTuple

import pyte
from wcwidth import wcwidth

from chatkit_tui.terminal.flow_control import FlowControl
from chatkit_tui.terminal.renderer import Renderer

_UNKNOWN_TO_PYTE = re.compile(r"\x1b\[[<=>][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*(?:\$p|[mu])")
_LINK = re.compile(r"\x1b\]8;[^;\x1b]*;([^\x1b]*)\x1b\\")


class Cell(NamedTuple):
    """The visible properties of a cell."""

    text: str
    foreground: str
    background: str
    attributes: tuple[bool, ...]
    link: str


@cache
def _is_mark(character: str) -> bool:
    """Return whether a character has no cell of its own."""
    return wcwidth(character) == 0


class _Screen(pyte.Screen):
    """The screen of a terminal, with the link of each cell."""

    def __init__(self, columns: int, lines: int, *, fills: bool = False) -> None:
        """`fills` is whether rows that scroll in get the current background."""
        self.fills = fills
        self.address = ""
        self.addresses: dict[tuple[int, int], str] = {}
        super().__init__(columns, lines)

    def draw(self, data: str) -> None:
        """Draw text, where pyte drops what is behind a mark without a combining class.

        What is lost would depend on how the text was cut into pieces.
        """
        if data.isascii():
            self._draw(data)
            return
        for is_mark, characters in groupby(data, _is_mark):
            text = "".join(characters)
            if not is_mark:
                self._draw(text)
            elif self.cursor.x:
                cells = self.buffer[self.cursor.y]
                cell = cells[self.cursor.x - 1]
                cells[self.cursor.x - 1] = cell._replace(data=cell.data + text)

    def _draw(self, data: str) -> None:
        if not self.address and not self.addresses:
            super().draw(data)
            return
        for character in data:
            before = self.cursor.x, self.cursor.y
            super().draw(character)
            line = self.cursor.y
            first = min(before[0], self.cursor.x, self.columns - 1)
            for column in range(first, max(first + 1, self.cursor.x)):
                self.addresses[line, column] = self.address

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        super().erase_in_line(how, private)
        for column in range(self.cursor.x, self.columns):
            self.addresses.pop((self.cursor.y, column), None)

    def erase_characters(self, count: int | None = None) -> None:
        super().erase_characters(count)
        for column in range(self.cursor.x, self.cursor.x + (count or 1)):
            self.addresses.pop((self.cursor.y, column), None)

    def erase_in_display(self, how: int = 0, *arguments: object, **named: object) -> None:
        super().erase_in_display(how, *arguments, **named)
        self.addresses.clear()

    def insert_lines(self, count: int | None = None) -> None:
        self._move(count or 1)
        super().insert_lines(count)
        self._fill(range(self.cursor.y, self.cursor.y + (count or 1)))

    def delete_lines(self, count: int | None = None) -> None:
        self._move(-(count or 1))
        super().delete_lines(count)
        _, bottom = self.margins or (0, self.lines - 1)
        self._fill(range(bottom + 1 - (count or 1), bottom + 1))

    def index(self) -> None:
        top, bottom = self.margins or (0, self.lines - 1)
        scrolls = self.cursor.y == bottom
        if scrolls:
            self._move(-1, top)
        super().index()
        self._fill([bottom] if scrolls else [])

    def reverse_index(self) -> None:
        top, _ = self.margins or (0, self.lines - 1)
        scrolls = self.cursor.y == top
        if scrolls:
            self._move(1)
        super().reverse_index()
        self._fill([top] if scrolls else [])

    def _fill(self, lines: Iterable[int]) -> None:
        """Fill blank lines with the current background, if it is a terminal that does so."""
        blank = self.default_char._replace(bg=self.cursor.attrs.bg)
        for line in lines if self.fills else ():
            self.buffer[line].update(dict.fromkeys(range(self.columns), blank))

    def _move(self, down: int, top: int | None = None) -> None:
        _, bottom = self.margins or (0, self.lines - 1)
        top = self.cursor.y if top is None else top
        moved = {}
        for (line, column), address in self.addresses.items():
            to = line + down if top <= line <= bottom else line
            if not top <= line <= bottom or top <= to <= bottom:
                moved[to, column] = address
        self.addresses = moved


class Terminal:
    """A terminal that shows what is written to it."""

    def __init__(self, columns: int, rows: int, *, fills: bool = False) -> None:
        """`fills` is whether rows that scroll in get the current background."""
        self._screen = _Screen(columns, rows, fills=fills)
        self._stream = pyte.Stream(self._screen)
        self.bytes = 0
        self.write("\x1b[?7l")

    def write(self, text: str) -> None:
        self.bytes += len(text.encode())
        done = 0
        for link in _LINK.finditer(text):
            self._feed(text[done : link.start()])
            self._screen.address = link[1]
            done = link.end()
        self._feed(text[done:])

    def _feed(self, text: str) -> None:
        self._stream.feed(_UNKNOWN_TO_PYTE.sub("", text))

    def resize(self, columns: int, rows: int) -> None:
        self._screen.resize(rows, columns)

    @property
    def cursor(self) -> tuple[int, int]:
        """Line and column."""
        return self._screen.cursor.y, self._screen.cursor.x

    def line(self, number: int) -> str:
        """Return a line as text, without trailing blanks."""
        return self._screen.display[number].rstrip()

    def seen(self) -> list[list[Cell]]:
        return [self.row(line) for line in range(self._screen.lines)]

    def row(self, line: int) -> list[Cell]:
        return [self._cell(line, column) for column in range(self._screen.columns)]

    def is_equal(self, other: Terminal, line: int) -> bool:
        """Return whether the cells of a line are equal to the last detail."""
        ours, theirs = self._screen, other._screen
        return (
            not ours.addresses
            and not theirs.addresses
            and (ours.buffer[line] == theirs.buffer[line])
        )

    def _cell(self, line: int, column: int) -> Cell:
        cell = self._screen.buffer[line][column]
        link = self._screen.addresses.get((line, column), "")
        loud = (cell.underscore, cell.reverse, cell.strikethrough, cell.blink)
        if cell.data == " " and not any(loud) and not link:
            return Cell(" ", "", cell.bg, (), "")
        return Cell(cell.data, cell.fg, cell.bg, (*loud, cell.bold, cell.italics), link)


class TwoScreens:
    """The same frames on both."""

    def __init__(
        self,
        columns: int,
        rows: int,
        *,
        erases_in_color: bool = True,
        fills: bool = False,
        flow: FlowControl | None = None,
    ) -> None:
        self.direct = Terminal(columns, rows)
        self.rendered = Terminal(columns, rows, fills=fills)
        self.renderer = Renderer(
            self.rendered.write,
            size=(columns, rows),
            erases_in_color=erases_in_color,
            flow_control=flow,
        )
        self.rows = rows
        self.flow = flow
        self.is_behind = False
        """Whether a frame waits for a reply."""

    def frame(self, written: str) -> None:
        """Write a frame of Textual to both."""
        self.direct.write(written)
        self.renderer.write(written)
        self.is_behind = bool(self.renderer.draw(0))

    def reply(self) -> None:
        """Reply to every query, after which no frame waits."""
        while self.flow is not None and (self.flow.is_waiting or self.is_behind):
            self.flow.reply_received(0)
            self.is_behind = bool(self.renderer.draw(0))

    def resize(self, columns: int, rows: int, written: str) -> None:
        """Resize both, and write the whole screen again, as Textual does."""
        self.rows = rows
        self.direct.resize(columns, rows)
        self.rendered.resize(columns, rows)
        self.renderer.resize(columns, rows)
        self.frame(written)

    def differences(self) -> list[str]:
        """Describe each cell in which the two differ."""
        return [
            f"line {line}, column {column}: {ours} for {theirs}"
            for line in range(self.rows)
            if not self.rendered.is_equal(self.direct, line)
            for column, (ours, theirs) in enumerate(
                zip(self.rendered.row(line), self.direct.row(line), strict=True)
            )
            if ours != theirs
        ]

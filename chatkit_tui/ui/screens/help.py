"""The help: every command with its keys, signs and ids, searchable, in columns where they fit."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any, Final, NamedTuple

from textual.widgets import Input

from chatkit_tui.commands.command import Command, is_allowed
from chatkit_tui.commands.command_context import CommandContext, Pane
from chatkit_tui.commands.commands import COMMANDS, HELP_COMMANDS
from chatkit_tui.commands.keymap import INTERRUPT, Keymap, key_name
from chatkit_tui.document.spans import (
    BUSY,
    CLOSED,
    DIM,
    DONE,
    FAILED,
    GROUP,
    OPEN,
    PLAIN,
    TASK,
    THOUGHT,
    UNKNOWN,
    WIDGET,
    Span,
    Style,
    line_text,
)
from chatkit_tui.text.plain import is_plain
from chatkit_tui.text.width import cells, line_width, shorten
from chatkit_tui.text.wrap import break_lines
from chatkit_tui.ui.screens.pages import LinesScreen
from chatkit_tui.ui.styled_lines import KEY, STRONG
from chatkit_tui.ui.widgets.field import TextField

# -- help ------------------------------------------------------------------------------------------

KEY_WIDTH = 16
"""Columns for the keys; longer ones push their words to the right."""
IN_PALETTE = "in palette"
"""What stands in the place of keys for a command that only the palette has."""
TWO_COLUMNS_FROM = 120
"""The width in columns from which the help is in two columns."""

IDS = (
    "In parentheses are the ids of the commands, by which [keys] in the configuration file gives "
    "them other keys. `chatkit-tui config keys` lists them."
)
WITH_MOUSE = (
    f"A click goes there, the wheel scrolls. {key_name(INTERRUPT)} copies what a drag selected, "
    "and leaves at the second press. To select as in any other program, hold Shift (Option in some "
    "terminals), or start with --no-mouse."
)
WITHOUT_MOUSE = "It is the terminal's, as --no-mouse asked: select with it as in any other program."

SIGNS: Final = (
    (OPEN, "an active thread"),
    (BUSY, "a locked thread; a tool call in progress"),
    (CLOSED, "a closed thread"),
    (TASK, "in a transcript: a task of the assistant"),
    (THOUGHT, "in a transcript: its thinking"),
    (GROUP, "several tasks"),
    (WIDGET, "a widget"),
    (DONE, "a marked thread; a completed tool call"),
    (FAILED, "a failed tool call"),
    (UNKNOWN, "what this version does not know"),
)
"""The signs in front of threads and items."""


class Section(NamedTuple):
    """A heading of the help, and the entries below it."""

    title: str
    entries: Sequence[tuple[str, list[list[Span]]]]
    """The text that a search looks at, and the lines."""

    def lines(self, needle: str = "") -> list[list[Span]]:
        """Return the lines of the entries with a text in lower case; none if no entry has it."""
        found = [lines for text, lines in self.entries if needle in text.casefold()]
        heading = [[], [Span(f" {self.title}", STRONG)]] if found else []
        return [*heading, *(line for lines in found for line in lines)]


def help_lines(context: CommandContext, keys: Keymap, width: int) -> list[list[Span]]:
    """Return all commands in groups, with the reason where one is not available."""
    sections = _command_sections(context, keys, width)
    return [line for section in sections for line in section.lines()]


def _command_sections(context: CommandContext, keys: Keymap, width: int) -> list[Section]:
    by_group: dict[str, list[tuple[str, list[list[Span]]]]] = {}
    for command in COMMANDS:
        if is_allowed(command, context):
            lines = _entry(command, context, keys, width)
            text = " ".join((command.group, command.title, "".join(map(line_text, lines))))
            by_group.setdefault(command.group, []).append((text, lines))
    own = {Pane.THREADS: "Threads", Pane.TRANSCRIPT: "Transcript"}.get(context.where)
    sections = [Section(group, entries) for group, entries in by_group.items()]
    return sorted(sections, key=lambda section: section.title != own)


def _entry(
    command: Command[Any], context: CommandContext, keys: Keymap, width: int
) -> list[list[Span]]:
    names = keys.names(command)
    room = max(10, width - KEY_WIDTH - 1)
    head = f"  {names or IN_PALETTE} "
    words = [command.help[a:b] for a, b in break_lines(command.help, room)]
    lines = [[Span(head.ljust(KEY_WIDTH), KEY if names else DIM), Span(words[0])]]
    lines += [[Span(" " * KEY_WIDTH), Span(word, PLAIN)] for word in words[1:]]
    reason = command.why_not(context) if context.where in command.where else None
    for remark in (f"({command.id})", f"not now: {reason}" if reason else ""):
        used = line_width(lines[-1])
        if remark and used + 2 + cells(remark) < width:
            lines[-1].append(Span(f"  {remark}", DIM))
        elif remark:
            lines.append([Span(" " * KEY_WIDTH), Span(shorten(remark, room), DIM)])
    return lines


class HelpScreen(LinesScreen):
    """Help over the whole screen, in two columns where there is room, and searched on a key."""

    def __init__(self, context: CommandContext, keys: Keymap, *, mouse: bool) -> None:
        """`mouse` is whether the program has it."""
        super().__init__(self._lines_at, keys, HELP_COMMANDS)
        self._about = context
        self._is_asking = False
        """Whether the field has the keys."""
        self._mouse_words = WITH_MOUSE if mouse else WITHOUT_MOUSE
        self._field: TextField | None = None
        """The field of a search; None if all is shown."""

    @property
    def pane(self) -> Pane:
        return Pane.PROMPT if self._is_asking else Pane.PAGE

    def _lines_at(self, width: int) -> list[list[Span]]:
        is_wide = width >= TWO_COLUMNS_FROM
        room = (width - 1) // 2 if is_wide else width
        sections = [
            *_command_sections(self._about, self.commands.keymap, room),
            _sign_section(room),
            _text_section("Configuration", IDS, room),
            _text_section("Mouse", self._mouse_words, room),
        ]
        needle = self._field.value.casefold() if self._field is not None else ""
        parts = [lines for section in sections if (lines := section.lines(needle))]
        if not parts:
            return [[], [Span(" Nothing has that.", STRONG)]]
        if not is_wide:
            return _column(parts)
        return [
            _beside(left or [], right or [], room)
            for left, right in zip_longest(*_two_columns(parts))
        ]

    def action_search(self) -> None:
        """Ask for the text that the shown part has."""
        if self._field is None:
            self._field = TextField(placeholder="a key, a word or the id of a command")
            self.mount(self._field, before=self._footer)
        self._is_asking = True
        self._field.focus()
        self._say_keys()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.moves.renew()

    def action_accept(self) -> None:
        """Give the page the keys; the text stays."""
        self._is_asking = False
        self.moves.focus()
        self._say_keys()

    def action_give_up(self) -> None:
        """Show all of the help again."""
        field, self._field = self._field, None
        self.action_accept()
        self.moves.renew()
        if field is not None:
            field.remove()

    def action_close(self) -> None:
        """Show all of the help again; close it if all of it is shown."""
        if self._field is not None:
            self.action_give_up()
        else:
            super().action_close()


def _column(parts: Sequence[list[list[Span]]]) -> list[list[Span]]:
    """Return sections below each other, without the empty line above the first."""
    return [line for part in parts for line in part][1:]


def _two_columns(
    parts: Sequence[list[list[Span]]],
) -> tuple[list[list[Span]], list[list[Span]]]:
    """Return sections in two columns of about the same height."""

    def height(first: int) -> int:
        return max(sum(map(len, parts[:first])), sum(map(len, parts[first:])))

    first = min(range(1, len(parts) + 1), key=height)
    return _column(parts[:first]), _column(parts[first:])


def _beside(left: list[Span], right: list[Span], width: int) -> list[Span]:
    """Return two lines as one, the right one from a column on."""
    if not right:
        return left
    used = line_width(left)
    return [*left, Span(" " * max(1, width + 1 - used)), *right]


def _sign_section(width: int) -> Section:
    entries = []
    for symbol, meaning in SIGNS:
        sign = symbol.form(plain=is_plain())
        words = Span(shorten(f"  {meaning}", max(1, width - 4)))
        entries.append((f"signs {meaning}", [[Span(f"  {sign}", Style(symbol.role)), words]]))
    return Section("Signs", entries)


def _text_section(title: str, words: str, width: int) -> Section:
    lines = [[Span("  " + words[start:end])] for start, end in break_lines(words, width - 3)]
    return Section(title, [(f"{title} {words}", lines)])

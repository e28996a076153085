"""Pages of lines over the whole screen: help, deletions, and the versions of a thread."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from functools import partial
from itertools import zip_longest
from typing import Any, Final, NamedTuple, TypeAlias

from textual.app import ComposeResult
from textual.events import Key
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Input

from chatkit_tui.commands.command_context import CommandContext, Pane
from chatkit_tui.commands.commands import (
    COMMANDS,
    HELP_COMMANDS,
    PAGE_COMMANDS,
    Command,
    is_allowed,
)
from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.deletion.journal import PastDeletion
from chatkit_tui.deletion.report import confirmation_time, count_outcomes
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
)
from chatkit_tui.models.json import load_json
from chatkit_tui.sources.base import Version
from chatkit_tui.text.plain import is_plain, ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.times import moment
from chatkit_tui.text.width import cells, shorten
from chatkit_tui.text.wrap import break_lines
from chatkit_tui.ui.command_keys import CommandKeys
from chatkit_tui.ui.screens.modal import ModalOnce
from chatkit_tui.ui.styled_lines import BAD, KEY, OUTCOME_SIGNS, STRONG
from chatkit_tui.ui.theme import strip_of
from chatkit_tui.ui.widgets.field import TextField, takes_key
from chatkit_tui.ui.widgets.lines import Footer

LinesAt: TypeAlias = Callable[[int], list[list[Span]]]
"""The lines in a width."""


class Lines(ScrollView, can_focus=True, inherit_bindings=False):
    """The lines, and the first one that is visible."""

    DEFAULT_CSS = """
    Lines {
        height: 1fr;
        overflow: hidden hidden;
        scrollbar-size: 0 0;
    }
    """

    def __init__(self, lines_at: LinesAt) -> None:
        super().__init__()
        self._lines_at = lines_at
        self._lines: list[list[Span]] = []
        self.top = 0

    def on_resize(self) -> None:
        """Wrap to the new width."""
        self._lines = self._lines_at(self.size.width)
        self.scroll_by(0)

    def scroll_by(self, lines: int) -> None:
        """Move by some lines, at most to an end."""
        last = max(0, len(self._lines) - self.size.height)
        self.top = max(0, min(self.top + lines, last))
        self.refresh()

    def action_cursor_down(self) -> None:
        self.scroll_by(1)

    def action_cursor_up(self) -> None:
        self.scroll_by(-1)

    action_line_down = action_cursor_down
    action_line_up = action_cursor_up

    def action_page_down(self) -> None:
        self.scroll_by(max(1, self.size.height - 1))

    def action_page_up(self) -> None:
        self.scroll_by(-max(1, self.size.height - 1))

    def action_top(self) -> None:
        self.scroll_by(-self.top)

    def action_bottom(self) -> None:
        self.scroll_by(len(self._lines))

    def render_line(self, y: int) -> Strip:
        """One line of the window."""
        parts = self._lines[self.top + y] if self.top + y < len(self._lines) else []
        return strip_of(self, parts)


class LinesScreen(ModalOnce[None]):
    """A page of lines over the whole screen."""

    DEFAULT_CSS = """
    LinesScreen { background: $background; }
    """

    def __init__(
        self, lines_at: LinesAt, keys: Keymap, commands: Sequence[Command[Any]] = PAGE_COMMANDS
    ) -> None:
        super().__init__()
        self.moves = Lines(lines_at)
        self.commands = CommandKeys(self, commands, keys, lambda: CommandContext(self.pane))
        self._footer = Footer()

    @property
    def pane(self) -> Pane:
        """The pane whose keys work."""
        return Pane.PAGE

    def compose(self) -> ComposeResult:
        yield self.moves
        yield self._footer

    def on_mount(self) -> None:
        self.moves.focus()
        self._say_keys()

    def _say_keys(self) -> None:
        keys, pane = self.commands.keymap, self.pane
        lines = ("cursor_down", "cursor_up") if pane is Pane.PAGE else ("line_down", "line_up")
        scroll, page = keys.pair(*lines, pane), keys.pair("page_down", "page_up", pane)
        self._footer.say([*self.commands.hints(), (scroll, "scroll"), (page, "page")])

    def action_close(self) -> None:
        self.dismiss(None)


def wrapped(text: str, width: int, style: Style, first: str, rest: str = "") -> list[list[Span]]:
    """Return untrusted text in lines that begin with `first`, later ones with `rest` if given."""
    rest = rest or first
    shown = sanitize(text)
    spans = list(break_lines(shown, max(10, width - len(rest)))) or [(0, 0)]
    return [
        [Span(rest if number else first, PLAIN if number else style), Span(shown[begin:end], style)]
        for number, (begin, end) in enumerate(spans)
    ]


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
    "A click goes there, the wheel scrolls. To select as in any other program, hold Shift (Option "
    "in some terminals), or start with --no-mouse."
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
            text = " ".join((command.group, command.title, "".join(map(_words, lines))))
            by_group.setdefault(command.group, []).append((text, lines))
    own = {Pane.THREADS: "Threads", Pane.TRANSCRIPT: "Transcript"}.get(context.where)
    sections = [Section(group, entries) for group, entries in by_group.items()]
    return sorted(sections, key=lambda section: section.title != own)


def _words(line: Sequence[Span]) -> str:
    return "".join(text for text, _ in line)


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
        used = sum(cells(text) for text, _ in lines[-1])
        if remark and used + 2 + cells(remark) < width:
            lines[-1].append(Span(f"  {remark}", DIM))
        elif remark:
            lines.append([Span(" " * KEY_WIDTH), Span(shorten(remark, room), DIM)])
    return lines


class HelpScreen(LinesScreen):
    """Help over the whole screen, in two columns where there is room, and searched on a key."""

    DEFAULT_CSS = """
    HelpScreen TextField { display: none; }
    HelpScreen.-asking TextField { display: block; }
    """

    def __init__(self, context: CommandContext, keys: Keymap, *, mouse: bool) -> None:
        """`mouse` is whether the program has it."""
        super().__init__(self._lines_at, keys, HELP_COMMANDS)
        self._about = context
        self._is_asking = False
        """Whether the field has the keys."""
        self._mouse_words = WITH_MOUSE if mouse else WITHOUT_MOUSE
        self._field = TextField(placeholder="a key, a word or the id of a command")

    def compose(self) -> ComposeResult:
        yield self.moves
        yield self._field
        yield self._footer

    @property
    def pane(self) -> Pane:
        return Pane.PROMPT if self._is_asking else Pane.PAGE

    async def press(self, event: Key) -> None:
        if not (self._is_asking and takes_key(self._field, event.key)):
            await super().press(event)

    def _lines_at(self, width: int) -> list[list[Span]]:
        is_wide = width >= TWO_COLUMNS_FROM
        room = (width - 1) // 2 if is_wide else width
        sections = [
            *_command_sections(self._about, self.commands.keymap, room),
            _sign_section(room),
            _text_section("Configuration", IDS, room),
            _text_section("Mouse", self._mouse_words, room),
        ]
        needle = self._field.value.casefold()
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
        self.add_class("-asking")
        self._is_asking = True
        self._field.focus()
        self._say_keys()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.moves.on_resize()

    def action_accept(self) -> None:
        """Give the page the keys; the text stays."""
        self._is_asking = False
        self.moves.focus()
        self._say_keys()

    def action_give_up(self) -> None:
        """Show all of the help again."""
        self._field.value = ""
        self.remove_class("-asking")
        self.action_accept()

    def action_close(self) -> None:
        """Show all of the help again; close it if all of it is shown."""
        if self.has_class("-asking"):
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
    used = sum(cells(text) for text, _ in left)
    return [*left, Span(" " * max(1, width + 1 - used)), *right]


def _sign_section(width: int) -> Section:
    entries = []
    for symbol, meaning in SIGNS:
        sign = symbol.ascii if is_plain() else symbol.sign
        words = Span(shorten(f"  {meaning}", max(1, width - 4)))
        entries.append((f"signs {meaning}", [[Span(f"  {sign}", Style(symbol.role)), words]]))
    return Section("Signs", entries)


def _text_section(title: str, words: str, width: int) -> Section:
    lines = [[Span("  " + words[start:end])] for start, end in break_lines(words, width - 3)]
    return Section(title, [(f"{title} {words}", lines)])


# -- deletions -------------------------------------------------------------------------------------

SHOWN = 200
"""Deletions on the screen, the newest; `chatkit-tui threads deletions` has all."""


class DeletionsScreen(LinesScreen):
    """The journal of deletions, the newest first, below reports of what the user has not seen."""

    def __init__(
        self,
        past: Sequence[PastDeletion],
        reports: Sequence[str],
        reasons: Mapping[str, str],
        *,
        place: str,
        zone: tzinfo | None,
        keys: Keymap,
    ) -> None:
        """`reasons` are why threads were not deleted in this run, in full and by id.

        `place` is the path of the journal; empty for a temporary one.
        """
        super().__init__(
            partial(deletion_lines, past, reports, reasons, place=place, zone=zone), keys
        )


def deletion_lines(
    past: Sequence[PastDeletion],
    reports: Sequence[str],
    reasons: Mapping[str, str],
    width: int,
    *,
    place: str,
    zone: tzinfo | None,
) -> list[list[Span]]:
    """Return the journal as lines in a width. All texts are untrusted."""
    lines: list[list[Span]] = []
    for report in reports:
        lines += [*wrapped(report, width, BAD, " ! ", "   "), []]
    lines.append([Span(" Deletions from here", STRONG)])
    if place:
        lines += wrapped(f"recorded in {place}", width, DIM, "   ")
    if not past:
        return [*lines, [], [Span("   none", DIM)]]
    left = dict(reasons)
    for deletion in past[:SHOWN]:
        account = deletion.account
        where = ui_text(" · ").join(name for name in (account.host, account.profile or "") if name)
        counts = count_outcomes(entry.outcome for entry in deletion.outcomes.values())
        head = f"{confirmation_time(deletion, zone)}  {counts}  {where}"
        lines += [[], *wrapped(head, width, STRONG, " ")]
        for thread_id, entry in deletion.outcomes.items():
            sign, style = OUTCOME_SIGNS[entry.outcome]
            head = f"   {ui_text(sign)} {entry.outcome.value:9}  "
            lines += wrapped(thread_id, width, style, head, " " * len(head))
            # Of the newest deletion of a thread, this run knows the whole reason.
            reason = left.pop(thread_id, "") or entry.reason
            if entry.request_id and entry.request_id not in reason:
                reason = f"{reason} (request {entry.request_id})".lstrip()
            if reason:
                lines += wrapped(reason, width, DIM, " " * 5)
    return lines


# -- versions --------------------------------------------------------------------------------------

MOST_SHOWN = 20_000
"""Characters of a version's JSON that are shown."""


class VersionsScreen(LinesScreen):
    """The versions of one thread, in the order of its items."""

    def __init__(self, versions: Sequence[Version], *, zone: tzinfo | None, keys: Keymap) -> None:
        super().__init__(partial(version_lines, versions, zone=zone), keys)


def version_lines(
    versions: Sequence[Version], width: int, *, zone: tzinfo | None
) -> list[list[Span]]:
    """Return the lines in a width."""
    lines = [[Span(" Versions", STRONG)]]
    if not versions:
        return [*lines, [], [Span("   Nothing has changed since it was first read.", DIM)]]
    for version in versions:
        name = "thread" if version.position is None else f"item {version.position + 1:,}"
        when = moment(version.until, zone)
        state = f"no longer at its source since {when}" if version.is_missing else f"until {when}"
        lines.append([])
        head = ui_text(" · ").join((name, state, version.id))
        lines += wrapped(head, width, BAD if version.is_missing else STRONG, " ")
        for line in _json_lines(version.raw):
            lines += wrapped(line, width, DIM, "   ")
    return lines


def _json_lines(raw: str | bytes) -> list[str]:
    try:
        text = json.dumps(load_json(raw), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        text = raw if isinstance(raw, str) else raw.decode("utf-8", "replace")
    return text[:MOST_SHOWN].split("\n")

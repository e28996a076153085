"""Pages of lines over the whole screen, such as deletions and the versions of a thread."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from functools import partial
from typing import Any, TypeAlias

from textual.app import ComposeResult
from textual.scroll_view import ScrollView
from textual.strip import Strip

from chatkit_tui.commands.command import Command
from chatkit_tui.commands.command_context import CommandContext, Pane
from chatkit_tui.commands.commands import PAGE_COMMANDS
from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.deletion.journal import PastDeletion
from chatkit_tui.deletion.report import confirmation_time, count_outcomes
from chatkit_tui.document.spans import (
    DIM,
    PLAIN,
    Span,
    Style,
)
from chatkit_tui.models.json import load_json
from chatkit_tui.sources.base import Version
from chatkit_tui.text.plain import ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.times import moment
from chatkit_tui.text.wrap import break_lines
from chatkit_tui.ui.command_keys import CommandKeys
from chatkit_tui.ui.screens.modal import ModalOnce
from chatkit_tui.ui.styled_lines import BAD, OUTCOME_SIGNS, STRONG
from chatkit_tui.ui.theme import strip_of
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
        self.renew()

    def renew(self) -> None:
        """Make the lines again."""
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
    _has_reason = False
    """Whether the footer shows why a key did nothing."""

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

    def render(self) -> str:
        """Return nothing: Textual would draw the screen below, and the lines cover all of it."""
        return ""

    def _say_keys(self) -> None:
        keys, pane = self.commands.keymap, self.pane
        lines = ("cursor_down", "cursor_up") if pane is Pane.PAGE else ("line_down", "line_up")
        scroll, page = keys.pair(*lines, pane), keys.pair("page_down", "page_up", pane)
        self._footer.show_hints([*self.commands.hints(), (scroll, "scroll"), (page, "page")])

    def show_reason(self, reason: str) -> None:
        """Show why a key did nothing in the footer, until the next key."""
        if reason:
            self._footer.show_hints([("", reason)])
        elif self._has_reason:
            self._say_keys()
        self._has_reason = bool(reason)

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
